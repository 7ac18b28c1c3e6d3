"""Why may they not: the grants that come nearest, each with what it lacks, and none the asker could not read as one.

Over random worlds each answer is the reference execution's, and each reason is asked of Casbin's matcher by itself.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from policies import decide
from policies.actor import SEATS
from policies.scope import Way, answering
from schema.catalogue.kinds import Kind
from schema.kit.ids import local_id
from tests.conftest import Server
from tests.depth import deep
from tests.explain.people import peopled
from tests.explain.test_asking import AUDITOR, PARTNER, account_of, on
from tests.explain.test_reach import may_one, nodes
from tests.oracle.accesses import action, misses, rights, seat_of
from tests.oracle.arena import Arena, arena_on
from tests.oracle.decisions import enforced
from tests.oracle.dispatch import Record
from tests.oracle.sight import Sight
from tests.oracle.worlds import ACCOUNT, GRANT, World, seats_of
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, NEIGHBOUR, OTHER, Street, day, made, nobody, unit_id

__all__ = ["on"]

MISS = """query($id: ID!, $account: ID!, $action: Action) { explainMiss(node: $id, account: $account, action: $action) {
    accountName role seatName place since until revokedAt missing rules grant { id } } }"""
READ_COMPOUND = ["p, line_watcher, compound, read"]
TOWN = ("town_admin", "350521100")
WORLDS, MOST = deep(1), 6
# Which reasons there are to tell, by themselves and together; of none where it may, or nobody may ask.
REASONS = {"TIME", "SEAT", "RIGHT", "ACCOUNT", "TIME SEAT", "SEAT RIGHT", "TIME RIGHT", ""}

pytestmark = pytest.mark.timeout(900)


async def missed(api: Api, asker: tuple[str, str], id_: str, account: str, right: str | None = None) -> list[Any]:
    """What is told, the nearest first."""
    found: list[Any] = (await api.data(asker, MISS, id=id_, account=account, action=right))["explainMiss"]
    return found


async def held(api: Api, account: str, role: str, code: str, **more: Any) -> str:
    """A grant at a unit, which may be over or to come; its global id."""
    id_ = uuid4()
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path, since, until, revoked_at)"
        " SELECT $1, $2, $3, path, $4, $5, $6 FROM org_unit WHERE code = $7",
        *(id_, UUID(account[3:]), role),
        *(more.get("since", ago(900)), more.get("until"), more.get("revoked_at"), code),
    )
    return f"gr_{id_}"


def ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


# --- each reason ------------------------------------------------------------------------------------------------------


async def test_a_seat_the_row_does_not_answer_to(api: Api, on: Street) -> None:
    """The neighbour's administrator has the right, next door; with the rule it would take."""
    (miss,) = await missed(api, COUNTY_ADMIN, on.compound, await account_of(api, NEIGHBOUR))
    assert miss["grant"]["id"].startswith("gr_")
    told = {name: miss[name] for name in ("accountName", "role", "seatName", "missing", "rules", "until", "revokedAt")}
    assert told == {
        "accountName": "test community_admin 350521100002",
        "role": "community_admin",
        "seatName": "西北社区居委会",
        "missing": ["SEAT"],
        "rules": READ_COMPOUND,
        "until": None,
        "revokedAt": None,
    }
    assert miss["place"] == ["惠安县", "螺城镇", "西北社区居委会"]


async def test_what_a_grant_led_to_until_a_sharing_was_over(api: Api, on: Street) -> None:
    """The grant holds as before; the row answers to its seat no more."""
    account, unit = await account_of(api, NEIGHBOUR), await unit_id(api, OTHER)
    term = {"compoundId": on.compound, "unitId": unit, "since": day(-9)}
    sharing = await made(api, TOWN, "shareCompound", "compoundSharing", **term)
    assert await missed(api, COUNTY_ADMIN, on.compound, account) == []
    await api.do(TOWN, "endSharing", "", id=sharing, version=1, on=day(-1))
    (miss,) = await missed(api, COUNTY_ADMIN, on.compound, account)
    assert miss["missing"] == ["SEAT"]


