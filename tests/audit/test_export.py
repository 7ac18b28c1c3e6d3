"""What an export holds of units: no more than whoever asks reads there, in every list, also in those to come."""

import json

from sqlalchemy import FromClause, Join, Table, false

from services.audit.held import LISTS, WITHHELD
from services.audit.persons import Sight, held_on
from services.storage.transaction import Transaction
from tests.audit.people import PHONE, Person
from tests.audit.test_person import exported
from tests.built import CATALOGUE
from tests.golden.world import id_of
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, NEIGHBOUR, OTHER, TOWN, day, made, unit_id


async def test_what_a_person_did_in_another_town_is_not_told_where_they_are_now(api: Api, someone: Person) -> None:
    """To who reads nothing of that town: neither the community nor its town; the county and the person have it all."""
    own, town = ("member", someone.member), "350521101"
    post = await made(
        *(api, ADMIN, "appointPartTimeMember", "post"),
        partyOrganizationId=f"po_{id_of('北关社区党委')}",
        since=day(-9),
        memberId=someone.member,
    )
    days = {"plannedOn": day(1), "dueOn": day(30), "budget": "1000.00"}
    await api.do(own, "proposeNeighbourProject", "", postId=post, name="小花园", purpose="种花", **days)
    assert (await exported(api, ("town_admin", TOWN), someone.member))["posts"]
    other = await unit_id(api, OTHER)
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=other, version=1, parentId=await unit_id(api, town))
    version = await api.connection.fetchval("SELECT version FROM member WHERE id = $1", someone.uuid)
    await api.do(COUNTY_ADMIN, "updateMember", "", id=someone.member, version=version, unitId=other)
    for who in (NEIGHBOUR, ("town_admin", town)):
        told = await exported(api, who, someone.member)
        assert (told["member"]["phone"], told["captaincies"], told["posts"], told["projects"]) == (PHONE, [], [], [])
        assert "小花园" not in json.dumps(told, ensure_ascii=False)
        assert {"captaincies", "posts", "projects"} <= set(told["withheld"])
    for who in (COUNTY_ADMIN, own):
        told = await exported(api, who, someone.member)
        assert [len(told[name]) for name in ("captaincies", "posts", "projects")] == [1, 1, 1], who


async def test_every_list_of_an_export_holds_what_its_rows_are_read_as(api: Api, someone: Person) -> None:
    """Nothing but the row and the profile is there for who reads nothing; each says as which entities, that are its."""
    tx = Transaction(api.connection)
    told = json.loads(await held_on(tx, someone.uuid, Sight(lambda *_: false())))
    assert told.pop("withheld") == WITHHELD
    assert {name for name, rows in told.items() if rows != []} == {"member", "profile"}
    assert {"member", "profile", *WITHHELD} == set(told)
    for name, each in LISTS.items():
        assert each.read, name
        among = joined(*each.of(someone.uuid).get_final_froms())
        assert {CATALOGUE.kinds[entity].entity.table for entity in each.read} == set(each.read.values()), name
        assert set(each.read.values()) <= among, name
        whose = {table for table in among if {"member_id", "post_id"} & set(table.c.keys())}
        assert whose <= set(each.read.values()), name


def joined(*sources: FromClause) -> set[FromClause]:
    """The tables these join."""
    parts = [part for each in sources for part in ((each.left, each.right) if isinstance(each, Join) else ())]
    return {each for each in sources if isinstance(each, Table)} | (joined(*parts) if parts else set())
