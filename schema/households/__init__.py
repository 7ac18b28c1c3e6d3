"""Households 住户, who keeps contact with them ("1+10"), and the four visits 四必访."""

from schema.households.area import AREA as AREA
