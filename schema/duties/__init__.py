"""Service posts 选岗定岗: what a county lists, what communities need, who takes it, and who would suit it."""

from schema.duties.area import AREA as AREA