async def test_a_grant_that_was_revoked_has_ended_or_is_to_come(api: Api, on: Street) -> None:
    """Told with its days; one that was over for a year is not."""
    account = await account_of(api, NEIGHBOUR)
    await api.connection.execute("UPDATE role_grant SET revoked_at = now() WHERE account_id = $1", UUID(account[3:]))
    ended = await held(api, account, "community_admin", "350521100001", until=ago(360))
    coming = await held(api, account, "community_admin", "350521100001", since=ago(-3))
    await held(api, account, "community_admin", "350521100001", until=ago(370))
    await held(api, account, "community_admin", "350521100001", until=ago(3), revoked_at=ago(370))
    first, second, third = await missed(api, COUNTY_ADMIN, on.compound, account)
    assert [first["grant"]["id"], second["grant"]["id"]] == [ended, coming]
    assert [first["missing"], second["missing"], third["missing"]] == [["TIME"], ["TIME"], ["TIME", "SEAT"]]
    assert first["until"]
    assert third["revokedAt"]


async def test_a_role_without_the_right(api: Api, on: Street) -> None:
    """An auditor reads no contact data, wherever they sit; which roles do is told."""
    (miss,) = await missed(api, COUNTY_ADMIN, on.members[0], await account_of(api, AUDITOR), "MEMBER_CONTACT_READ")
    assert (miss["role"], miss["missing"]) == ("auditor", ["RIGHT"])
    assert miss["rules"] == ["p, administrator, member.contact, read", "p, member, member.contact, read"]


async def test_an_account_that_is_closed_or_a_program_bound_to_less(api: Api, on: Street) -> None:
    """Only where all else holds; until then the account has access, and nothing is missed."""
    program, town = await account_of(api, PARTNER), await account_of(api, TOWN)
    assert [await missed(api, COUNTY_ADMIN, on.compound, each) for each in (program, town)] == [[], []]
    await api.connection.execute("UPDATE program SET entities = '{unit}' WHERE account_id = $1", UUID(program[3:]))
    await api.connection.execute("UPDATE account SET closed_at = now() WHERE id = $1", UUID(town[3:]))
    for each in (program, town):
        (miss,) = await missed(api, COUNTY_ADMIN, on.compound, each)
        assert (miss["missing"], miss["rules"]) == (["ACCOUNT"], READ_COMPOUND)
        (miss,) = await missed(api, COUNTY_ADMIN, on.members[0], each, "MEMBER_DELETE")
        assert miss["missing"] == ["RIGHT"]


async def test_the_nearest_come_first_and_ten_at_most(api: Api, on: Street) -> None:
    """What only lacks time comes before what lacks a seat, and both before what lacks the right."""
    account = await account_of(api, NEIGHBOUR)
    for role, code, more in (
        ("auditor", "350521100001", {}),
        ("auditor", "350521100002", {}),
        ("community_admin", "350521100001", {"revoked_at": ago(1)}),
        *[("auditor", "350521100002", {"until": ago(1)})] * 10,
    ):
        await held(api, account, role, code, **more)
    found = [each["missing"] for each in await missed(api, COUNTY_ADMIN, on.compound, account, "COMPOUND_UPDATE")]
    assert found[:4] == [["TIME"], ["SEAT"], ["RIGHT"], ["SEAT", "RIGHT"]]
    assert found[4:] == [["TIME", "SEAT", "RIGHT"]] * 6


# --- who is told ------------------------------------------------------------------------------------------------------


async def test_no_seat_is_told_outside_the_asker_s_own_subtree(api: Api, on: Street) -> None:
    """The community's administrator may ask about the compound, and reads no grant next door, above or elsewhere."""
    account = await account_of(api, NEIGHBOUR)
    assert await missed(api, ADMIN, on.compound, account) == []
    inside = await held(api, account, "community_admin", "350521100001", revoked_at=ago(1))
    await held(api, account, "auditor", "350524")
    (miss,) = await missed(api, ADMIN, on.compound, account)
    assert miss["grant"]["id"] == inside
    assert len(await missed(api, TOWN, on.compound, account)) == 2


