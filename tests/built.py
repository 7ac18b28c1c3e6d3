"""The schema as the areas make it, built once for all tests of a process."""

from schema import build_schema

CATALOGUE, SCHEMA = build_schema()
