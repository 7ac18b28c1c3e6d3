"""What may be asked: the areas, and the schema they make together."""

from functools import cache

import strawberry
from graphql import GraphQLSchema

from schema import (
    access,
    activities,
    appointments,
    audit,
    calendar,
    captains,
    catalog,
    centres,
    chairs,
    deliberation,
    departments,
    duties,
    households,
    members,
    organization,
    points,
    programs,
    projects,
    properties,
    visits,
)
from schema.catalogue import actions
from schema.catalogue.bare import bare
from schema.catalogue.kinds import Catalogue, link
from schema.catalogue.types import Types
from schema.kit.actions import Right

AREAS = (
    organization.AREA,
    members.AREA,
    calendar.AREA,
    departments.AREA,
    properties.AREA,
    captains.AREA,
    appointments.AREA,
    catalog.AREA,
    visits.AREA,
    chairs.AREA,
    households.AREA,
    centres.AREA,
    deliberation.AREA,
    duties.AREA,
    activities.AREA,
    points.AREA,
    projects.AREA,
    access.AREA,
    programs.AREA,
    audit.AREA,
)


@cache
def build_schema() -> tuple[Catalogue, GraphQLSchema]:
    """The areas linked, and the schema they make; one of each in a process."""
    catalogue = link(AREAS)
    return catalogue, bare(Types(catalogue).schema())


def asked() -> frozenset[Right]:
    """Every right of roles.csv that the areas ask for."""
    return actions.asked(link(AREAS))


def declared() -> strawberry.Schema:
    """Strawberry's schema of the areas, made anew: the one that knows how it is written down."""
    return Types(link(AREAS)).schema()