async def test_oneself_is_told_of_what_is_held_and_not_of_what_is_over(api: Api, on: Street) -> None:
    """Whether a row answers to a seat that is over is nobody's to know by having held it; above, it is told."""
    own = await account_of(api, PARTNER)
    await held(api, own, "community_admin", "350521100001", revoked_at=ago(1))
    (miss,) = await missed(api, PARTNER, on.compound, own, "COMPOUND_CLOSE")
    assert (miss["role"], miss["missing"], miss["rules"]) == (
        "partner",
        ["RIGHT"],
        ["p, administrator, compound, close"],
    )
    above = await missed(api, COUNTY_ADMIN, on.compound, own, "COMPOUND_CLOSE")
    assert [(each["role"], each["missing"]) for each in above] == [
        ("community_admin", ["TIME"]),
        ("partner", ["RIGHT"]),
    ]
    assert await missed(api, PARTNER, on.members[0], own) == []  # what they do not see


async def test_whoever_may_not_ask_is_told_what_is_told_of_nothing(api: Api, on: Street) -> None:
    """A hidden row, one seen and not to be explained, one that never was, an account that is none: alike."""
    account = await account_of(api, COUNTY_ADMIN)
    for asker in (NEIGHBOUR, PARTNER):
        answers = [
            await api.ask(asker, MISS, id=id_, account=of, action="UNIT_MOVE" if id_[:2] == "ou" else "COMPOUND_READ")
            for id_ in (on.compound, nobody("cp"), await unit_id(api, "350521"))
            for of in (account, await account_of(api, ADMIN), nobody("ac"), "x")
        ]
        assert answers == [{"data": {"explainMiss": []}}] * 12
    for id_ in ("", "zz_1", on.compound.upper()):
        assert await missed(api, COUNTY_ADMIN, id_, account) == []


async def test_a_right_there_is_not_on_such_a_row_is_missed_by_nobody(api: Api, on: Street) -> None:
    assert await missed(api, COUNTY_ADMIN, on.compound, await account_of(api, NEIGHBOUR), "CAPTAIN_ASSIGN") == []


# --- random worlds ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


@pytest.mark.drawn
def test_what_is_missed_is_what_brute_force_finds(arena: Arena) -> None:
    """By whoever sees all of it and by others, of every account: empty where it may, or nobody may ask."""
    told: Counter[str] = Counter()
    for seed in range(MOST):
        if seed >= WORLDS and {*told} >= REASONS:
            break
        world, random = unsettled(seed), Random(seed)
        whole = arena.load(world).sight
        people = [row for row in whole.tables[ACCOUNT] if not row["closed_at"] and row["kind"] == "PERSON"]
        for asker in [*whole.tables.having(ACCOUNT, "id", world.caller), *random.sample(people, 3)]:
            sight = Sight(whole.declared, whole.tables, seats_of(whole.tables, asker["id"]), whole.now)
            for kind, row in of_some_rows(sight, random):
                told += asked(arena, sight, asker, (kind, row), random)
    assert {*told} >= REASONS, told


def unsettled(seed: int) -> World:
    """A world of many accounts, more of them closed, with grants that were over yesterday, or a year ago."""
    world, random = peopled(seed, people=16), Random(f"unsettled {seed}")
    for account in world.rows[ACCOUNT][1:]:  # all but who asks
        account["closed_at"] = ago(1) if random.random() < 0.3 else account["closed_at"]
    for grant in world.rows[GRANT]:
        if grant["account_id"] != world.caller and random.random() < 0.5:
            grant[random.choice(("revoked_at", "until"))] = ago(random.choice((1, 300, 364, 366)))
            grant["since"] = ago(900)
    return world


def of_some_rows(sight: Sight, random: Random) -> Iterator[tuple[Kind, Record]]:
    """Rows of a few kinds, most of them seen."""
    for kind in random.sample(nodes(sight), 6):
        seen, every = sight.seen(kind), sight.every(kind)
        yield from ((kind, row) for rows in (seen, every) if rows for row in random.sample(list(rows), 1))


