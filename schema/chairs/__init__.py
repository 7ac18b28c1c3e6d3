"""What rotating chairs 轮值家长 plan, and how town and community evaluate them."""

from schema.chairs.area import AREA as AREA
