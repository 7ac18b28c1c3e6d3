"""Working days 工作日: the years that counties load themselves."""

from schema.calendar.area import AREA as AREA
