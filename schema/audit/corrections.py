"""What was corrected or struck out, and why, for those who may do so there: the audit trail is not theirs to read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select

from policies.scope import Way
from schema.appointments.posts import Post
from schema.audit.entries import AuditChange
from schema.audit.nodes import NODES
from schema.audit.places import of_entry
from schema.audit.words import AuditField, fields_recorded, node_of, title, type_of
from schema.captains.assignments import CaptainAssignment
from schema.centres.operations import OperationTerm
from schema.kit.entities import Edge, column, connection, edge_to, entity, one
from schema.kit.expressions import Row, one_of
from schema.kit.glossary import Glossary, in_words
from schema.kit.texts import PLACE, UNIT
from schema.members.grids import GridTerm
from schema.members.members import Member
from schema.organization.units import OrgUnit
from schema.properties.branches import BranchCoverage
from schema.properties.companies import ManagementContract
from schema.properties.compounds import Building, Compound, OwnersCommittee
from schema.properties.phases import CompoundPhase
from schema.properties.sharings import CompoundSharing
from services.audit.tables import changes, entries
from services.organization.paths import at_or_beneath, place
from services.storage.correcting import corrections
from services.storage.tables import aliased

AMONG = "corrected_"  # of the words of what is corrected, beside those of all there is


def _told(words: Glossary) -> Glossary:
    """What is told of beyond its command: what has a history, and is read by all who read its corrections."""
    tables = {table: of for table, of in words.tables.items() if of.type in NODES and of.row is None}
    return replace(words, tables=tables)


def _recorded(correction: Row) -> tuple[FromClause, ColumnElement[bool]]:
    """What changed of the very row that was corrected, and not of those beside it."""
    of = aliased(changes)
    return of, and_(of.c.entry_id == correction.entry_id, of.c.row_id == correction.row_id)


def _table(correction: Row) -> ColumnElement[Any]:
    of, which = _recorded(correction)
    return select(func.min(of.c.table_name)).where(which).correlate_except(of).scalar_subquery()


def _concerned(correction: Row, row: Row) -> ColumnElement[bool]:
    """Whether a row was corrected itself, or something in it."""
    about: ColumnElement[bool] = row.id.in_((correction.row_id, of_entry(correction.entry_id, "about_id")))
    return about


@entity(
    corrections,
    policy="correction",
    tag="cn",
    ways={Way.WITHIN: lambda correction: correction.unit_path},
    sort=lambda correction: (of_entry(correction.entry_id, "at"),),
    orders={"AT": lambda correction: (of_entry(correction.entry_id, "at"),)},
)
class Correction:
    """更正：更正、删除或恢复了什么，为何 / What was corrected, struck out or reopened, and why; it may be gone."""

    at: datetime | None = column("时间 / When.", lambda correction: of_entry(correction.entry_id, "at"))
    command: str | None = column(
        "操作，如 correctPost、strikeOutReport / The command, such as correctPost or strikeOutReport.",
        lambda correction: of_entry(correction.entry_id, "command"),
    )
    title: str | None = in_words(partial(title, command=lambda correction: of_entry(correction.entry_id, "command")))
    type: str | None = in_words(lambda words: type_of(_told(words), _table, AMONG))
    node_id: str | None = in_words(lambda words: node_of(_told(words), _table, AMONG))
    fields: list[AuditField] = in_words(lambda words: fields_recorded(_told(words), _recorded, AuditChange, AMONG))
    reason: str = column("原因 / Why.")
    place: list[str] = column(PLACE, lambda correction: place(correction.unit_path))
    unit: "OrgUnit | None" = one(lambda correction, unit: unit.path == correction.unit_path, UNIT)
    building: "Building | None" = one(
        _concerned,
        "所涉楼栋，或任职、反映所在楼栋 / The building it was about, or that of the term or the report.",
    )
    compound: "Compound | None" = one(
        _concerned,
        "所涉小区，或楼栋、合同、覆盖、业委会、分期、共享所在小区"
        " / The compound it was about, or what it was about is in.",
    )


def _of(row: Row, correction: Row) -> ColumnElement[bool]:
    """Whether a row was corrected, or changed along with what was: the term beside it, what a reopening gave back."""
    of = aliased(changes)
    along = select(of.c.entry_id).where(of.c.row_id == row.id).correlate_except(of)
    return or_(correction.row_id == row.id, one_of(correction.entry_id, along))


def _in(row: Row, correction: Row) -> ColumnElement[bool]:
    """The same, or something in it: whatever `building` and `compound` of a correction lead there from."""
    of = aliased(entries)
    about = select(of.c.id).where(of.c.about_id == row.id).correlate_except(of)
    return or_(_of(row, correction), one_of(correction.entry_id, about))


HISTORY = (
    "历次更正的原因，含更正相邻任期或恢复小区时一并改动的；`fields` 是被更正的那一行（`nodeId`）的"
    " / Why it was corrected, each time, or changed along with what was: the term beside it, a compound that was"
    " reopened. `fields` are those of the row that was corrected, `nodeId`."
)
HISTORY_WITHIN = (
    "历次更正的原因，含其下楼长任职、合同、覆盖、业委会等的 / Why it was corrected, each time, or something in it was."
)


CORRECTED: tuple[type, ...] = (
    *(CaptainAssignment, Post, ManagementContract, BranchCoverage, OwnersCommittee),
    *(Compound, Building, CompoundPhase, CompoundSharing, Member, GridTerm, OperationTerm),
)
CORRECTIONS: Mapping[str, Edge] = (
    {of.__name__: edge_to(Correction, connection(_of, HISTORY)) for of in CORRECTED}
    | {of.__name__: edge_to(Correction, connection(_in, HISTORY_WITHIN)) for of in (Building, Compound)}
    | {
        "OrgUnit": edge_to(
            Correction,
            connection(
                lambda unit, correction: at_or_beneath(correction.unit_path, unit.path),
                "本单元及所有下级的更正 / What was corrected and struck out in this unit and all below it.",
            ),
        )
    }
)
"""`corrections` of what can be corrected, and of units."""
