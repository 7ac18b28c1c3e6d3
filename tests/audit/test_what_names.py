"""What of a text names a deleted person and goes, and what only looks like it and stays others'."""

from collections.abc import Collection
from typing import Any

import pytest

from services.audit.mentions import SPARED
from services.audit.words import words_of
from services.members.tables import NOBODY
from tests.audit.people import ADDRESS, LOGIN, NAME, PHONE, Person
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, NEIGHBOUR, OTHER, day, made, unit_id

Who = tuple[str, str | None, str | None, tuple[str, ...]]
LIN: Who = ("林晓", "0595-22778899", "3号楼", ("350521-lin.xiao", "350521-on", "350521-2024"))
LAMP: Who = ("灯", None, "路灯下", ("350521-路灯管理",))
ODD: Who = ("a%\\(b", None, "[x", ("350521-a.c-d",))
MOBILE, LANDLINE = "13700001111", "0595-88881111"
BOB: Who = ("Bob  Li", None, None, ("350521-bob.li",))
MING: Who = ("王明", None, None, ())

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
        "lin.xiao.2 lin.xiao@qq.com a_lin.xiao 9lin.xiao lin.xiaoA a--lin.xiao a..lin.xiao lin.xiao--a",
        "lin.xiao.2 lin.xiao@qq.com a_lin.xiao 9lin.xiao lin.xiaoA a--lin.xiao a..lin.xiao lin.xiao--a",
    ),
    (LIN, "linyxiao a.lin.xiao lin.xiao-2 qq@lin.xiao", "linyxiao a.lin.xiao lin.xiao-2 qq@lin.xiao"),
    (LIN, "_lin.xiao_ 来", "_*_ 来"),
    # Beside Chinese, and with what an office writes around one.
    (
        LIN,
        "@lin.xiao 请办，综治办-lin.xiao，交lin.xiao-办公室，lin.xiao_，lin.xiao_综治办，找lin.xiao...再议，lin.xiao—2",
        "@* 请办，综治办-*，交*-办公室，*_，*_综治办，找*...再议，*—2",
    ),
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

# Their address, a text in which they are named, and what is left of it.
PLACES: tuple[tuple[str, str, str], ...] = (
    ("1号楼101", "11号楼101张三投诉林晓，1号楼101林晓", "11号楼101张三投诉*，**"),
    (
        "1号楼101",
        "林晓在1号楼1012、A1号楼101、１1号楼101、1号楼101Ｂ",
        "*在1号楼1012、A1号楼101、１1号楼101、1号楼101Ｂ",
    ),
    ("2号楼", "12号楼李四问林晓，3-2号楼，林晓住2号楼三层", "12号楼李四问*，3-2号楼，*住*三层"),
    ("1-101", "林晓1-101，1-101-2、3-1-101、12—1-101", "**，1-101-2、3-1-101、12—1-101"),
    ("二号楼", "十二号楼李四问林晓，二号楼", "十二号楼李四问*，*"),
    ("二号楼", "林晓在廿二号楼、二号楼", "*在廿二号楼、*"),
    ("东街十", "林晓在东街十二、东街十", "*在东街十二、*"),
    ("Li", "Lily与林晓在Li，Ali", "Lily与*在*，Ali"),
    ("号楼", "林晓在1号楼2", "*在1*2"),
    ("二号楼", "林晓在一○二号楼、幺二号楼、万二号楼、1二号楼、二号楼", "*在一○二号楼、幺二号楼、万二号楼、1二号楼、*"),
    ("三〇二", "林晓在两三〇二、三〇二1、三〇二两、三〇二", "*在两三〇二、三〇二1、三〇二两、*"),
    (
        "1-101",
        "林晓在3/1-101、3#1-101、3.1-101、3_1-101、1-101/2、1-101",
        "*在3/1-101、3#1-101、3.1-101、3_1-101、1-101/2、*",
    ),
    ("1-101", "林晓在3 - 1-101、1-101 - 2、3 1-101 2", "*在3 - 1-101、1-101 - 2、3 * 2"),
)


@pytest.mark.parametrize(("address", "text", "left"), PLACES, ids=[text for _, text, _ in PLACES])
def test_a_place_is_not_in_another(address: str, text: str, left: str) -> None:
    holds(("林晓", None, address, ()), text, left)


@pytest.mark.parametrize(("who", "text", "left"), SAID, ids=[text for _, text, _ in SAID])
def test_what_names_somebody(who: Who, text: str, left: str) -> None:
    holds(who, text, left)


