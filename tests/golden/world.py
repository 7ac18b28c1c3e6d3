"""The small fixed world of the golden files: two counties of one city, one of them with a town, a village and grids.

`load` puts units and party organizations there, `load_more` a compound with a building, a company and a captain.
"""

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import asyncpg

from policies.actor import Actor, Held
from policies.scope import At, Captain, Company, Inspects, Term, Within
from services.declared import METADATA
from services.names import search_keys
from services.storage.tables import named

NAMESPACE = UUID("6f1c9f0e-0000-4000-8000-000000000000")
SECRET = bytes(range(32))

# code, name, level; the parent is the longest code that begins this one.
UNITS = (
    ("35", "福建省", "PROVINCE"),
    ("3505", "泉州市", "CITY"),
    ("350521", "惠安县", "COUNTY"),
    ("350521100", "螺城镇", "TOWN"),
    ("350521100001", "北关社区居委会", "COMMUNITY"),
    ("350521100001001", "第一网格", "GRID"),
    ("350521100001002", "第二网格", "GRID"),
    ("350521100002", "西北社区居委会", "COMMUNITY"),
    ("350521101", "螺阳镇", "TOWN"),
    ("350524", "安溪县", "COUNTY"),
    ("350524100", "凤城镇", "TOWN"),
)
FORMER = (("350599", "350521"), ("350524", "350521100"))  # the second is another unit's present code
# name, unit's code, tier, kind, parent's name
ORGANIZATIONS = (
    ("北关社区党委", "350521100001", "VILLAGE", "COMMITTEE", None),
    ("北关社区第一网格党支部", "350521100001001", "GRID", "BRANCH", "北关社区党委"),
    ("北关社区第二网格党支部", "350521100001002", "GRID", "BRANCH", "北关社区党委"),
    ("凤城镇党委", "350524100", "VILLAGE", "COMMITTEE", None),
)

ACCOUNT = uuid5(NAMESPACE, "account")


def id_of(name: str) -> UUID:
    """The fixed id of a unit, by its code, or of anything else, by its name."""
    return uuid5(NAMESPACE, name)


ACTORS: dict[str, tuple[tuple[str, Term], ...]] = {
    "county": (("county_admin", Within("35/3505/350521/")),),
    "two towns": (
        ("town_admin", Within("35/3505/350521/350521101/")),
        ("town_admin", Within("35/3505/350524/350524100/")),
    ),
    "auditor": (("auditor", Inspects("35/3505/350521/350521101/")),),
    "member": (("member", At("35/3505/350521/350521100/350521100001/350521100001001/")),),
    "company": (("company_secretary", Company(id_of("演示物业公司"))),),
    "captain": (("captain", Captain(id_of("演示党员"))),),
    "nobody": (),
}


def path_of(code: str) -> str:
    """The path of a unit of this world."""
    return "".join(f"{other}/" for other, _, _ in UNITS if code.startswith(other))


def actor(name: str) -> Actor:
    """One of `ACTORS`, holding the token the world is loaded with."""
    held = tuple(Held(id_of("grant"), role, term) for role, term in ACTORS[name])
    return Actor("golden", ACCOUNT, 1, datetime(2999, 1, 1, tzinfo=UTC), held)


async def load(connection: asyncpg.Connection) -> None:
    """Put the world into an empty, migrated database."""
    for code, name, level in UNITS:
        parent = path_of(code).removesuffix(f"{code}/") or None
        await connection.execute(
            "INSERT INTO org_unit (id, code, name, level, parent_path, folded, pinyin, grams)"
            " VALUES ($1,$2,$3,$4,$5,$6,$7,$8)",
            *(id_of(code), code, name, level, parent, *search_keys(name)),
        )
    for code, unit in FORMER:
        await connection.execute("INSERT INTO org_unit_former_code (code, unit_id) VALUES ($1, $2)", code, id_of(unit))
    for name, unit, tier, kind, above in ORGANIZATIONS:
        await connection.execute(
            "INSERT INTO party_organization (id, unit_path, parent_id, tier, kind, name, folded, pinyin, grams)"
            " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
            *(id_of(name), path_of(unit), above and id_of(above), tier, kind, name, *search_keys(name)),
        )
    await _account(connection)


