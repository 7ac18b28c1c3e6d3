"""Departments 部门 of a county: what communities whistle for, and a kind of seat."""

from schema.departments.area import AREA as AREA
