"""The record 审计: who did what, and who was shown whose contact data."""

from schema.audit.entries import AREA as AREA
