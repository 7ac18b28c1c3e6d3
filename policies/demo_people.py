"""People to sign in to the demo as: one for each seat of a person, kept in a file only its owner can read."""

import json
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from policies.demo_chain import settle
from policies.demo_tokens import CODES, members, write_private
from policies.people import code_at, register
from policies.tokens import located
from services.access.passwords import made_up
from services.errors import Refused


@dataclass(frozen=True, slots=True)
class Person:
    """Who plays: called as the seat is, with a login after county and role."""

    name: str
    login: str
    password: str


async def demo_people(connection: asyncpg.Connection, file: Path) -> list[Person]:
    """The demo's people. Kept in `file` (0600); one whose account is not there, or whose password is lost, is made."""
    kept: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}
    known = {row["login"] for row in await connection.fetch("SELECT login FROM account WHERE login IS NOT NULL")}
    people = []
    for seat in [*CODES, *await members(connection)]:
        if seat.role == "partner":
            continue  # partners' programs have tokens
        try:
            code = await code_at(connection, *await located(connection, seat))
        except Refused:
            continue  # a database that was filled otherwise has no such seat
        login = free_login(f"{code}-{seat.role}", kept, known)
        if login not in known:
            kept[login] = made_up()
            await register(connection, seat, login, kept[login])
        people.append(Person(seat.name, login, kept[login]))
    await settle(connection, [each.name for each in people])
    write_private(file, json.dumps({each.login: each.password for each in people}, indent=1))
    return people


def free_login(wanted: str, kept: dict[str, str], known: set[str]) -> str:
    """The login someone plays under: "350521-county_admin", or with a number where someone else has that."""
    numbered = (wanted if number == 1 else f"{wanted}{number}" for number in range(1, len(known) + 2))
    return next(login for login in numbered if login in kept or login not in known)
