"""What of a text names a deleted person and goes, and what only looks like it and stays others'."""

from typing import Any

import pytest
from sqlalchemy import Text, literal, select

from services.audit.words import words_of
from services.members.tables import NOBODY
from services.storage.transaction import Transaction
from tests.audit.people import ADDRESS, LOGIN, NAME, PHONE, Person
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, NEIGHBOUR, OTHER, day, made, unit_id

Who = tuple[str, str | None, str | None, tuple[str, ...]]
LIN: Who = ("林晓", "0595-22778899", "3号楼", ("350521-lin.xiao", "350521-on", "350521-2024"))
LAMP: Who = ("灯", None, "路灯下", ("350521-路灯管理",))
ODD: Who = ("a%\\(b", None, "[x", ("350521-a.c-d",))

# By whom, a text, and what is left of it.
SAID: tuple[tuple[Who, str, str], ...] = (
    (LIN, "交林晓办", "交*办"),
    # A phone, not next to another digit.
    (LIN, "电话0595-22778899。", "电话*。"),
    (LIN, "0595-22778899、0595-22778899", "*、*"),
    (LIN, "0595-227788990，10595-22778899，0595-22778899０", "0595-227788990，10595-22778899，0595-22778899０"),
    # A login, whole and without its code, not a piece of anything longer.
    (LIN, "登录名350521-lin.xiao, lin.xiao.", "登录名*, *."),
    (
        LIN,
        "lin.xiao.2 lin.xiao@qq.com _lin.xiao 9lin.xiao lin.xiaoA",
        "lin.xiao.2 lin.xiao@qq.com _lin.xiao 9lin.xiao lin.xiaoA",
    ),
    (LIN, "linyxiao", "linyxiao"),
    # Too short or too like a year to name somebody, unless something beside it does.
    (LIN, "设备on，2024年", "设备on，2024年"),
    (LIN, "林晓（on）于2024年起，online", "*（*）于*年起，online"),
    (LIN, "350521-on于2024年起", "*于*年起"),
    (("林晓", None, None, ("on",)), "设备on", "设备on"),
    # An address is a place; at one spot the longest goes.
    (LIN, "3号楼漏水", "3号楼漏水"),
    (LIN, "3号楼林晓", "**"),
    (("林晓", None, "林晓家", ()), "在林晓家", "在*"),
    (("林晓", None, "晓", ()), "林晓与晓", "*与*"),
    # A name of one character, and a login of ideographs, by themselves.
    (LAMP, "增设路灯，灯会，5灯", "增设路灯，灯会，5灯"),
    (LAMP, "灯、灯：路灯下", "*、*：*"),
    (LAMP, "请 路灯管理 办，路灯管理员", "请 * 办，路灯管理员"),
    # Whatever means something elsewhere means itself here.
    (ODD, "a%\\(b a%(b aXb", "* a%(b aXb"),
    (ODD, "abc-d a.c-d [x", "abc-d * *"),
    (("***=甲", None, None, ()), "甲 ***=甲", "甲 *"),
    (("a\\nb", None, None, ()), "a\nb a\\nb", "a\nb *"),
)


@pytest.mark.parametrize(("who", "text", "left"), SAID, ids=[text for _, text, _ in SAID])
async def test_what_names_somebody(api: Api, who: Who, text: str, left: str) -> None:
    name, phone, address, logins = who
    words = words_of({"name": name, "phone": phone, "address": address}, logins)
    assert words is not None
    said = literal(text, Text)
    row = await Transaction(api.connection).row(
        select(words.name(said).label("named"), words.without(said).label("left"))
    )
    assert row is not None
    expected = left.replace("*", NOBODY) if left != text else text
    assert row["named"] == (left != text)
    assert (row["left"] if row["named"] else text) == expected


def test_nothing_is_looked_for_where_nothing_names_them() -> None:
    """An empty expression would be found in every text."""
    nobody: dict[str, Any] = {"name": "林晓", "phone": None, "address": "3号楼"}
    assert words_of(nobody, ["350521-on"], by_name=False) is not None
    assert words_of(nobody, [], by_name=False) is None


# --- the whole of it --------------------------------------------------------------------------------------------------


async def _matters(api: Api, *titles: str) -> None:
    """Of another community."""
    given = {"unitId": await unit_id(api, OTHER), "source": "VISIT", "proposedOn": day(-9)}
    for title in titles:
        await made(api, NEIGHBOUR, "proposeMatter", "matter", title=title, **given)


async def _titles(api: Api) -> set[str]:
    return {row["title"] for row in await api.connection.fetch("SELECT title FROM matter")}


async def test_what_others_said_of_places_and_things_stays(api: Api, someone: Person) -> None:
    """Who is called a lamp, lives at a car park and signs in as on is deleted; nobody else's matters change."""
    titles = {"规范停车秩序", "增设路灯", "更换online设备", "楼道灯", "on设备"}
    await _matters(api, *titles, "请灯（住停车）看", "由350521-on在停车处办")
    lamp = {"name": "灯", "standing": "RETIRED", "address": "停车"}
    one = await made(api, ADMIN, "registerMember", "member", unitId=someone.street.unit, **lamp)
    account = {"unitId": someone.street.unit, "name": "灯", "login": "on", "memberId": one}
    await made(api, ADMIN, "createAccount", "account", **account)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=one)
    assert await _titles(api) == titles | {"请灯（住停车）看", f"由{NOBODY}在{NOBODY}处办"}


async def test_an_address_goes_where_they_are_named(api: Api, someone: Person) -> None:
    """By name, phone or login, in the same text; and not where it is spoken of alone."""
    await _matters(api, f"{ADDRESS}漏水", f"{NAME}住{ADDRESS}", f"{PHONE}：{ADDRESS}", f"{LOGIN} {ADDRESS}")
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    assert await _titles(api) == {
        *(f"{ADDRESS}漏水", f"{NOBODY}住{NOBODY}", f"{NOBODY}：{NOBODY}", f"{NOBODY} {NOBODY}"),
    }
