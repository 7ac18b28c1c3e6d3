"""`python -m bench`: the measured comparison; `python -m bench import FILE`: loading against a bare COPY."""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import loading, report, servers, statements
from bench.comparison import compare
from bench.workloads import COUNTY
from policies.tokens import Seat, issue
from services.demo import filling
from services.organization.loading.divisions import DivisionsError
from services.storage.database import connected
from services.storage.embedded.server import EmbeddedPostgres
from services.storage.migrating import migrate

RESULTS = Path(__file__).with_name("results.json")


@contextmanager
def throwaway() -> Iterator[tuple[str, Path]]:
    """The URL of an empty migrated database on a server of its own, and a folder; both gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jl-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # started by root, PostgreSQL runs as somebody else
        with EmbeddedPostgres(home, durable=False) as server:
            asyncio.run(migrate(server.url))
            yield server.url, home


async def _prepare(url: str, file: Path) -> tuple[str, str]:
    """Fill in the demo and write the statements to `file`; PostgreSQL's version and a county administrator's token."""
    async with connected(url) as connection:
        await filling.fill(connection)
        await connection.execute("VACUUM ANALYZE")
        version = f"PostgreSQL {await connection.fetchval('SHOW server_version')}"
        token = await issue(connection, Seat("bench", "county_admin", COUNTY), days=1)
    await statements.record(url, token, file)
    return version, token


def run_comparison(arguments: argparse.Namespace) -> None:
    """Compare, print the table, write the ratios."""
    with throwaway() as (url, home):
        recorded = home / "statements.pickle"
        version, token = asyncio.run(_prepare(url, recorded))
        with servers.running(url, recorded) as ports:
            measured = list(compare(ports, token, quick=arguments.quick))
    print(report.table(measured, version))
    arguments.out.write_text(json.dumps(report.results(measured), indent=2) + "\n", encoding="utf-8")


def run_import(arguments: argparse.Namespace) -> None:
    """Measure loading FILE into an empty database."""
    with throwaway() as (url, _):
        try:
            measured = asyncio.run(loading.measure(url, arguments.file))
        except DivisionsError as error:
            raise SystemExit(str(error)) from None
    print(report.machine())
    print(json.dumps(measured))


def main() -> None:
    """Read the command line and run what it asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few requests, to see that everything works")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the ratios go; bench/results.json by default")
    parser.set_defaults(run=run_comparison)
    commands = parser.add_subparsers(metavar="COMMAND")
    load = commands.add_parser("import", help=run_import.__doc__)
    load.add_argument("file", type=Path)
    load.set_defaults(run=run_import)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
