"""Posts 职务: secretaries, deputies and instructors, for their terms."""

from schema.appointments.area import AREA as AREA
