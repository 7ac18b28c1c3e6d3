"""Which units are grids that members can be in: those at the bottom, and communities that have none."""

from collections.abc import Mapping, Sequence

from sqlalchemy import any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.errors import ProblemCode, rejected
from services.organization.paths import at_or_beneath, on_the_way
from services.organization.tables import OrgLevel, former_codes, units
from services.storage.tables import BYTEWISE
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss


async def of_the_county(tx: Transaction, member: Record, code: str) -> Record:
    """The grid of this code, or once of it, in the county the member serves in, locked.

    Rejected alike for what is elsewhere, no grid, or nowhere: whoever reports names a grid they do not read.
    """
    own = literal(member["unit_path"], BYTEWISE)
    county = select(units.c.path).where(on_the_way(units.c.code, own), units.c.level == OrgLevel.COUNTY)
    top = await tx.value(county.limit(1)) or member["unit_path"]
    once = select(former_codes.c.unit_id).where(former_codes.c.code == code)
    found = select(units).where(
        or_(units.c.code == code, units.c.id.in_(once)), at_or_beneath(units.c.path, literal(top, BYTEWISE))
    )
    grid = await tx.row(found.order_by(units.c.code != code, units.c.path).limit(1).with_for_update(key_share=True))
    if grid is None or grid["path"] in await _no_grids(tx, [grid]):
        zh, en = "本县没有这个网格代码，请核对。", "There is no such grid in the county; check the code."
        raise rejected(ProblemCode.INVALID, "grid_code", zh, en)
    return grid


async def check_grids(tx: Transaction, named: Mapping[str, Record]) -> None:
    """Rejected, for the fields they are named by, for units that are neither grids nor communities without any."""
    wrong = await _no_grids(tx, list(named.values()))
    amiss = Amiss()
    for field, row in named.items():
        if row["path"] in wrong:
            zh, en = "须为网格，或未设网格的村（社区）。", "This is a grid, or a community that has none."
            amiss.tell(ProblemCode.INVALID, field, zh, en)
    amiss.check()


async def _no_grids(tx: Transaction, named: Sequence[Record]) -> set[str]:
    """The paths of those units that nobody can be in as in a grid; asked once of however many communities."""
    communities = sorted({row["path"] for row in named if row["level"] == OrgLevel.COMMUNITY})
    others = {row["path"] for row in named if row["level"] not in (OrgLevel.GRID, OrgLevel.COMMUNITY)}
    if not communities:
        return others
    below = units.c.parent_path == any_(literal(communities, ARRAY(BYTEWISE)))
    found = await tx.rows(select(units.c.parent_path).where(below, units.c.level == OrgLevel.GRID).distinct())
    return others | {row["parent_path"] for row in found}
