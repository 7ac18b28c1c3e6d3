"""What the twin reads: one statement for each level of a page, batched by parent. No authorization."""

from collections.abc import Sequence

import asyncpg
from strawberry.dataloader import DataLoader

Row = asyncpg.Record
Page = tuple[str, int]  # the parent's path, and how many rows to look at

_UNIT = "u.id, u.code, u.name, u.level, u.path, u.parent_path"
_ORGANIZATION = "o.id, o.name, o.tier, o.kind, o.unit_path, o.parent_id"

CHILDREN = f"""
    SELECT p.key, {_UNIT} FROM unnest($1::text[]) AS p(key) CROSS JOIN LATERAL
    (SELECT * FROM org_unit WHERE parent_path = p.key ORDER BY path LIMIT $2) u ORDER BY u.path
"""
ORGANIZATIONS = f"""
    SELECT p.key, {_ORGANIZATION} FROM unnest($1::text[]) AS p(key) CROSS JOIN LATERAL
    (SELECT * FROM party_organization WHERE unit_path >= p.key AND unit_path < left(p.key, -1) || '0'
     ORDER BY unit_path, id LIMIT $2) o ORDER BY o.unit_path, o.id
"""
SUBORDINATES = f"""
    SELECT p.key, {_ORGANIZATION} FROM unnest($1::text[]) AS p(key) CROSS JOIN LATERAL
    (SELECT * FROM party_organization WHERE parent_id = p.key::uuid ORDER BY unit_path, id LIMIT $2) o
    ORDER BY o.unit_path, o.id
"""
UNITS_BY_PATH = f"SELECT u.path AS key, {_UNIT} FROM org_unit u WHERE u.path = ANY($1::text[])"
UNITS_BY_CODE = f"SELECT u.code AS key, {_UNIT} FROM org_unit u WHERE u.code = ANY($1::text[])"
UNITS_BY_ID = f"SELECT u.id::text AS key, {_UNIT} FROM org_unit u WHERE u.id = ANY($1::uuid[])"
ORGANIZATIONS_BY_ID = (
    f"SELECT o.id::text AS key, {_ORGANIZATION} FROM party_organization o WHERE o.id = ANY($1::uuid[])"
)
PLACES = """
    SELECT p.key, u.name FROM unnest($1::text[]) AS p(key)
    JOIN org_unit u ON u.code = ANY(string_to_array(p.key, '/')) AND (u.level >= 'COUNTY' OR u.path = p.key)
    ORDER BY u.path
"""


class Loaders:
    """The DataLoaders of one request."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.children = self._pages(CHILDREN)
        self.organizations = self._pages(ORGANIZATIONS)
        self.subordinates = self._pages(SUBORDINATES)
        self.unit_by_path = self._single(UNITS_BY_PATH)
        self.unit_by_code = self._single(UNITS_BY_CODE)
        self.unit_by_id = self._single(UNITS_BY_ID)
        self.organization_by_id = self._single(ORGANIZATIONS_BY_ID)
        self.names = DataLoader(self._names)

    def _pages(self, sql: str) -> DataLoader[Page, list[Row]]:
        async def load(keys: list[Page]) -> Sequence[list[Row]]:
            found: dict[Page, list[Row]] = {key: [] for key in keys}
            for limit in {limit for _, limit in keys}:
                parents = [parent for parent, wanted in keys if wanted == limit]
                for row in await self._pool.fetch(sql, parents, limit):
                    found[row["key"], limit].append(row)
            return [found[key] for key in keys]

        return DataLoader(load)

    def _single(self, sql: str) -> DataLoader[str, Row | None]:
        async def load(keys: list[str]) -> Sequence[Row | None]:
            found = {row["key"]: row for row in await self._pool.fetch(sql, keys)}
            return [found.get(key) for key in keys]

        return DataLoader(load)

    async def _names(self, paths: list[str]) -> Sequence[list[str]]:
        found: dict[str, list[str]] = {path: [] for path in paths}
        for row in await self._pool.fetch(PLACES, paths):
            found[row["key"]].append(row["name"])
        return [found[path] for path in paths]
