"""Building captains 楼长 and their terms."""

from schema.captains.area import AREA as AREA