def holds(who: Who, text: str, left: str, longer: Collection[str] = ()) -> None:
    """Of a text, this is left."""
    name, phone, address, logins = who
    words = words_of({"name": name, "phone": phone, "address": address}, logins, longer=longer)
    assert words is not None
    assert words.without(text) == (None if left == text else left.replace("*", NOBODY))


# --- longer names -----------------------------------------------------------------------------------------------------

LONGER: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("王明", ("王明华",), "王明华与王明到会，王明芳未到", "王明华与*到会，*芳未到"),
    ("王明", ("王明华",), "王明华", "王明华"),
    ("王明", ("大王明",), "大王明、小王明", "大王明、小*"),
    ("王明", ("大王明华",), "大王明华、大王明、王明华", "大王明华、大*、*华"),
    ("王明", ("王明华", "王明芳", "小王明"), "王明华王明芳小王明王明", "王明华王明芳小王明*"),
    ("甲甲", ("甲甲甲",), "甲甲甲，甲甲", "甲甲甲，*"),
    ("Li", ("Bob Li", "Li Ming"), "bob  LI, li ming, Li Mingxia, Li", "bob  LI, li ming, * Mingxia, *"),
    ("王明", ("王明(b",), "王明(b王明", "王明(b*"),
    # Which does not stand there where it is itself a piece of something longer.
    (
        "Tom Wu",
        ("Lin Tom Wu",),
        "Qilin Tom Wu spoke, lin tom wu, 小Lin Tom Wu",
        "Qilin * spoke, lin tom wu, 小Lin Tom Wu",
    ),
    ("Bob Li", ("Xin Bob Li",), "Lixin Bob Li, ９Xin Bob Li, Xin Bob Li", "Lixin *, ９Xin *, Xin Bob Li"),
    ("Ann Lee32", ("Jo Ann Lee32",), "Banjo Ann Lee32 came, Jo Ann Lee32", "Banjo * came, Jo Ann Lee32"),
    ("王明", ("Li王明", "王明Bo"), "Ali王明与王明Bob，Li王明、王明Bo", "Ali*与*Bob，Li王明、王明Bo"),
    ("王明", ("王明",), "王明", "*"),
    ("王明", ("王明华", "小王明"), "王　明　华、小 王 明，王 明", "王　明　华、小 王 明，*"),
    ("王明", ("王　明　华", "小 王明"), "王明华，小王明，王明", "王明华，小王明，*"),
    ("王明", ("王明华", "小王明"), "王 明　华参加，见小 王 明来，王 明。", "王 明　华参加，见小 王 明来，*。"),
    ("王 明", ("王明华",), "王明华、王明 华、王明", "王明华、王明 华、*"),
    ("王明", ("王　明",), "王明", "*"),
    ("Li", ("Bob Li",), "Ｂｏｂ　Ｌｉ，Ｌｉ", "Ｂｏｂ　Ｌｉ，*"),
    # Whose parts have a dot between them, with blanks or without, and by its second part.
    (
        "阿里木",
        ("阿里木·买买提",),
        "由阿里木 · 买买提办，阿里木· 买买提、阿里木 .买买提、阿里木　·　买买提、阿 里 木 · 买 买 提办，由阿里木办",
        "由阿里木 · 买买提办，阿里木· 买买提、阿里木 .买买提、阿里木　·　买买提、阿 里 木 · 买 买 提办，由*办",
    ),
    ("巴图尔", ("艾·巴图尔",), "艾 · 巴图尔、艾·巴图尔、巴图尔", "艾 · 巴图尔、艾·巴图尔、*"),
    # One of a single character is in others' as any.
    (
        "珺",
        ("王珺",),
        "到会：王　珺、赵六；王 珺，赵六、王　珺 赵六；珺、赵六",
        "到会：王　珺、赵六；王 珺，赵六、王　珺 赵六；*、赵六",
    ),
    ("Mary Wu", ("Mary Wu-Chen",), "Mary Wu–Chen 到，Mary Wu-Chen，Mary Wu", "Mary Wu–Chen 到，Mary Wu-Chen，*"),
    ("琛", ("李琛",), "李　琛来，李 琛，琛", "李　琛来，李 琛，*"),
    # What strikes a letter out, or underlines it, makes no other of it.
    (
        "王明",
        ("王明华",),
        "请王明\u0336华\u0336来，王\u0332明\u0332华、王明\u0332办",
        "请王明\u0336华\u0336来，王\u0332明\u0332华、*办",
    ),
    # Of two that overlap nobody can say which it is.
    ("旻旻", ("旻旻华",), "旻旻旻华、旻旻华", "*旻华、旻旻华"),
    # What is in part theirs and in part not.
    ("王明", ("大王明华",), "小王明华与大王明华", "小*华与大王明华"),
)


