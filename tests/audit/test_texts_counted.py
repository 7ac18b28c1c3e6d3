"""What a deletion changes of others' texts, and what names stay, is told as numbers: in a dry run and afterwards."""

from typing import Any

from sqlalchemy import Text

from schema.catalogue.kinds import camel
from schema.pipeline.run.payloads import kind_of
from services.audit.free_text import FREE_TEXT, NAMED
from services.declared import METADATA
from services.members.tables import NOBODY
from services.storage.tables import VIEW
from tests.audit.people import NAME, PHONE, Person
from tests.built import CATALOGUE
from tests.writes.api import Api
from tests.writes.street import ADMIN, COMMUNITY, COUNTY, COUNTY_ADMIN, OTHER, day, made, unit_id

# Tables whose names are not counted, and why.
NOT_COUNTED = {
    "member": "a person's own, who may be somebody else of that name",
    "former_unit": "what a unit was called before it went, which nobody changes",
    "matter_way": "a step of the rules, named by the service",
    "service_secret": "a secret of the service, named by itself",
    "sheet_item": "a line of a scoring sheet, which is no type of the schema",
}
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


async def test_what_is_not_a_place_or_a_body_is_counted_too(api: Api, someone: Person) -> None:
    """A fund, a building, a unit, a service and who runs it; each by its own kind."""
    unit = someone.street.unit
    await made(api, ADMIN, "openFund", "fund", unitId=unit, name=f"{NAME}基金", begunOn=day(-9))
    compound = {"compoundId": someone.street.compound, "households": 9}
    await made(api, ADMIN, "createBuilding", "building", name=f"{NAME}楼", **compound)
    grid = {"parentId": unit, "name": f"{NAME}网格", "code": f"{COMMUNITY}91", "level": "GRID"}
    await made(api, COUNTY_ADMIN, "createUnit", "orgUnit", **grid)
    await made(api, ADMIN, "createHelpTeam", "helpTeam", unitId=unit, kind="CONVENIENCE", name=f"{NAME}服务队")
    centre = await made(api, ADMIN, "createCentre", "centre", unitId=unit, name=f"{NAME}中心", kind="STAND_ALONE")
    county = await unit_id(api, COUNTY)
    service = {"unitId": county, "name": f"{NAME}食堂", "operation": "PURCHASED", "operator": f"{NAME}餐饮店"}
    item = await made(api, COUNTY_ADMIN, "publishService", "serviceItem", function="FOOD", **service)
    runs = {"centreId": centre, "operator": f"{NAME}餐饮店", "mode": "PURCHASED", "since": day(-9)}
    await made(api, ADMIN, "recordOperation", "operationTerm", itemId=item, **runs)
    token = {"name": "看板", "agency": f"某局（{NAME}）", "days": 9, "entities": ["unit"]}
    await made(api, COUNTY_ADMIN, "issueToken", "accessToken", unitId=unit, **token)
    neighbour = {"name": "邻居", "standing": "RETIRED", "employer": f"{NAME}电器行"}
    one = await made(api, ADMIN, "registerMember", "member", unitId=unit, **neighbour)
    profile = {"occupation": f"{NAME}的徒弟", "skills": ["剪纸", f"{NAME}手艺"], "wishes": ["合唱"]}
    await api.do(ADMIN, "recordProfile", "", memberId=one, **profile)
    found = [each for each in await told(api, someone) if each["stays"]]
    names = [(kind, "name") for kind in ("Building", "Centre", "Fund", "HelpTeam", "OrgUnit", "ServiceItem")]
    expected = [*names, ("OperationTerm", "operator"), ("ServiceItem", "operator"), ("Program", "agency")]
    expected += [("Member", "employer"), ("MemberProfile", "occupation"), ("MemberProfile", "skills")]
    assert found == sorted((line(*each, 1, stays=True) for each in expected), key=str)


def test_every_name_of_a_thing_is_counted() -> None:
    """A new table with a name is noticed here: it is counted, or said why it is not."""
    named = {
        table.name
        for table in METADATA.tables.values()
        if VIEW not in table.info and "name" in table.c and isinstance(table.c["name"].type, Text)
    }
    counted = {column.table.name for column, _ in NAMED if column.name == "name"}
    assert named - counted == set(NOT_COUNTED)
    assert counted <= named


def test_what_is_counted_is_a_field_of_its_type() -> None:
    """Whose rows have ids, by which it is known who may read them; else none would be told of, in silence."""
    for column in [*(table.c[name] for table, name, _ in FREE_TEXT), *(said for said, _ in NAMED)]:
        kind = kind_of(CATALOGUE, column.table.name)
        assert kind is not None, column
        assert camel(column.name) in kind.fields, column
        assert "id" in column.table.c
