"""What administrators do in the play, through the API: grants, revocations, tokens; and that nobody gains by it what
whoever gave it did not hold."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from schema import AREAS
from schema.catalogue.kinds import link
from tests.days import today
from tests.oracle.worlds import UNIT
from tests.proof import model, ways
from tests.proof.asking import Question
from tests.proof.model import Seat
from tests.proof.stage import called
from tests.proof.ways import Tables

if TYPE_CHECKING:
    from tests.proof.test_state import Play

GRANT = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } userErrors { code } } }"
REVOKE = "mutation($input: RevokeGrantInput!) { revokeGrant(input: $input) { grant { id } userErrors { code } } }"
ISSUE = "mutation($input: IssueTokenInput!) { issueToken(input: $input) { "
ISSUE += "token accessToken { id version } userErrors { code } } }"
END = "mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { accessToken { id } userErrors { code } } }"
READ = Question("{ orgUnits(first: 100) { nodes { id name } } }", {})
ROLES = ("county_admin", "town_admin", "community_admin", "auditor", "partner", "visit_keeper")
OF_LEVEL = {"COUNTY": "county_admin", "TOWN": "town_admin", "COMMUNITY": "community_admin"}
KINDS = {called(kind): kind.entity.policy for kind in link(AREAS).kinds.values() if kind.entity.tag is not None}


async def grant(play: "Play") -> None:
    """Somebody gives somebody a role somewhere; it is done only where they hold all of it themselves."""
    granter, other = play.random.choice((play.chief, play.chief, *play.callers)), play.random.choice(play.callers)
    rows = await play.rows()
    unit = play.random.choice(rows[UNIT])
    role = play.random.choice((OF_LEVEL.get(unit["level"], "auditor"), play.random.choice(ROLES)))
    place = {"seatId": f"ou_{unit['id']}", "accountId": f"ac_{other.caller}", "role": role}
    given = {**place, "until": str(today() + timedelta(days=30)), "reason": "因需"}
    answer = await play.ask(granter, Question(GRANT, {"input": given}))
    made = _result(answer, "grantRole", "grant")
    if made is not None:
        play.done("grantRole")
        held = model.held(rows, granter.caller, await play.now())
        beyond = list(exceeding(rows, held, (role, (model.SEATED[role, "unit"], unit["path"]))))
        assert not beyond, (role, unit["path"], held, beyond)


async def revoke(play: "Play") -> None:
    """Take a grant away, and see that what its holder asks for next is not done."""
    held = await play.grant_of_someone()
    if held is None:
        return
    by = play.random.choice((*[play.chief] * 6, *play.callers))
    resting = "SELECT 'gr_' || id FROM role_grant WHERE under_id = $1 AND revoked_at IS NULL ORDER BY id"
    kept = [row[0] for row in await play.connection.fetch(resting, held["id"])]
    decided = {"cascade": True} if play.random.random() < 0.5 else {"keepIds": kept}
    given = {"id": f"gr_{held['id']}", "version": held["version"], "reason": "调离", **decided}
    answer = await play.ask(by, Question(REVOKE, {"input": given}))
    stands = await play.connection.fetchval("SELECT revoked_at IS NULL FROM role_grant WHERE id = $1", held["id"])
    assert stands is (_result(answer, "revokeGrant", "grant") is None)
    if by is play.chief:
        assert not stands, answer
    if not stands:
        play.done("revokeGrant")
        await play.write(next(each for each in play.callers if each.caller == held["account_id"]))


async def issue_and_end(play: "Play") -> None:
    """A token reads its unit and nothing else, from the moment it is issued until the one it is revoked at."""
    rows = await play.rows()
    unit = play.random.choice(rows[UNIT])
    given = {"unitId": f"ou_{unit['id']}", "name": "项目", "agency": "单位", "days": 9, "entities": ["unit"]}
    answer = await play.ask(play.chief, Question(ISSUE, {"input": given}))
    made = json.loads(answer.partition("] ")[2])["data"]["issueToken"]
    assert made["userErrors"] == [], answer
    play.done("issueToken")
    seats: list[tuple[str, Seat]] = [("partner", ("territory", unit["path"]))]
    await play.shows(made["token"], seats)
    ended = {"id": made["accessToken"]["id"], "version": made["accessToken"]["version"], "reason": "到期"}
    answer = await play.ask(play.chief, Question(END, {"input": ended}))
    assert _result(answer, "revokeToken", "accessToken") is not None, answer
    play.done("revokeToken")
    for process in play.processes:
        assert (await play.ask_of(process, made["token"], READ)).startswith("401")


def exceeding(rows: Tables, held: list[tuple[str, Seat]], given: tuple[str, Seat]) -> Iterator[Any]:
    """What a role at a seat may do that those it was granted by may not, but for roles they may grant beyond that."""
    role, (_, path) = given
    (seat,) = [row for row in rows[UNIT] if row["path"] == path]
    if model.may(held, "create", f"grant.{role}", ways.keys_of(rows, UNIT, seat, today())):
        return
    for table, policy in KINDS.items():
        actions = {action for _, entity, action in model.ALLOWED if entity == policy}
        for row in rows[{"viewer": "account", "grant_above": "role_grant"}.get(table, table)]:
            keys = ways.keys_of(rows, table, row, today())
            for action in actions:
                if model.may([given], action, policy, keys) and not model.may(held, action, policy, keys):
                    yield table, row["id"], action


def _result(answer: str, command: str, key: str) -> Any:
    done = (json.loads(answer.partition("] ")[2])["data"] or {}).get(command)
    return done and done[key]