@pytest.mark.parametrize(("name", "longer", "text", "left"), LONGER, ids=[text for _, _, text, _ in LONGER])
def test_a_name_is_not_theirs_in_a_longer_one(name: str, longer: tuple[str, ...], text: str, left: str) -> None:
    """Which somebody else bears; what a known name is not in is theirs."""
    holds((name, None, None, ()), text, left, longer)


@pytest.mark.parametrize("longer", ["Xin Bob Li", "Li Bob", "Bob Li"])
@pytest.mark.parametrize(("address", "login"), [("Li", "on"), ("3号楼", "li"), ("Li", "Li"), ("3号楼", "350521-li")])
def test_nothing_of_theirs_is_in_a_longer_name(longer: str, address: str, login: str) -> None:
    """Neither where they live nor how they sign in."""
    who: Who = ("Bob", None, address, (login,))
    holds(who, f"{longer} and Bob", f"{longer} and *", [longer])
    said, left = f"Bob ({login}, {address}), {longer}", f"* (*, *), {longer}"
    holds(who, said, left, [longer])


def test_a_login_that_names_them_is_not_in_a_longer_name() -> None:
    who: Who = ("林晓", None, None, ("350521-ming",))
    holds(who, "Ming 林晓、ming", "Ming 林晓、*", ["Ming 林晓"])
    holds(who, "Ming 林晓", "Ming 林晓", ["Ming 林晓"])


def test_as_many_longer_names_are_told_apart_as_are_looked_for() -> None:
    """As long as names are, on both sides."""
    longer = [f"{chr(0x5000 + number) * 49}王明{chr(0x6000 + number) * 49}" for number in range(SPARED)]
    holds(MING, f"{longer[-1]}与王明", f"{longer[-1]}与*", longer)
    latin = [f"Anna{number} Bob Li Ming{number}" for number in range(SPARED)]
    holds(BOB, f"{latin[-1]}与bob li", f"{latin[-1]}与*", latin)
    who: Who = ("Bob Li", None, "Chen", ("350521-ming",))
    wide = [f"{'Anna Dhen ' * 4}Bob Li Ming Chen {'Anna Dhen ' * 4}{number:02}" for number in range(SPARED)]
    holds(who, f"{wide[-1]}与bob li住Chen", f"{wide[-1]}与*住*", wide)
    wide = [f"{'Chen Ming ' * 4}Bob Li {number:02}" for number in range(SPARED)]
    holds(who, f"{wide[-1]}与bob li住Chen，ming", f"{wide[-1]}与*住*，*", wide)


# --- Latin ------------------------------------------------------------------------------------------------------------

