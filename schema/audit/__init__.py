"""The record 审计: who did what, and who was shown whose contact data."""

from schema.audit.area import AREA as AREA
