"""What territory and party organizations offer, and add to one another."""

from schema.kit.entities import (
    Area,
    connection,
    edge_to,
    listing,
    lookup,
)
from schema.organization.commands import COMMANDS, RULES
from schema.organization.under import under
from schema.organization.units import (
    Indicators,
    OrgUnit,
    OrgUnitBy,
    PartyOrganization,
    PartyOrganizationBy,
)
from services.organization.paths import at_or_beneath

AREA = Area(
    entities=(OrgUnit, Indicators, PartyOrganization),
    edges={
        "OrgUnit": {
            "party_organizations": edge_to(
                PartyOrganization,
                connection(
                    lambda unit, organization: at_or_beneath(organization.unit_path, unit.path),
                    "本单元及所有下级的党组织 / The party organizations of this unit and all below it.",
                ),
            )
        }
    },
    roots={
        "org_unit": lookup(OrgUnit, OrgUnitBy, "一个单元 / One unit; null if there is none or it is not yours to see."),
        "org_units": listing(OrgUnit, "可见的全部单元 / Every unit you may see.", under=under("path")),
        "party_organization": lookup(
            PartyOrganization,
            PartyOrganizationBy,
            "一个党组织 / One party organization; null if there is none or it is not yours to see.",
        ),
        "party_organizations": listing(
            PartyOrganization, "可见的全部党组织 / Every party organization you may see.", under=under()
        ),
    },
    commands=COMMANDS,
    rules=RULES,
)
