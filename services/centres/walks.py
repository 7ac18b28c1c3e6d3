"""Who lives within a walk of a centre: the 15-minute circle 15分钟便民服务圈, and where compounds stand.

Nobody's way is measured: a walk is the straight line, lengthened by `DETOUR` for streets that are none, and 15 minutes
are `REACH` metres of it. What lies behind a river or a railway is further than this says. The view `walk` of migration
0058 holds both numbers, and finds by an index what is near; a test compares it with these.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Table, Uuid, func, select

from services.centres.positions import Datum, in_china, placed, position, spot
from services.centres.tables import FUNCTIONS, centres
from services.properties.tables import compounds
from services.storage.closing import only_open
from services.storage.tables import BYTEWISE, METADATA, VIEW, identified, versioned
from services.storage.transaction import Record, Transaction

REACH = 1_000  # metres on foot in 15 minutes
DETOUR = 1.3  # so many times the straight line


def _place_index(table: str, of: Any) -> Index:
    return Index(f"{table}_place_idx", func.cube_enlarge(func.cube(of.spot), 385, 3), postgresql_using="gist")


compound_positions = Table(
    "compound_position",
    METADATA,
    identified(),
    Column("compound_id", Uuid, nullable=False, unique=True),
    Column("unit_path", BYTEWISE, nullable=False),
    *position(needed=True),
    spot(needed=True),
    versioned(),
    ForeignKeyConstraint(
        ["compound_id", "unit_path"],
        [compounds.c.id, compounds.c.unit_path],
        onupdate="CASCADE",
        ondelete="CASCADE",
    ),
    *in_china(needed=True),
    Index("compound_position_unit_idx", "unit_path", "id"),
)
_place_index("compound_position", compound_positions.c)
_place_index("centre", centres.c)

# Every compound within a walk of a centre that is open today, neither of them closed. It lies where the compound does.
walks = Table(
    "walk",
    METADATA,
    Column("centre_id", Uuid, primary_key=True),
    Column("compound_id", Uuid, primary_key=True),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("centre_path", BYTEWISE, nullable=False),
    Column("functions", FUNCTIONS, nullable=False),
    Column("households", Integer, nullable=False),
    Column("metres", Integer, nullable=False),
    info={VIEW: True},
)


async def locate(
    tx: Transaction, *, compound: Record, longitude: float, latitude: float, datum: Datum | None = None
) -> UUID:
    """Say where a compound stands, in the place of what was said before; the compound's id."""
    only_open(compound=compound)
    place = compound_positions.c
    known = await tx.row(
        select(compound_positions).where(place.compound_id == compound["id"]).with_for_update(key_share=True)
    )
    values = placed({"longitude": longitude, "latitude": latitude, "datum": datum}, known)
    if known is None:
        at = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
        await tx.insert(compound_positions, **at, **values)
    elif values:
        await tx.update(compound_positions, known["id"], **values)
    return await tx.update(compounds, compound["id"])  # of two who move it at once, the second is told
