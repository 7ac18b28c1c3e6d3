"""Members through the API: who sees them, who may reach them, who may change what."""

from typing import Any

from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, NEIGHBOUR, TOWN, Street, day, made, unit_id

SHOWN = "name maskedPhone maskedAddress contact { phone address }"


async def test_contact_is_a_facet_of_its_own(api: Api, on: Street) -> None:
    """Whole for the community and the member, masked for whom an office names them, nothing for a neighbour."""
    given: dict[str, Any] = {"id": on.members[0], "version": 1, "address": "螺城镇中山街一百二十三号"}
    payload = await api.do(ADMIN, "updateContact", f"member {{ version {SHOWN} }}", **given)
    whole = {"phone": "10000000001", "address": "螺城镇中山街一百二十三号"}
    masked = {"name": "演示党员1", "maskedPhone": "100****0001", "maskedAddress": "螺城镇中山街…"}
    assert payload["member"] == {"version": 2, **masked, "contact": whole}
    await api.do(ADMIN, "assignCaptain", "", buildingId=on.buildings[0], memberId=on.members[0], since=day(0))
    question = f"query($id: ID!) {{ node(id: $id) {{ ... on Member {{ {SHOWN} }} }} }}"
    expected: list[tuple[tuple[str, str], Any]] = [
        (("member", on.members[0]), {**masked, "contact": whole}),
        (("property_committee", COUNTY), {**masked, "contact": None}),
        (("auditor", COUNTY), {**masked, "contact": None}),
        (("member", on.members[1]), None),
        (NEIGHBOUR, None),
    ]
    for who, shown in expected:
        assert (await api.data(who, question, id=on.members[0]))["node"] == shown, who


async def test_what_is_short_is_not_shown_at_all(api: Api, on: Street) -> None:
    """Seven digits and a house number would be most of what they hide."""
    given: dict[str, Any] = {"id": on.members[0], "version": 1, "phone": "8738 0000", "address": "中山街123号"}
    payload = await api.do(ADMIN, "updateContact", "member { maskedPhone maskedAddress }", **given)
    assert payload["member"] == {"maskedPhone": "****", "maskedAddress": "…"}
    given |= {"version": 2, "phone": "0595-8738 0000", "address": None}
    payload = await api.do(ADMIN, "updateContact", "member { maskedPhone maskedAddress }", **given)
    assert payload["member"] == {"maskedPhone": "059****0000", "maskedAddress": None}


async def test_a_member_changes_its_own_contact_and_no_more(api: Api, on: Street) -> None:
    """Its phone, not its name, nor anyone else's; it sees itself and its grid's row."""
    oneself = ("member", on.members[0])
    given: dict[str, Any] = {"id": on.members[0], "version": 1, "phone": None}
    payload = await api.do(oneself, "updateContact", "member { maskedPhone contact { phone } }", **given)
    assert payload["member"] == {"maskedPhone": None, "contact": {"phone": None}}
    name: dict[str, Any] = {"id": on.members[0], "version": 2, "name": "新名"}
    assert await api.attempt(oneself, "updateMember", **name) == "FORBIDDEN"
    other: dict[str, Any] = {"id": on.members[1], "version": 1, "phone": "10000000009"}
    assert await api.attempt(oneself, "updateContact", **other) == "NOT_FOUND"
    seen = await api.data(oneself, "{ members { nodes { name } } orgUnits { nodes { name members { totalCount } } } }")
    assert seen["members"]["nodes"] == [{"name": "演示党员1"}]
    assert seen["orgUnits"]["nodes"] == [{"name": "北关社区居委会", "members": {"totalCount": 1}}]


async def test_a_member_moves_within_the_callers_reach(api: Api, on: Street) -> None:
    """A town moves a member to another community; a community cannot send one where it has no say."""
    other = await unit_id(api, NEIGHBOUR[1])
    move: dict[str, Any] = {"id": on.members[0], "version": 1, "unitId": other, "homeId": on.unit}
    assert await api.attempt(ADMIN, "updateMember", **move) == "NOT_FOUND"
    payload = await api.do(("town_admin", TOWN), "updateMember", "member { place home { name } unit { name } }", **move)
    assert payload["member"]["place"] == ["惠安县", "螺城镇", "西北社区居委会"]
    assert payload["member"]["home"] == {"name": "北关社区居委会"}
    back = (await api.data(NEIGHBOUR, "{ members { nodes { name home { name } } } }"))["members"]["nodes"]
    assert back == [{"name": "演示党员1", "home": None}]


async def test_filters_orders_and_search(api: Api, on: Street) -> None:
    """By standing, by name; whoever left is kept and no longer counts; contact data cannot be searched."""
    retired: dict[str, Any] = {"unitId": on.unit, "name": "陈二", "standing": "RETIRED", "phone": "13800001234"}
    chen = await made(api, ADMIN, "registerMember", "member", **retired)
    by_standing = "{ members(filter: {standing: [RETIRED], left: false}) { nodes { name } } }"
    assert (await api.data(ADMIN, by_standing))["members"]["nodes"] == [{"name": "陈二"}]
    ordered = await api.data(ADMIN, "{ members(orderBy: {field: NAME}) { nodes { name } } }")
    assert ordered["members"]["nodes"][0] == {"name": "陈二"}
    for text, count in (("chener", 1), ("13800001234", 0), ("1234", 0)):
        found = await api.data(ADMIN, f'{{ search(text: "{text}", kinds: [MEMBER]) {{ totalCount }} }}')
        assert found["search"]["totalCount"] == count, text
    today = (await api.connection.fetchval("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")).isoformat()
    await api.do(ADMIN, "updateMember", "member { leftOn }", id=chen, version=1, leftOn=today)
    counted = "all: members(filter: {left: null}) { totalCount } members { totalCount }"
    question = f'{{ {counted} orgUnit(by: {{code: "{ADMIN[1]}"}}) {{ indicators {{ members }} }} }}'
    numbers = await api.data(ADMIN, question)
    assert numbers == {
        "all": {"totalCount": 3},
        "members": {"totalCount": 2},
        "orgUnit": {"indicators": {"members": 2}},
    }
