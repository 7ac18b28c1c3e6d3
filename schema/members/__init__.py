"""Party members 党员 and residents who serve: where they live and belong, and their contact data."""

from schema.members.area import AREA as AREA
