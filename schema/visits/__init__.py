"""What instructors do, and what residents report: visits 走访 and reports 居民反映."""

from schema.visits.area import AREA as AREA
