"""Neighbourhood centres 党建+邻里中心, facilities around them, who operates what there, and who lives near."""

from schema.centres.area import AREA as AREA
