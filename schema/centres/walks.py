"""The 15-minute circle 15分钟便民服务圈: where compounds stand, and which lie within a walk of which centre."""

from policies.scope import Way
from schema.centres.centres import Centre, offering
from schema.centres.positions import DATUM, GIVEN_DATUM, GIVEN_LATITUDE, GIVEN_LONGITUDE, LATITUDE, LONGITUDE
from schema.kit.commands import command, given, target, version
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Identity, Pairs
from schema.kit.numbers import measure
from schema.kit.ranges import IntRange, numbers
from schema.kit.scalars import SafeInt
from schema.kit.states import still_open
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from schema.properties.compounds import Compound
from services.catalog.tables import ServiceFunction
from services.centres import walks as commands
from services.centres.positions import Datum
from services.centres.tables import centre_name
from services.centres.walks import DETOUR, REACH, compound_positions, walks
from services.organization.paths import place
from services.properties.tables import compounds, name_in, shared
from services.storage.transaction import Record

HOW = (
    f"步行以直线距离乘 {DETOUR} 估算，15 分钟按 {REACH} 米计，并非实测路线"
    f" / A walk is taken to be {DETOUR} times the straight line, 15 minutes to be {REACH} metres; no way is measured"
)
SIFTED = 80_000  # what a filter by walks goes through, with thousands of centres and compounds: a twentieth of a second
METRES = f"估算的步行距离，米：{HOW}."
HOUSEHOLDS = "小区户数 / The compound's households."
COMPOUND = "小区 / The compound."


@entity(
    compound_positions,
    policy="compound_position",
    ways={
        Way.WITHIN: lambda position: position.unit_path,
        Way.SECTOR: lambda position: position.unit_path,
        Way.SHARED: Pairs(shared, lambda position: position.compound_id),
    },
    sort=lambda position: (position.unit_path,),
    ties=lambda position: (position.unit_path,),
)
class CompoundPosition:
    """小区的位置 / Where a compound stands."""

    longitude: float = column(LONGITUDE)
    latitude: float = column(LATITUDE)
    given_in: Datum = column(DATUM, lambda row: row.datum)
    version: int = column(VERSION)


class WalkFilter:
    """筛选可步行到达的，各项须同时满足 / Which walks: every condition given must hold."""

    offers: list[ServiceFunction] = offering("中心提供其中任一功能 / The centre offers one of these functions.")
    metres: IntRange = numbers("metres", "估算的步行距离，米 / So many metres on foot.")


class WalkTotals:
    """可步行到达的合计 / What walks come to."""

    count: int = measure(HOW_MANY)
    centres: int = measure("邻里中心数 / To how many centres.", distinct=lambda walk: walk.centre_id)
    compounds: int = measure("小区数 / From how many compounds.", distinct=lambda walk: walk.compound_id)
    households: SafeInt = measure(
        "户数；一个小区可步行到几个中心的，逐一计入 / Households: of what is near several centres, once for each.",
        total=lambda walk: walk.households,
    )


@entity(
    walks,
    policy="walk",
    ways={Way.WITHIN: lambda walk: walk.unit_path, Way.SECTOR: lambda walk: walk.unit_path},
    sort=lambda walk: (walk.metres,),
    ties=lambda walk: (walk.metres, walk.centre_id),
    unique=lambda walk: walk.compound_id,
    identity=Identity(lambda walk: (walk.centre_id, walk.compound_id)),
    filter=WalkFilter,
    orders={
        "METRES": lambda walk: (walk.metres,),
        "PLACE": lambda walk: (walk.unit_path,),
        "HOUSEHOLDS": lambda walk: (walk.households,),
    },
    totals=WalkTotals,
)
class Walk:
    """可步行到达：一个小区与一个已启用的邻里中心 / A compound within a 15-minute walk of a centre that is open."""

    metres: int = column(METRES)
    households: int = column(HOUSEHOLDS)
    compound_name: str = column(
        "小区名称 / The compound's name.", lambda walk: name_in(compounds, walk.compound_id), brings="Compound"
    )
    centre_name: str = column(
        "邻里中心名称，在邻近社区的亦可得知 / The centre's name, also of one in the next community.",
        lambda walk: centre_name(walk.centre_id),
        brings="Centre",
    )
    functions: list[ServiceFunction] = column("中心提供的功能 / The functions the centre offers.")
    place: list[str] = column(PLACE, lambda walk: place(walk.unit_path))
    centre_place: list[str] = column(
        "邻里中心所在地，自县级起 / The names from the county down to the centre's unit.",
        lambda walk: place(walk.centre_path),
    )
    unit: "OrgUnit | None" = one(lambda walk, unit: unit.path == walk.unit_path, UNIT)
    compound: "Compound | None" = one(lambda walk, compound: compound.id == walk.compound_id, COMPOUND)
    centre: "Centre | None" = one(
        lambda walk, centre: centre.id == walk.centre_id,
        "邻里中心，本人辖区之外为空 / The centre; null where it is not yours to see.",
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class LocateCompoundInput:
    """登记小区的位置，代替原有的 / Say where a compound stands, in the place of what was said before."""

    compound: Record = target("Compound", COMPOUND)
    version: int = version()
    longitude: float = given(GIVEN_LONGITUDE)
    latitude: float = given(GIVEN_LATITUDE)
    datum: Datum | None = given(GIVEN_DATUM)


COMMANDS = {
    "locate_compound": command(
        commands.locate, LocateCompoundInput, "compound_position:locate", returns="Compound", when=still_open
    ),
}
