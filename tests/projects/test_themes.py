"""Projects are part of what rotating chairs plan, in their unit or above."""

from datetime import timedelta

import pytest

from services.appointments.tables import PostKind, posts
from services.chairs.tables import ThemeStatus, themes
from services.storage.transaction import Record
from tests.captains.town import GRID, Town
from tests.projects.asked import ADMIN, AUDITOR, COUNTY_ADMIN, proposed, said, told
from tests.writes.api import Api
from tests.writes.street import unit_id

PART = "project { theme { title projects { nodes { name } } } }"


@pytest.fixture
async def chair(town: Town) -> Record:
    """A part-time member of the community's committee who is in the chair."""
    body, member, today = await town.organization("社区党委"), await town.member("林一"), await town.today()
    await town.part_time(body, member)
    at = {"organization_id": body["id"], "unit_path": body["unit_path"], "member_id": member["id"]}
    term = {"since": today - timedelta(days=9), "until": today + timedelta(days=40)}
    return await town.add(posts, kind=PostKind.ROTATING_CHAIR, **at, **term)


async def planned(town: Town, chair: Record, title: str = "邻里节", **what: object) -> str:
    """A theme of the chair's."""
    at = {name: chair[name] for name in ("organization_id", "unit_path")}
    made = await town.add(themes, post_id=chair["id"], **at, title=title, planned_on=await town.today(), **what)
    return f"ct_{made['id']}"


async def test_a_chair_proposes_what_is_part_of_the_theme(api: Api, town: Town, chair: Record) -> None:
    theme, own = await planned(town, chair), ("member", f"mb_{chair['member_id']}")
    given = {"postId": f"pt_{chair['id']}", "themeId": theme, **said()}
    made = (await api.do(own, "proposeNeighbourProject", PART, **given))["project"]
    assert made["theme"] == {"title": "邻里节", "projects": {"nodes": [{"name": "加装路灯"}]}}
    found = "{ projects(filter: {theme: {some: {status: [PLANNED]}}}) { totalCount } }"
    assert (await api.data(AUDITOR, found))["projects"]["totalCount"] == 1


async def test_a_project_names_a_theme_of_its_unit_or_above(api: Api, town: Town, chair: Record) -> None:
    """And no other; it can be corrected, and the theme is not struck out while projects are part of it."""
    theme = await planned(town, chair)
    grid = await unit_id(api, GRID)
    made = (await api.do(ADMIN, "proposeProject", "project { id theme { title } }", unitId=grid, proposedBy="网格",
                         themeId=theme, **said()))["project"]  # fmt: skip
    assert made["theme"] == {"title": "邻里节"}
    assert await told(api, ADMIN, "strikeOutTheme", id=theme, reason="误记") == [("CLOSED", "id")]
    right = {"id": made["id"], "reason": "误记"}
    assert (await api.do(ADMIN, "correctProject", PART, **right, themeId=None))["project"]["theme"] is None
    await api.do(ADMIN, "strikeOutTheme", "", id=theme, reason="误记")
    above = await unit_id(api, "350521100")
    other = {"unitId": above, "proposedBy": "镇政府", **said(themeId=await planned(town, chair))}
    assert await told(api, COUNTY_ADMIN, "proposeProject", **other) == [("OUT_OF_REACH", "themeId")]


async def test_what_was_dropped_or_is_hidden_is_no_theme(api: Api, town: Town, chair: Record) -> None:
    dropped = await planned(town, chair, status=ThemeStatus.DROPPED, outcome="无场地")
    right = {"id": (await proposed(api))["id"], "reason": "误记", "themeId": dropped}
    assert await told(api, ADMIN, "correctProject", **right) == [("CLOSED", "themeId")]
    there = {"unitId": await unit_id(api, "350521100002"), "proposedBy": "居委会", **said()}
    theirs = (await api.do(COUNTY_ADMIN, "proposeProject", "project { id }", **there))["project"]["id"]
    right |= {"id": theirs, "themeId": await planned(town, chair)}
    assert await told(api, COUNTY_ADMIN, "correctProject", **right) == [("OUT_OF_REACH", "themeId")]
    assert await told(api, ("community_admin", "350521100002"), "correctProject", **right) == "NOT_FOUND"