def asked(arena: Arena, sight: Sight, asker: Record, of: tuple[Kind, Record], random: Random) -> Counter[str]:
    """Ask of every account about one right on a row, and look at each answer; how often which reasons were told."""
    (kind, row), told = of, Counter[str]()
    right = random.choice([(kind.entity.policy, "read"), *rights(sight.declared.catalogue, kind)])
    given = {"id": f"{kind.entity.tag}_{row['id']}", "action": action(right)}
    token, target = arena.token(asker["id"]), sight.declared.catalogue.kinds["Miss"]
    for account in sight.tables[ACCOUNT]:
        found = arena.asked_by(token, MISS, {**given, "account": f"ac_{account['id']}"})["explainMiss"]
        expected = misses(sight, target, given["id"], right, f"ac_{account['id']}")
        assert [(each["grant"]["id"], each["missing"], each["rules"]) for each in found] == [
            (f"gr_{grant['id']}", lack.missing, lack.rules) for grant, lack in expected
        ]
        assert not (found and may_one(sight, account, kind, row, right))
        for each in found:
            checked(sight, (kind, row), right, each)
        told.update([" ".join(each["missing"]) for each in found] or [""])
    return told


def checked(sight: Sight, of: tuple[Kind, Record], right: tuple[str, str], told: Any) -> None:
    """Each reason by itself, of Casbin."""
    grant = sight.tables.having(GRANT, "id", local_id(told["grant"]["id"], "gr"))[0]
    ends = [end for end in (grant["until"], grant["revoked_at"]) if end is not None]
    seat, missing = seat_of({**grant, "oneself": None}), set(told["missing"])
    address = sight.address(rights(sight.declared.catalogue, of[0])[right], of[1])
    assert ("TIME" in missing) is (grant["since"] > sight.now or any(end <= sight.now for end in ends))
    assert ("RIGHT" in missing) is (right not in decide.permissions(grant["role"]))
    assert missing.isdisjoint({"SEAT", "RIGHT"}) is (seat is not None and enforced([seat], *right, address))
    assert "ACCOUNT" not in missing or missing == {"ACCOUNT"}
    assert sight.allows(sight.declared.catalogue.kinds["Grant"], grant, "grant", "read")


@pytest.mark.drawn
def test_whoever_holds_a_seat_sees_what_answers_to_it(arena: Arena) -> None:
    """So that one's seat is missed tells nothing of rows that are hidden.

    But for what units above publish, by their unit; where a partner is seated, who answers for what works there; for
    captains of compounds that are shared; and for keepers of visits, seated as administrators are, who read little.
    """
    catalogue = arena.declared.catalogue
    blind = set()
    for kind in (kind for kind in catalogue.kinds.values() if kind.entity.tag is not None):
        for (entity, _), of in rights(catalogue, kind).items():
            for role, term in ((role, term) for role, terms in SEATS.items() for term in terms.values()):
                reads = {(each, "read") for each in (entity, of.entity.policy, kind.entity.policy)}
                ways = {way for way in answering(term, "read") if way in of.entity.ways}
                if role != "visit_keeper" and ways - {Way.WITHIN} and reads.isdisjoint(decide.permissions(role)):
                    blind.add((kind.name, role))
    partners = {(kind, "partner") for kind in ("StoredOperation", "Member", "Post")}
    visits = {
        ("InstructorVisit", role) for role in ("community_admin", "partner", "property_committee")
    }  # whose company works there
    captains = {("CaptainAssignment", role) for role in ("partner", "property_committee")}
    above = {
        (kind, "partner")
        for kind in ("Activity", "DutyItem", "DutyNeed", "HelpTeam", "PointRule", "ScoringSheet", "NeedResponse")
    }
    above |= {(kind, "member") for kind in ("CalendarYear", "StoredOperation", "ScoringSheet", "Department")}
    owed = ("Facility", "OperationTerm", "Milestone", "DepartmentOffer", "SharedResource")  # of a town's centre
    above |= {(kind, "member") for kind in owed} | {("Milestone", "partner")}
    above |= {(kind, "member") for kind in ("NeedSurvey", "SurveyChoice", "NeedResponse")}
    above |= {(kind, "partner") for kind in ("Project", "ProjectPhase", "ProjectContribution")}
    met = (
        "DeliberationDay",
        "AnalysisMeeting",
        "DeliberationReport",
        "MeetingPlace",
        "Meeting",
        "MeetingItem",
        "MeetingAttendance",
        "MeetingMinutes",
    )
    above |= {
        (kind, role) for kind in ("Matter", "MatterMove", "MatterResult", *met) for role in ("auditor", "partner")
    }
    assert blind == partners | visits | captains | above
