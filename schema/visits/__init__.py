"""What instructors do: their visits 走访."""

from schema.visits.area import AREA as AREA
