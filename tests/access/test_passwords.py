"""Passwords that administrators give: to whom, to whom not, and that nobody finds them afterwards."""

import asyncio
import re
from typing import Any

import pytest

from policies.tokens import Seat, issue
from services.access.passwords import HASHER
from tests.access.office import COMMUNITY, COUNTY, OTHER_TOWN, TOWN, Chain, Office, Who, told
from tests.audit.people import mentions
from tests.golden.world import path_of
from tests.writes.street import nobody

MADE_UP = re.compile(r"([a-z2-9]{4}-){3}[a-z2-9]{4}")
SHOWN = "password account { version signIn { passwordTemporary passwordResetFor } }"
NO_LOGIN = ("INVALID", "id")


async def reset(office: Office, by: Who, whose: str, select: str = SHOWN, **more: Any) -> Any:
    """The payload of resetPassword, or the code it was refused with."""
    given = {"id": office.accounts[whose], "reason": "忘记密码", **more}
    return await office.api.attempt(by, "resetPassword", select, **given)


async def given(office: Office, by: Who, whose: str, **more: Any) -> str:
    """The password somebody is given."""
    payload = await reset(office, by, whose, **more)
    assert not isinstance(payload, str), payload
    assert payload["userErrors"] == []
    found: str = payload["password"]
    return found


async def stored(office: Office, whose: str) -> str | None:
    """What the database holds of a password."""
    found: str | None = await office.api.connection.fetchval("SELECT password FROM account WHERE name = $1", whose)
    return found


async def sessions(office: Office, whose: str) -> int:
    """How many credentials of an account stand."""
    standing = "SELECT count(*) FROM credential c JOIN account a ON a.id = c.account_id WHERE a.name = $1"
    found: int = await office.api.connection.fetchval(f"{standing} AND revoked_at IS NULL", whose)
    return found


@pytest.fixture
async def people(office: Office, chain: Chain) -> dict[str, Who]:
    """County, town and community administrator, and somebody without a role; all have logins."""
    county, town, community, _ = chain
    found = {"县": county, "镇": town, "社区": community, "员": await office.hire(community, "员")}
    logins = "UPDATE account SET login = 'login' || row_number FROM"
    await office.api.connection.execute(
        f"{logins} (SELECT id, row_number() OVER () FROM account WHERE kind = 'PERSON') p WHERE p.id = account.id"
    )
    return found


async def test_whoever_is_above_gives_a_password(office: Office, people: dict[str, Who]) -> None:
    """It is made up, temporary, told with its reason to whoever administers the account, and ends every session."""
    for by, whose in (("社区", "员"), ("镇", "社区"), ("县", "镇")):
        assert await sessions(office, whose) == 1
        payload = await reset(office, people[by], whose)
        assert MADE_UP.fullmatch(payload["password"])
        assert payload["account"] == {
            "version": 2,
            "signIn": {"passwordTemporary": True, "passwordResetFor": "忘记密码"},
        }
        assert HASHER.verify(await stored(office, whose) or "", payload["password"])
        assert not HASHER.check_needs_rehash(await stored(office, whose) or "")
        assert await sessions(office, whose) == 0
        assert await reset(office, people[whose], "员") == "UNAUTHENTICATED"
        await office._signs_in(whose, office.accounts[whose])
    assert await given(office, people["县"], "镇") != payload["password"]


async def test_a_right_of_its_own(office: Office, people: dict[str, Who]) -> None:
    """Told in viewerCan; an auditor sees the account and may not, nor may a program."""
    can = "query($id: ID!) { account(by: {id: $id}) { viewerCan } }"
    found = await office.api.data(people["镇"], can, id=office.accounts["员"])
    assert "ACCOUNT_RESET_PASSWORD" in found["account"]["viewerCan"]
    auditor = await office.root("审", "auditor", COUNTY)
    assert await reset(office, auditor, "员") == "FORBIDDEN"
    assert await reset(office, ("partner", TOWN), "员") in ("NOT_FOUND", "FORBIDDEN", "GRAPHQL_VALIDATION_FAILED")
    assert await sessions(office, "员") == 1


async def untouched(office: Office, by: Who, whose: str, **more: Any) -> Any:
    """Why a password is not given: the error's code, or code and field; and that nothing was changed."""
    row = "SELECT (a, (SELECT array_agg(c ORDER BY id) FROM credential c WHERE account_id = a.id))::text"
    before = await office.api.connection.fetchval(f"{row} FROM account a WHERE name = $1", whose)
    answer = await reset(office, by, whose, **more)
    assert await office.api.connection.fetchval(f"{row} FROM account a WHERE name = $1", whose) == before
    if isinstance(answer, str):
        return answer
    assert answer["password"] is None
    return told(answer)


async def test_an_account_that_holds_more_or_as_much(office: Office, people: dict[str, Who]) -> None:
    """Who could sign in as a peer could be their own second person; whom one appointed is no peer."""
    senior = await office.hire(people["镇"], "前辈", COMMUNITY, login="senior")
    await office.grant(people["县"], senior, "town_admin", TOWN)
    assert await untouched(office, people["社区"], "前辈") == "FORBIDDEN"
    assert await untouched(office, people["镇"], "前辈") == "FORBIDDEN"
    await given(office, people["县"], "前辈")

    peer = await office.root("同僚", "county_admin", COUNTY)
    await office.api.connection.execute("UPDATE account SET login = 'peer' WHERE name = '同僚'")
    assert await untouched(office, people["县"], "同僚") == "FORBIDDEN"
    assert await untouched(office, peer, "县") == "FORBIDDEN"
    deputy = await office.hire(people["县"], "副手", COUNTY, login="deputy")
    await office.grant(people["县"], deputy, "county_admin", COUNTY)
    assert await untouched(office, deputy, "县") == "FORBIDDEN"
    assert await untouched(office, peer, "副手") == "FORBIDDEN"
    await given(office, people["县"], "副手")


