"""Programs of partner agencies, their tokens 令牌 and stored operations."""

from schema.programs.area import AREA as AREA