async def _account(connection: asyncpg.Connection) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    await connection.execute("INSERT INTO account (id, name, folded) VALUES ($1, '测试账号', '测试账号')", ACCOUNT)
    await connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path, since) VALUES ($1, $2, 'county_admin', $3, $4)",
        *(id_of("grant"), ACCOUNT, path_of("350521"), since),
    )
    await connection.execute(
        "INSERT INTO credential (id, account_id, secret_sha256, expires_at) VALUES ('golden', $1, '', $2)",
        *(ACCOUNT, datetime(2999, 1, 1, tzinfo=UTC)),
    )


# table, name of the row, values; "id" is made of the name, a value that is a UUID of another name is `id_of` it.
MORE: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("member", "演示党员", {"standing": "IN_SERVICE", "phone": "10000000001", "address": "演示路一号一零一室"}),
    ("member", "演示书记", {"standing": "RETIRED", "phone": None}),
    ("property_company", "演示物业公司", {"unit": "350521", "credit_code": "91350521MA0000001R"}),
    ("compound", "演示小区", {"households": 300, "residents": 900, "party_members": 30}),
    ("compound", "无覆盖小区", {"households": 100}),
    ("building", "1号楼", {"compound_id": "演示小区", "households": 60}),
    ("building", "2号楼", {"compound_id": "演示小区", "households": 60}),
    (
        "management_contract",
        "合同",
        {"compound_id": "演示小区", "company_id": "演示物业公司", "since": date(2024, 1, 1)},
    ),
    (
        "branch_coverage",
        "覆盖",
        {
            "compound_id": "演示小区",
            "organization_id": "北关社区党委",
            "organization_path": "350521100001",
            "since": date(2024, 1, 1),
        },
    ),
    (
        "captain_term",
        "前任",
        {"building_id": "1号楼", "member_id": "演示书记", "since": date(2024, 1, 1), "until": date(2025, 5, 31)},
    ),
    ("captain_term", "现任", {"building_id": "1号楼", "member_id": "演示党员", "since": date(2025, 6, 1)}),
    (
        "post",
        "书记",
        {"kind": "SECRETARY", "organization_id": "北关社区党委", "member_id": "演示书记", "since": date(2024, 1, 1)},
    ),
    ("service_item", "长者食堂", {"unit": "350521", "function": "ELDERLY_CARE"}),
    ("service_item", "老年大学", {"unit": "350521", "function": "ELDERLY_CARE", "opt_in": True}),
    ("service_item", "代办医保", {"unit": "350521", "function": "AFFAIRS", "category": "医保", "online": True}),
    ("service_adjustment", "开通", {"item_id": "老年大学", "kind": "OPT_IN"}),
    ("service_adjustment", "说明", {"item_id": "长者食堂", "unit": "350521100", "kind": "NOTE", "note": "午餐"}),
)
NAMELESS = frozenset({"management_contract", "branch_coverage", "captain_term", "post", "service_adjustment"})


async def load_more(connection: asyncpg.Connection) -> None:
    """What stands in the units and moves in them; in 北关社区 unless it says otherwise."""
    for table, name, given in MORE:
        values: dict[str, object] = {"id": id_of(name), "unit_path": path_of(str(given.get("unit", "350521100001")))}
        values |= {key: _value(key, value) for key, value in given.items() if key != "unit"}
        if table not in NAMELESS:
            values |= named(METADATA.tables[table], name)
        await connection.copy_records_to_table(table, records=[tuple(values.values())], columns=list(values))


def _value(key: str, value: object) -> object:
    if key == "organization_path":
        return path_of(str(value))
    return id_of(str(value)) if key.endswith("_id") else value