IN_LATIN: tuple[tuple[Who, str, str], ...] = (
    (BOB, "交Bob Li办，bob li，BOB\u00a0 LI、Bob　Li", "交*办，*，*、*"),
    (BOB, "登录名BOB.LI，350521-Bob.Li", "登录名*，*"),
    (BOB, "BobLi, Bob Lin, XBob Li, Bob Li2, Jakob Li", "BobLi, Bob Lin, XBob Li, Bob Li2, Jakob Li"),
    (("Li", None, None, ()), "Listing Ali li", "Listing Ali *"),
    (("Émile", None, None, ()), "Émile, Émilever", "*, Émilever"),
    (("Bob明", None, None, ()), "小bOb明明，Jimbob明", "小*明，Jimbob明"),
    (("Li", None, None, ("350521-on",)), "li (ON) online", "* (*) online"),
    # Any dot divides the parts of a name, and any width is the same letter.
    (("阿里·买买提", None, None, ()), "阿里•买买提、阿里·买买提、阿里・买买提、阿里‧买买提", "*、*、*、*"),
    (("阿里·买买提", None, None, ()), "阿里∙买买提、阿里．买买提、阿里.买买提，阿里买买提", "*、*、*，阿里买买提"),
    (("阿里．买买提", None, None, ()), "阿里·买买提，阿里。买买提", "*，阿里。买买提"),
    (("J.Li", None, None, ()), "J．Li，J·Li", "*，J·Li"),
    (("Bob", None, None, ()), "Ｂｏｂ，ＢＯＢ、Ｂｏｂｂｙ、ＡＢｏｂ", "*，*、Ｂｏｂｂｙ、ＡＢｏｂ"),
    (("Ｂｏｂ", None, None, ()), "Bob，Ｂｏｂ", "*，*"),
    (("王明(大)", None, None, ()), "王明（大），王明(大)", "*，*"),
    (
        BOB,
        "ｂｏｂ．ｌｉ、350521－BOB.LI，ｂｏｂ．ｌｉ．ａ、ａbob.li、bob.li＠qq",
        "*、*，ｂｏｂ．ｌｉ．ａ、ａbob.li、bob.li＠qq",
    ),
    (("林晓", None, "A座1", ()), "林晓Ａ座１", "**"),
    # A name drawn out by blanks, where no Chinese character touches it.
    (MING, "王　明、王 明，王  明到会，国王 明天，国王 明", "*、*，王  明到会，国王 明天，国王 明"),
    (MING, "王\n明", "王\n明"),
    (MING, "王\u202f明、王\u205f明", "*、*"),
    (MING, "、王明\u0332办，王明\u0332、王\u0336明\u20dd，王 明\u0332。", "、*办，*、*，*。"),
    # Whoever stood beside them lost their name before.
    (
        ("Bob", None, None, ("350521-lin.xi",)),
        f"请{NOBODY}Bob{NOBODY}lin.xi{NOBODY}办",
        f"请{NOBODY}*{NOBODY}*{NOBODY}办",
    ),
    (("deleted", None, None, ()), f"{NOBODY}与deleted", f"{NOBODY}与*"),
    # In whichever script.
    (("김·철수", None, None, ()), "김•철수 오다, 김.철수, 김・철수, 김철수", "* 오다, *, *, 김철수"),
    (("ئابدۇللا·تۇرسۇن", None, None, ()), "ئابدۇللا•تۇرسۇن A", "* A"),
    (("བཀྲ·ཤིས", None, None, ()), "བཀྲ•ཤིས A", "* A"),
    (("タナカ・ケン", None, None, ()), "タナカ·ケン 来", "* 来"),
    (("عبد-الله", None, None, ()), "عبد‐الله A", "* A"),
    (("Oʼneil", None, None, ()), "O'neil, O’neil", "*, *"),
    (("阿迪ꞏ买买提", None, None, ()), "阿迪·买买提 到", "* 到"),
    (("王　明", None, None, ()), "国王\n明天来", "国王\n明天来"),
    (("O'Neil", None, None, ()), "O’Neil, O‘Neil, O＇Neil", "*, *, *"),
    (("Jean-Luc", None, None, ()), "Jean–Luc, Jean－Luc, Jean Luc", "*, *, Jean Luc"),
    (("Straße", None, None, ()), "STRAẞE, Strasse", "*, Strasse"),
    (("Bob", None, "9号楼", ()), "B\u0336o\u0336b\u0336住9\u20e3号楼\u0301", "*住*"),
    (
        ("古丽·买买江", None, None, ()),
        "古丽 · 买买江、古丽· 买买江办、古丽　·　买买江、古 丽 · 买 买 江",
        "*、*办、*、*",
    ),
    (("王　明", None, None, ()), "交王明办，交王　明办，王 明", "交*办，交*办，*"),
    (("李小明", None, None, ()), "李 小 明、李 小明，李 小明天", "*、*，李 小明天"),
)


@pytest.mark.parametrize(("who", "text", "left"), IN_LATIN, ids=[text for _, text, _ in IN_LATIN])
def test_latin_is_found_whatever_its_case_as_a_word(who: Who, text: str, left: str) -> None:
    """With any blanks between its words."""
    holds(who, text, left)


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


async def _registered(api: Api, unit: str, *named: str) -> None:
    """Members of these names."""
    rows = [{"name": name, "standing": "RETIRED"} for name in named]
    await made(api, COUNTY_ADMIN, "registerMembers", "orgUnit", unitId=unit, members=rows)


async def test_a_longer_name_is_its_bearers_wherever_it_is_said(api: Api, someone: Person) -> None:
    """In the unit of who is deleted too; and the rest of the county loses the name still."""
    await _registered(api, await unit_id(api, OTHER), f"{NAME}华", f"小{NAME}")
    await _matters(api, f"{NAME}华提议", f"小{NAME}提议", f"{NAME}与{NAME}华提议")
    given = {"unitId": someone.street.unit, "source": "VISIT", "proposedOn": day(-9)}
    await made(api, ADMIN, "proposeMatter", "matter", title=f"{NAME}、{NAME}华到会", **given)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    kept = {f"{NAME}华提议", f"小{NAME}提议", f"{NOBODY}与{NAME}华提议", f"{NOBODY}、{NAME}华到会"}
    assert await _titles(api) == kept


