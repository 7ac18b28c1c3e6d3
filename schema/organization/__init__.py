"""Territory 属地 and party organizations 党组织."""

from schema.organization.area import AREA as AREA
