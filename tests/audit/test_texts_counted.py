"""What a deletion changes of others' texts, and what names stay, is told as numbers: in a dry run and afterwards."""

from typing import Any

from schema.catalogue.kinds import camel
from schema.pipeline.run.payloads import kind_of
from services.audit.free_text import FREE_TEXT, NAMED
from services.members.tables import NOBODY
from tests.audit.people import NAME, PHONE, Person
from tests.built import CATALOGUE
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, OTHER, day, made, unit_id

TEXTS = "texts { kind field count stays }"


def line(kind: str, field: str, count: int, *, stays: bool = False) -> dict[str, Any]:
    """One of the payload."""
    return {"kind": kind, "field": field, "count": count, "stays": stays}


# Of the person of the tests: why a term of theirs ended, and why they were granted what they hold.
OWN = [line("Grant", "reason", 1), line("CaptainAssignment", "endReason", 1)]


async def told(api: Api, someone: Person, **more: Any) -> Any:
    """The numbers, by kind and field."""
    payload = await api.attempt(COUNTY_ADMIN, "deletePerson", TEXTS, id=someone.member, **more)
    return payload["texts"] and sorted(payload["texts"], key=str)


async def test_a_dry_run_tells_how_many_texts_would_change(api: Api, someone: Person) -> None:
    """As the deletion does itself; a retry, and what is refused, tells nothing."""
    given = {"unitId": someone.street.unit, "source": "VISIT", "proposedOn": day(-9)}
    for number in range(2):
        said = {"title": f"{NAME}提议{number}", "detail": f"{NAME}与{NAME}"}
        await made(api, ADMIN, "proposeMatter", "matter", **given, **said)
    await made(api, ADMIN, "proposeMatter", "matter", **given, title="增设路灯")
    expected = sorted([*OWN, line("Matter", "title", 2), line("Matter", "detail", 2)], key=str)
    assert await told(api, someone, dryRun=True) == expected
    once = {"version": await api.version(someone.member), "idempotencyKey": "once"}
    assert await told(api, someone, **once) == expected
    assert await told(api, someone, **once) is None
    assert await told(api, someone) is None


async def test_names_of_things_stay_and_are_counted(api: Api, someone: Person) -> None:
    """What is called by the person's name is looked through by hand; of another county it is not known."""
    unit, other = someone.street.unit, await unit_id(api, OTHER)
    office = (COUNTY_ADMIN, "createAccount", "account")
    await made(api, ADMIN, "openMeetingPlace", "meetingPlace", unitId=unit, name=f"{NAME}工作室")
    team = {"name": f"{NAME}舞蹈队", "kind": "舞蹈", "headCount": 9}
    await made(api, ADMIN, "createResidentsTeam", "residentsTeam", unitId=unit, **team)
    for name in (f"{NAME}办公室", f"{NAME}值班", "值班"):
        await made(api, *office, unitId=other, name=name)
    found = [each for each in await told(api, someone) if each["stays"]]
    assert found == [
        *(line("Account", "name", 2, stays=True), line("MeetingPlace", "name", 1, stays=True)),
        line("ResidentsTeam", "name", 1, stays=True),
    ]
    named = "SELECT name FROM meeting_place UNION ALL SELECT name FROM residents_team"
    assert {row["name"] for row in await api.connection.fetch(named)} == {f"{NAME}工作室", f"{NAME}舞蹈队"}


async def test_where_a_namesake_serves_a_name_outside_is_not_theirs(api: Api, someone: Person) -> None:
    """As with texts; one that holds their phone as well is looked for twice and counted once."""
    other = await unit_id(api, OTHER)
    twin = {"name": NAME, "standing": "RETIRED"}
    await made(api, COUNTY_ADMIN, "registerMember", "member", unitId=other, **twin)
    await made(api, ADMIN, "openMeetingPlace", "meetingPlace", unitId=someone.street.unit, name=f"{NAME}{PHONE}")
    there = ("community_admin", OTHER)
    await made(api, there, "openMeetingPlace", "meetingPlace", unitId=other, name=f"{NAME}工作室")
    assert line("MeetingPlace", "name", 1, stays=True) in await told(api, someone)


async def test_what_the_county_only_counts_is_not_told_of(api: Api, someone: Person) -> None:
    """Requests for help name the person, and lose the name; how many did is nobody's to know there."""
    asked = {"kind": "CONVENIENCE", "text": f"{NAME}家修水管", "beneficiary": NAME, "askedOn": day(-3)}
    await made(api, ADMIN, "recordHelpRequest", "helpRequest", unitId=someone.street.unit, **asked)
    assert await told(api, someone) == sorted(OWN, key=str)
    said = await api.connection.fetchrow("SELECT text, beneficiary FROM help_request")
    assert said is not None
    assert tuple(said) == (f"{NOBODY}家修水管", NOBODY)


def test_what_is_counted_is_a_field_of_its_type() -> None:
    """Whose rows have ids, by which it is known who may read them; else none would be told of, in silence."""
    for table, column in [*((table, name) for table, name, _ in FREE_TEXT), *((table, "name") for table in NAMED)]:
        kind = kind_of(CATALOGUE, table.name)
        assert kind is not None, table.name
        assert camel(column) in kind.fields, (table.name, column)
        assert "id" in table.c
