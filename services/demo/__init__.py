"""The demo: Quanzhou's real units and, in three counties, what is made up.

Everywhere in the three, grids, outlets and the party organizations of all tiers. In each, what the county's published
report is about: its figures come out of the rows, and none is stored. Structure, names and codes are the same every
time, only ids differ; days are counted from the day of loading, so that today's terms hold whenever that is. Names of
people and companies are numbers, and no telephone number could be dialled.
"""

import asyncpg


class NotEmptyError(Exception):
    """The demo goes only into a database without units."""


async def is_empty(connection: asyncpg.Connection) -> bool:
    """Whether the database has no units yet."""
    return not await connection.fetchval("select exists (select from org_unit)")
