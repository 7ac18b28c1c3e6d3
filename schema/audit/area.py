"""What the record adds to what it is about."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_

from policies.scope import Way
from schema.audit.corrections import CORRECTIONS, Correction
from schema.audit.credentials import RECORDED
from schema.audit.entries import AuditChange, AuditEntry, ContactRead, changed_by, changed_unit, changed_within
from schema.audit.nodes import NODES
from schema.audit.persons import COMMANDS
from schema.audit.requests import AuditRequest, lies_in, within
from schema.kit.entities import (
    Area,
    Edge,
    connection,
    edge_to,
    listing,
    one,
)
from schema.kit.expressions import Pairs, Row
from schema.organization.under import under
from schema.organization.units import OrgUnit
from schema.properties.compounds import Building, Compound
from services.audit.contact_reads import shown
from services.audit.naming import names_its_row

# --- what the area adds -----------------------------------------------------------------------------------------------

HISTORY = "审计记录：涉及或改动过它的操作 / The commands that were about it or part of it, or changed it."
HISTORY_OF_UNIT = (
    "审计记录：涉及或改动过它，或已撤并入它的单元的操作"
    " / The commands that were about it, or a unit it is the heir of, or changed either."
)


OWN: Mapping[str, Mapping[str, Edge]] = {
    "OrgUnit": {
        "audit_entries": edge_to(
            AuditEntry,
            connection(within, "本单元及所有下级的审计记录 / The entries of this unit and all below it."),
        )
    },
    "Member": {
        "contact_reads": edge_to(
            ContactRead,
            connection(
                lambda member, read: read.member_id == member.id,
                "谁看过其联系方式 / Who was shown their contact data.",
                alike=(Way.MEMBER,),
            ),
        )
    },
}


def _added(name: str) -> dict[str, Edge]:
    """The edges of one type to what is on record of it."""
    of = {"Compound": changed_within, "OrgUnit": changed_unit}.get(name, changed_by)
    said = HISTORY_OF_UNIT if name == "OrgUnit" else HISTORY
    history = edge_to(AuditEntry, connection(lambda row, entry: of(entry, row), said, elsewhere=True))
    corrected = {"corrections": CORRECTIONS[name]} if name in CORRECTIONS else {}
    return {"history": history, **OWN.get(name, {}), **corrected}


def _target(name: str) -> str:
    return "target" + "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def _its_row(entry: Row, row: Row) -> ColumnElement[bool]:
    return and_(row.id == entry.target_id, names_its_row(entry))


def _its_unit(entry: Row, unit: Row) -> ColumnElement[bool]:
    """The unit an entry was about, or the one that has what was that one's."""
    return and_(lies_in(entry.target_id, unit), names_its_row(entry))


AREA = Area(
    ways={"Member": {Way.NAMED: Pairs(shown)}},
    entities=(AuditEntry, AuditRequest, AuditChange, ContactRead, Correction),
    edges={
        "AuditEntry": {
            _target(name): edge_to(of, one(_its_unit if of is OrgUnit else _its_row, description, elsewhere=True))
            for name, (of, description) in NODES.items()
        }
        | {
            "correction": edge_to(
                Correction,
                one(
                    lambda entry, correction: correction.entry_id == entry.id,
                    "该操作所作的更正 / The correction it made.",
                    elsewhere=True,
                ),
            )
        }
        | {
            name: edge_to(of, one(lambda entry, row: row.id == entry.about_id, description, elsewhere=True))
            for name, of, description in (
                ("building", Building, "所涉任职、反映所在楼栋 / The building of the term or the report it was about."),
                (
                    "compound",
                    Compound,
                    "所涉楼栋、分期、共享、合同、覆盖、业委会所在小区 / The compound what it was about is in.",
                ),
            )
        },
        **{name: _added(name) for name in NODES},
    },
    commands=COMMANDS,
    recorded=RECORDED,
    roots={
        "audit_entries": listing(AuditEntry, "可见的全部审计记录 / Every audit entry you may see."),
        "corrections": listing(Correction, "可见的全部更正 / Every correction you may see.", under=under()),
    },
)
