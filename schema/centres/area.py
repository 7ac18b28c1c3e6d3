"""What centres, facilities and operations add to units and services, and to the indicators."""

from schema.centres import centres, facilities, operations
from schema.centres.centres import Centre
from schema.centres.facilities import Facility
from schema.centres.operations import OperationTerm
from schema.kit.entities import Area, connection, edge_to, listing
from schema.kit.numbers import count
from schema.organization.under import under
from services.centres.tables import RULES, is_open
from services.organization.paths import at_or_beneath
from services.terms import lasts

AREA = Area(
    entities=(Facility, Centre, OperationTerm),
    edges={
        "OrgUnit": {
            "facilities": edge_to(
                Facility,
                connection(
                    lambda unit, facility: at_or_beneath(facility.unit_path, unit.path),
                    "本单元及所有下级的设施 / The facilities of this unit and all below it.",
                ),
            ),
            "centres": edge_to(
                Centre,
                connection(
                    lambda unit, centre: at_or_beneath(centre.unit_path, unit.path),
                    "本单元及所有下级的邻里中心 / The centres of this unit and all below it.",
                ),
            ),
        },
        "Centre": {
            "operations": edge_to(
                OperationTerm,
                connection(
                    lambda centre, term: term.centre_id == centre.id,
                    "由谁运营哪些服务，含已终止的 / Who operates which service there; past ones too.",
                ),
            )
        },
        "ServiceItem": {
            "operations": edge_to(
                OperationTerm,
                connection(
                    lambda item, term: term.item_id == item.id,
                    "在各邻里中心由谁运营，限可见的 / Who operates it at which centre, of those you may see.",
                ),
            )
        },
        "Indicators": {
            "facilities": count(
                Facility,
                lambda unit, facility: at_or_beneath(facility.unit_path, unit.path),
                "设施 / Facilities on the ledger.",
                holding=lambda facility, day: lasts(facility.closed_on, day),
            ),
            "centres": count(
                Centre,
                lambda unit, centre: at_or_beneath(centre.unit_path, unit.path),
                "邻里中心，含尚未启用的 / Neighbourhood centres, those not open yet included.",
                holding=lambda centre, day: lasts(centre.closed_on, day),
            ),
            "centres_open": count(
                Centre,
                lambda unit, centre: at_or_beneath(centre.unit_path, unit.path),
                "已启用的邻里中心 / Neighbourhood centres that are open.",
                holding=is_open,
            ),
        },
    },
    roots={
        "facilities": listing(Facility, "可见的全部设施 / Every facility you may see.", under=under()),
        "centres": listing(Centre, "可见的全部邻里中心 / Every centre you may see.", under=under()),
        "operation_terms": listing(
            OperationTerm, "可见的全部服务运营 / Every operation of a service you may see.", under=under()
        ),
    },
    commands={**facilities.COMMANDS, **centres.COMMANDS, **operations.COMMANDS},
    rules=RULES,
)
