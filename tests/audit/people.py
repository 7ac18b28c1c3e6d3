"""Someone with a name nobody else has, in every place where a person leaves something."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, Street, day, made, street

NAME, PHONE, ADDRESS, EMPLOYER, LOGIN = "欧阳珏璘", "13987654321", "演示街珏璘巷九号", "珏璘演示厂", "ouyang-juelin"
MARKS = ("珏璘", "13987654321", "ouyang-juelin", "juelin", "oyjl")
WHY = f"{NAME}到任"


@dataclass(frozen=True)
class Person:
    """The person's global id, that of their account, and the street they live on."""

    member: str
    account: str
    grant: str
    street: Street

    @property
    def uuid(self) -> UUID:
        """The member's id in the tables."""
        return UUID(self.member[3:])


async def person(api: Api) -> Person:
    """Registered, captain for a while, with an account, a grant, a session and an identity at a provider."""
    on = await street(api)
    member = await made(
        *(api, ADMIN, "registerMember", "member"),
        unitId=on.unit,
        name=NAME,
        standing="IN_SERVICE",
        phone=PHONE,
        address=ADDRESS,
        employer=EMPLOYER,
        homeId=on.unit,
    )
    term = await made(
        *(api, ADMIN, "assignCaptain", "captainAssignment"), buildingId=on.buildings[0], memberId=member, since=day(-9)
    )
    await api.do(ADMIN, "endCaptainTerm", "", id=term, on=day(-1), reason=f"{NAME}离任")
    account = await made(
        api, ADMIN, "createAccount", "account", unitId=on.unit, name=NAME, login=LOGIN, memberId=member
    )
    grant = await made(
        api, COUNTY_ADMIN, "grantRole", "grant", seatId=on.unit, accountId=account, role="community_admin", reason=WHY
    )
    found = Person(member, account, grant, on)
    await _elsewhere(api.connection, UUID(account[3:]))
    return found


async def _elsewhere(connection: asyncpg.Connection, account: UUID) -> None:
    await connection.execute("UPDATE account SET password = 'hashed' WHERE id = $1", account)
    await connection.execute(
        "INSERT INTO external_identity (issuer, subject, account_id) VALUES ('https://id.example', $1, $2)",
        *("juelin@example", account),
    )
    await connection.execute(
        "INSERT INTO credential (id, kind, account_id, secret_sha256, expires_at)"
        " VALUES ('sessions', 'SESSION', $1, 'x', now() + interval '1 day')",
        account,
    )


async def deleted(api: Api, someone: Person) -> None:
    """The person's data, gone."""
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)


TEXTUAL = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND (data_type IN ('text', 'jsonb', 'json', 'character varying', 'ARRAY'))
    AND table_name NOT IN (SELECT viewname FROM pg_views WHERE schemaname = 'public')
"""


async def mentions(connection: asyncpg.Connection, *marks: str) -> list[str]:
    """Every text of every table that holds one of some marks, as `table.column`; all of them in one statement."""
    columns = [(row["table_name"], row["column_name"]) for row in await connection.fetch(TEXTUAL)]
    looked_at = " UNION ALL ".join(
        f"SELECT '{table}.{column}' WHERE EXISTS "
        f"(SELECT FROM {table}, unnest($1::text[]) AS mark WHERE strpos(lower({column}::text), mark) > 0)"
        for table, column in columns
    )
    return [row[0] for row in await connection.fetch(looked_at, [mark.lower() for mark in marks])]
