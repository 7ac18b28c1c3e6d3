"""People to sign in to the demo as: one for each seat of a person, kept in a file only its owner can read."""

import json
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from policies.demo_tokens import CODES, members, write_private
from policies.people import register
from services.errors import Refused
from services.passwords import made_up


@dataclass(frozen=True, slots=True)
class Person:
    """Who plays: called as the seat is, with a login after the role."""

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
        login = free_login(seat.role, kept, known)
        if login not in known:
            kept[login] = made_up()
            try:
                await register(connection, seat, login, kept[login])
            except Refused:
                del kept[login]
                continue  # a database that was filled otherwise has no such seat
        people.append(Person(seat.name, login, kept[login]))
    write_private(file, json.dumps({each.login: each.password for each in people}, indent=1))
    return people


def free_login(role: str, kept: dict[str, str], known: set[str]) -> str:
    """The login the role plays under: "county_admin", or with a number where someone else has that."""
    numbered = (role if number == 1 else f"{role}{number}" for number in range(1, len(known) + 2))
    return next(login for login in numbered if login in kept or login not in known)
