"""Which unit an entry of the trail lies in: that of what it is about, in one place where commands differ in that."""

from typing import Any

from sqlalchemy import Select, literal, select

from services.organization.paths import on_the_way
from services.organization.tables import OrgLevel, units
from services.storage.tables import BYTEWISE

# A visit is recorded of a member or a contact, and changed as what lies in a grid: its entries are the community's.
OF_VISITS = frozenset(
    {"recordHomeVisit", "recordEarlierVisit", "recordVisitInGridTerm", "updateHomeVisit", "strikeOutHomeVisit"}
)


def lies_in(command: str, path: str | None) -> Select[Any]:
    """The id of the unit an entry of a command lies in whose target is at this path."""
    if command not in OF_VISITS or path is None:
        return select(units.c.id).where(units.c.path == path)
    above = select(units.c.id).where(on_the_way(units.c.code, literal(path, BYTEWISE)), units.c.level != OrgLevel.GRID)
    return above.order_by(units.c.path.desc()).limit(1)
