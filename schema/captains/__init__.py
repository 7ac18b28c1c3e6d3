"""Building captains 楼长 and their terms."""

from schema.captains.assignments import AREA as AREA