async def test_for_no_longer_than_one_s_own(office: Office, people: dict[str, Who]) -> None:
    """Acting for a while is not enough over what is held for good; nor is one grant of several enough."""
    connection = office.api.connection
    await office.root("代理", "county_admin", COUNTY)
    await connection.execute(
        "UPDATE role_grant SET until = now() + interval '9 days'"
        " WHERE account_id = (SELECT id FROM account WHERE name = '代理')"
    )
    assert await untouched(office, ("代理", ""), "镇") == "FORBIDDEN"
    await given(office, ("代理", ""), "员")
    person = await office.hire(people["社区"], "兼职", login="both")
    await office.grant(people["社区"], person, "member", "350521100001001")
    await office.grant(people["县"], person, "auditor", COMMUNITY)
    assert await untouched(office, people["社区"], "兼职") == "FORBIDDEN"


async def test_whose_password_nobody_gives(office: Office, people: dict[str, Who]) -> None:
    """One's own, a program's, that of an account without login, closed, or of an identity provider."""
    connection, town = office.api.connection, people["镇"]
    assert await untouched(office, town, "镇") == NO_LOGIN
    assert await untouched(office, town, "员", reason=" ") == ("INVALID", "reason")
    assert await untouched(office, town, "员", version=7) == "CONFLICT"
    await office.hire(town, "无名")
    assert await untouched(office, town, "无名") == NO_LOGIN
    await issue(connection, Seat("程序", "partner", COMMUNITY), 1)
    await connection.execute("UPDATE account SET unit_path = $1 WHERE name = '程序'", path_of(COMMUNITY))
    office.accounts["程序"] = "ac_" + str(await connection.fetchval("SELECT id FROM account WHERE name = '程序'"))
    assert await untouched(office, town, "程序") == NO_LOGIN
    await office.hire(town, "外来", login="elsewhere")
    await connection.execute(
        "INSERT INTO external_identity SELECT 'https://id.example', 'x', id FROM account WHERE name = '外来'"
    )
    assert await untouched(office, town, "外来") == NO_LOGIN
    await office.hire(town, "离职", login="gone")
    await office.api.do(town, "closeAccount", "", id=office.accounts["离职"], reason="离职")
    assert await untouched(office, town, "离职") == ("CLOSED", "id")


async def test_what_is_hidden_is_refused_like_what_never_was(office: Office, people: dict[str, Who]) -> None:
    """Somebody at home in the town beside."""
    await office.hire(people["县"], "邻镇", OTHER_TOWN, login="beside")
    document = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { password } }"
    answers = [
        await office.api.ask(people["镇"], document, input={"id": account, "version": 1, "reason": "x"})
        for account in (office.accounts["邻镇"], nobody("ac"))
    ]
    assert answers[0] == answers[1]
    assert answers[0]["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_it_is_shown_once_and_kept_nowhere(office: Office, people: dict[str, Who]) -> None:
    """Not to a retry, not in a dry run, in no text of any table; its hash only where passwords are compared."""
    dry = await reset(office, people["镇"], "员", dryRun=True)
    assert dry["password"] is None
    assert (await stored(office, "员"), await sessions(office, "员")) == (None, 1)
    once: dict[str, Any] = {"idempotencyKey": "once", "version": 1, "reason": "独一无二的原因"}
    first = await reset(office, people["镇"], "员", **once)
    assert await reset(office, people["镇"], "员", **once) == {
        **first,
        "password": None,
    }
    connection = office.api.connection
    digest = (await stored(office, "员") or "").rpartition("$")[2]
    assert await mentions(connection, first["password"]) == []
    assert await mentions(connection, first["password"].replace("-", "")) == []
    assert await mentions(connection, digest) == ["account.password"]
    assert await mentions(connection, "独一无二的原因") == ["account.password_reset_for"]
    (entry,) = await connection.fetch("SELECT * FROM audit_entry WHERE command = 'resetPassword'")
    changed = "SELECT table_name, after FROM audit_change WHERE entry_id = $1 ORDER BY table_name"
    account, session = await connection.fetch(changed, entry["id"])
    assert '"password": "•"' in account["after"]
    assert (session["table_name"], '"revoked_at"' in session["after"]) == ("credential", True)


async def test_two_who_reset_at_once(office: Office, people: dict[str, Who]) -> None:
    """Both by the version they saw: one is done, and that password holds; the later one is told."""
    by = (people["县"], people["镇"])
    answers = await asyncio.gather(*(reset(office, each, "员", version=1) for each in by))
    assert sorted(answer == "CONFLICT" for answer in answers) == [False, True]
    (done,) = [answer for answer in answers if answer != "CONFLICT"]
    assert _is(done["password"], await stored(office, "员"))


def _is(password: str, hashed: str | None) -> bool:
    try:
        return hashed is not None and HASHER.verify(hashed, password)
    except Exception:  # noqa: BLE001 - argon2's own, for what does not match
        return False


async def test_what_was_made_up_below_does_not_rise(people: dict[str, Who], office: Office) -> None:
    """Whoever handed a password down would hold what is granted since; once its owner changed it, or before, it is."""
    await given(office, people["社区"], "员")
    assert await office.refused(people["县"], people["员"], "town_admin", TOWN) == ("INVALID", "accountId")
    await office.api.connection.execute(
        "UPDATE account SET password_temporary = false, password_reset_for = NULL WHERE name = '员'"
    )
    await office.grant(people["县"], people["员"], "town_admin", TOWN)
    assert await reset(office, people["社区"], "员") == "FORBIDDEN"
