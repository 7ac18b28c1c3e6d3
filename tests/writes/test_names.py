"""One folding: what a command refuses as the same name is what `search` and `nameContains` find by it."""

from typing import Any

from tests.storage.test_names import DIFFERENT, SAME
from tests.writes.api import Api
from tests.writes.street import ADMIN, Street, made

SEARCH = "query($text: String!) { search(text: $text) { nodes { ... on Member { name } ... on Compound { name } } } }"
CONTAINS = """query($text: String!) {
    members(filter: {nameContains: $text}) { nodes { name } }
    compounds(filter: {nameContains: $text}) { nodes { name } }
}"""
VISIBLE = [(one, other) for one, other in SAME if not set(one + other) & set("\u200b\u200d\u3164\uffa0\ufeff\u00ad")]


def codes(payload: Any) -> list[tuple[str, str]]:
    """The problems of a payload."""
    return [(error["code"], error["field"][-1]) for error in payload["userErrors"]]


async def searched(api: Api, text: str) -> list[str]:
    """The names of what `search` finds."""
    found = await api.data(ADMIN, SEARCH, text=text)
    return [node["name"] for node in found["search"]["nodes"]]


async def containing(api: Api, text: str) -> list[str]:
    """The names that contain a text, by the filter."""
    found = await api.data(ADMIN, CONTAINS, text=text)
    return [node["name"] for kind in ("members", "compounds") for node in found[kind]["nodes"]]


TAKEN = [
    ("１２号楼", "12号楼", True),
    ("Ａ座", "a 座", True),
    ("紫云•轩", "紫云・轩", True),
    ("东　楼", "东楼", True),
    ("A Block", "ABlock", False),
    ("白云·轩", "白云轩", False),
]


async def test_a_name_is_taken_however_it_is_written(api: Api, on: Street) -> None:
    """Buildings of one compound, services of one unit: made or renamed."""
    second = await made(api, ADMIN, "createCompound", "compound", unitId=on.unit, name="另一小区")
    for one, other, same in TAKEN:
        told = [("TAKEN", "name")] if same else []
        await made(api, ADMIN, "createBuilding", "building", compoundId=on.compound, name=one)
        assert codes(await api.attempt(ADMIN, "createBuilding", compoundId=on.compound, name=other)) == told, one
        assert codes(await api.attempt(ADMIN, "createBuilding", compoundId=second, name=other)) == [], one
        building = await made(api, ADMIN, "createBuilding", "building", compoundId=on.compound, name=f"{one}之")
        renaming: dict[str, Any] = {"id": building, "version": 1, "name": other + (" " if same else "2")}
        assert codes(await api.attempt(ADMIN, "updateBuilding", **renaming)) == told, one
        service: dict[str, Any] = {"unitId": on.unit, "function": "FOOD"}
        await made(api, ADMIN, "publishService", "serviceItem", **service, name=one)
        assert codes(await api.attempt(ADMIN, "publishService", **service, name=other)) == told, one


async def test_a_building_may_be_written_otherwise(api: Api, on: Street) -> None:
    """It is the same name, and its own."""
    given: dict[str, Any] = {"id": on.buildings[0], "version": 1, "name": "１号楼"}
    assert (await api.do(ADMIN, "updateBuilding", "building { name }", **given))["building"] == {"name": "１号楼"}


async def compounds_gone(api: Api) -> None:
    """Those without a building."""
    await api.connection.execute("DELETE FROM compound WHERE id NOT IN (SELECT compound_id FROM building)")


async def test_what_is_the_same_is_found(api: Api, on: Street) -> None:
    """Whichever way it was written, and is looked for; by `search` and by `nameContains`."""
    unit = on.unit
    pairs = [pair for pair in VISIBLE if len(pair[1]) > 1 and pair[1].strip()]
    for name, text in [*pairs, *((other, one) for one, other in pairs)]:
        payload = await api.attempt(ADMIN, "createCompound", "compound { id name version }", unitId=unit, name=name)
        if payload["compound"] is None:  # with a selector, which no name may have
            assert codes(payload) == [("INVALID", "name")]
            continue
        assert payload["compound"]["name"] in await searched(api, text)
        assert payload["compound"]["name"] in await containing(api, text)
        await compounds_gone(api)


async def test_what_differs_is_not_found(api: Api, on: Street) -> None:
    """Latin words are found by their letters alone, as pinyin is."""
    unit = on.unit
    for one, other in DIFFERENT:
        if "Block" not in one:
            await made(api, ADMIN, "createCompound", "compound", unitId=unit, name=one)
            assert one not in await searched(api, other)
            assert one not in await containing(api, other)


READINGS = [
    (
        "解晓东",
        ["xiexiaodong", "jiexiaodong", "xiexiao", "XXD", "jxd", "xx", "jx", "解　晓东"],
        ["xi", "ie", "gjie"],
    ),
    ("区志明", ["ou zhiming", "quzhiming", "oz", "qz"], ["ou", "qu", "hi"]),
    ("单小明", ["shanxiaoming", "sxm"], ["danxiaoming"]),
    ("尉迟明", ["yuchiming", "yc"], ["weichiming"]),
    ("曾经国", ["zengjingguo", "cengjingguo"], []),
]


async def test_a_person_is_found_by_either_reading(api: Api, on: Street) -> None:
    """Two letters are initials of either; nothing is found across the two."""
    unit = on.unit
    given: dict[str, Any] = {"unitId": unit, "standing": "RESIDENT"}
    member = await made(api, ADMIN, "registerMember", "member", **given, name="演示甲")
    for version, (name, texts, never) in enumerate(READINGS, 1):
        renaming: dict[str, Any] = {"id": member, "version": version, "name": name}
        await api.do(ADMIN, "updateMember", "member { name }", **renaming)
        for text in texts:
            assert await searched(api, text) == [name], text
        for text in never:
            assert await searched(api, text) == [], text


async def test_either_reading_begins_a_name(api: Api, on: Street) -> None:
    """What begins with the text comes before what holds it, by whichever reading."""
    unit = on.unit
    for name in ("小解放", "解放"):
        await made(api, ADMIN, "registerMember", "member", unitId=unit, standing="RESIDENT", name=name)
    assert await searched(api, "jiefang") == await searched(api, "jiefa") == ["解放", "小解放"]


async def test_places_are_not_read_as_surnames(api: Api, on: Street) -> None:
    """A compound is found by a place's reading alone."""
    unit = on.unit
    await made(api, ADMIN, "createCompound", "compound", unitId=unit, name="解放花园")
    assert await searched(api, "jiefanghuayuan") == ["解放花园"]
    assert await searched(api, "xiefanghuayuan") == []


async def test_accounts_are_found_by_the_same_folding(api: Api, on: Street) -> None:
    """As wide, as narrow, with another dot."""
    unit = on.unit
    await made(api, ADMIN, "createAccount", "account", unitId=unit, name="艾力•买 买提Ａ")
    query = "query($text: String!) { accounts(filter: {nameContains: $text}) { nodes { name } } }"
    for text, count in (("力·买买提a", 1), ("力 ・ 买", 1), ("力买", 0)):
        assert len((await api.data(ADMIN, query, text=text))["accounts"]["nodes"]) == count, text


async def test_the_trail_keeps_no_folded_name(api: Api, on: Street) -> None:
    """A key would tell what the trail is to forget."""
    await api.do(ADMIN, "updateMember", "member { name }", id=on.members[0], version=1, name="演示乙")
    kept = await api.connection.fetch("SELECT before, after FROM audit_change")
    assert kept
    assert not [row for row in kept if "folded" in f"{row}" or "演示乙" in f"{row}"]
