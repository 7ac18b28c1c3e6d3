"""Commands that keep the database: tables, demo, divisions, names, the audit trail, what is held and for how long.

What they alone need is loaded by them: `serve` would keep it as long as it runs.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import BinaryIO

import asyncpg

from services.audit import heads, persons, trail
from services.audit.retention import retain
from services.organization.collisions import colliding
from services.roles import admit, apart
from services.settings import Settings
from services.storage.database import connected
from services.storage.transaction import Transaction
from services.storage.version import NEWEST, current, version
from services.terminal.opened import database


def run_migrate(settings: Settings, _: argparse.Namespace) -> None:
    """Bring the database to the newest schema, and let the service's own role work with it."""
    from services.storage.migrating import migrate

    async def bring(url: str) -> None:
        async with connected(url) as connection:
            before = await version(connection)
        await migrate(url)
        kept = before == NEWEST
        zh, en = ("表的版本已是", "the tables were at") if kept else ("表的版本现为", "the tables are now at")
        print(f"{zh} {NEWEST} / {en} {NEWEST}{' already' if kept else ''}")
        if settings.database_url and apart(url, settings.database_url):
            async with connected(url) as connection:
                await admit(connection, settings.database_url)

    with database(settings, owner=True) as url:
        asyncio.run(bring(url))


def run_demo(settings: Settings, _: argparse.Namespace) -> None:
    """Fill an empty database with the demo."""
    from services.demo import filling

    async def fill(url: str) -> None:
        async with current(url) as connection:
            await filling.fill(connection)

    with database(settings, owner=True) as url:
        asyncio.run(fill(url))


def run_import(settings: Settings, arguments: argparse.Namespace) -> None:
    """Load a divisions file, all of it or none."""
    with ExitStack() as opened:
        source = opened.enter_context(arguments.file.open("rb"))
        mapping = arguments.mapping and opened.enter_context(arguments.mapping.open("rb"))
        url = opened.enter_context(database(settings, owner=True))
        asyncio.run(_load(url, source, mapping, arguments))


async def _load(url: str, source: BinaryIO, mapping: BinaryIO | None, arguments: argparse.Namespace) -> None:
    from tqdm import tqdm

    from services.organization.loading import loading
    from services.terminal import imported

    async with current(url) as connection:
        with tqdm(unit=" rows", disable=not sys.stderr.isatty()) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            loaded = await loading.load(
                connection,
                source,
                arguments.at,
                progress,
                mapping=mapping,
                doubles=arguments.allow_doubles,
                dry_run=arguments.dry_run,
            )
    print(imported.told(loaded, in_full=arguments.dry_run))


def run_collisions(settings: Settings, _: argparse.Namespace) -> None:
    """List names that are the same by the rule of `search`, of rows that must have names of their own."""

    async def look(url: str) -> None:
        async with current(url, or_older=True) as connection:  # what collides keeps older tables from being migrated
            if found := await colliding(Transaction(connection)):
                raise SystemExit("\n".join(map(str, found)))
        print("没有重名 / no names collide")

    with database(settings, owner=True, as_it_is=True) as url:
        asyncio.run(look(url))


def run_audit(settings: Settings, arguments: argparse.Namespace) -> None:
    """Verify the audit trail's chains, or print their heads to keep elsewhere."""
    verifying = arguments.what == "verify"
    places = [place for place in (arguments.head, settings.heads) if verifying and place is not None]
    kept = [heads.kept_in(place) for place in places]

    async def look(url: str) -> None:
        async with current(url) as connection:
            if verifying:
                await _verify(connection, arguments.county, kept)
                return
            print(*await trail.heads(connection, arguments.county), sep="\n")
            if settings.heads is not None and not heads.append(settings.heads, await trail.heads(connection)):
                raise SystemExit(f"链头未能存入 JINLIN_AUDIT_HEADS / not kept in JINLIN_AUDIT_HEADS: {settings.heads}")

    with database(settings, owner=True) as url:
        asyncio.run(look(url))


async def _verify(connection: asyncpg.Connection, county: str | None, kept: Sequence[heads.Kept]) -> None:
    """Say that all chains hold, or what is broken; and which lines of the heads said nothing.

    Exit status 1 also where heads end with such a line: what it was to prove is not proven, and nothing stands for it.
    """
    for line in (line for each in kept for line in each.cut):
        print(f"{line.zh} / {line.en}", file=sys.stderr)
    broken = await trail.verify(connection, county, [known for each in kept for known in each.known])
    if broken:
        raise SystemExit("\n".join(map(str, broken)))
    count = len(await trail.heads(connection, county))
    print(f"{count} 条审计链完好 / {count} audit chains hold")
    if any(each.ends_cut for each in kept):
        raise SystemExit(1)


def run_verify(settings: Settings, arguments: argparse.Namespace) -> None:
    """Verify the audit trail's chains: the same as `audit verify`."""
    arguments.what = "verify"
    run_audit(settings, arguments)


def run_export(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print everything held on one person, as JSON; it is recorded."""
    member = persons.named(arguments.member)

    async def export(url: str) -> None:
        async with current(url) as connection:
            print(await persons.export_for(connection, member))

    with database(settings, owner=True) as url:
        asyncio.run(export(url))


def run_retain(settings: Settings, _: argparse.Namespace) -> None:
    """Drop what was kept long enough (JINLIN_KEEP_*); what was dropped of the audit trail is on record."""

    async def drop(url: str) -> None:
        async with current(url) as connection:
            print(await retain(connection, settings.keep))

    with database(settings, owner=True) as url:
        asyncio.run(drop(url))
