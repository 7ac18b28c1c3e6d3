"""Accounts 账号 and grants 授权, who may do what, and why."""

from schema.access.area import AREA as AREA