@pytest.mark.parametrize("more", [0, 1])
async def test_a_name_in_more_names_than_are_told_apart_is_looked_for_where_they_served(
    api: Api, someone: Person, more: int
) -> None:
    """As one that somebody else bears; those who serve there are told apart first."""
    other = await unit_id(api, OTHER)
    await _registered(api, other, *(f"{NAME}{chr(0x5000 + number)}" for number in range(SPARED - 1 + more)))
    await _registered(api, someone.street.unit, f"{NAME}龙")
    await _matters(api, f"{NAME}提议")
    given = {"unitId": someone.street.unit, "source": "VISIT", "proposedOn": day(-9)}
    await made(api, ADMIN, "proposeMatter", "matter", title=f"{NAME}与{NAME}龙", **given)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    assert await _titles(api) == {f"{NAME if more else NOBODY}提议", f"{NOBODY}与{NAME}龙"}


async def test_a_namesake_in_another_case_is_one(api: Api, someone: Person) -> None:
    """As the name is found in any; who is told Bobby is not."""
    unit, other = someone.street.unit, await unit_id(api, OTHER)
    anna, bob = [
        await made(api, ADMIN, "registerMember", "member", unitId=unit, name=name, standing="RETIRED")
        for name in ("Anna Li", "Bob Li")
    ]
    await _registered(api, other, "ANNA  LI", "Bob Lin")
    await _matters(api, "anna li 提议", "bob li 提议")
    for one in (anna, bob):
        await api.do(COUNTY_ADMIN, "deletePerson", "", id=one)
    assert await _titles(api) == {"anna li 提议", f"{NOBODY} 提议"}


async def test_a_longer_name_is_not_where_another_word_ends_with_it(api: Api, someone: Person) -> None:
    """The dry run tells of the text, and the deletion changes it."""
    unit = someone.street.unit
    one = await made(api, ADMIN, "registerMember", "member", unitId=unit, name="Tom Wu", standing="RETIRED")
    await _registered(api, await unit_id(api, OTHER), "Lin Tom Wu")
    await _matters(api, "Qilin Tom Wu spoke", "Lin Tom Wu spoke")
    told = await api.attempt(COUNTY_ADMIN, "deletePerson", "texts { kind count }", id=one)
    assert told["texts"] == [{"kind": "Matter", "count": 1}]
    assert await _titles(api) == {f"Qilin {NOBODY} spoke", "Lin Tom Wu spoke"}


async def test_a_namesake_with_a_blank_in_the_name_is_one(api: Api, someone: Person) -> None:
    """So is a longer name with blanks a longer name."""
    other, apart = await unit_id(api, OTHER), "　".join
    await _registered(api, other, f"{apart(NAME)}　华")
    await _matters(api, f"{NAME}华提议", f"{NAME}提议")
    one = await made(
        api, ADMIN, "registerMember", "member", unitId=someone.street.unit, name="王明", standing="RETIRED"
    )
    await _registered(api, other, "王　明")
    await _matters(api, "王明提议")
    for member in (someone.member, one):
        await api.do(COUNTY_ADMIN, "deletePerson", "", id=member)
    assert await _titles(api) == {f"{NAME}华提议", f"{NOBODY}提议", "王明提议"}


async def test_texts_are_composed_and_older_ones_found(api: Api, someone: Person) -> None:
    """A member of a name with an accent is known by either form, and a text is stored in one."""
    unit = someone.street.unit
    one = await made(api, ADMIN, "registerMember", "member", unitId=unit, name="Jose\u0301", standing="RETIRED")
    await _matters(api, "Jose\u0301 spoke", "Jose spoke", "old")
    assert await _titles(api) == {"Jos\u00e9 spoke", "Jose spoke", "old"}
    await api.connection.execute("UPDATE matter SET title = $1 WHERE title = 'old'", "Jose\u0301 spoke long ago")
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=one)
    assert await _titles(api) == {f"{NOBODY} spoke", "Jose spoke", f"{NOBODY} spoke long ago"}


async def test_a_phone_said_otherwise_goes(api: Api, someone: Person) -> None:
    """Stored as eleven digits, or with the country's code and blanks."""
    await _matters(api, "电话139-8765-4321", "电话+86 139 8765 4321", "电话１３９８７６５４３２１", "电话9913987654321")
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    assert await _titles(api) == {f"电话{NOBODY}", "电话9913987654321"}
