"""What may be asked: the areas, and the schema they make together."""

import strawberry

from schema import access, appointments, audit, captains, catalog, members, organization, programs, properties
from schema.catalogue.kinds import Catalogue, link
from schema.catalogue.types import Types

AREAS = (
    organization.AREA,
    members.AREA,
    properties.AREA,
    captains.AREA,
    appointments.AREA,
    catalog.AREA,
    access.AREA,
    programs.AREA,
    audit.AREA,
)


def build_schema() -> tuple[Catalogue, strawberry.Schema]:
    """The areas linked, and Strawberry's schema of them."""
    catalogue = link(AREAS)
    return catalogue, Types(catalogue).schema()
