"""Random worlds: a forest of units, rows of every other table across it, two accounts and what is granted to them.

Made to be nasty: towns directly under a city, codes that begin another's code, codes unlike their parent's, former
codes that are some other unit's present one, equal names, names with wildcards, wide, rare and Latin characters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import strategies as st
from sqlalchemy.schema import sort_tables

from policies.actor import SEATS, make_token
from policies.decide import Seat
from policies.programs import askable
from policies.scope import Oneself, Term
from services.access.credentials import NO_TERMS, Terms
from services.access.seat_kinds import KINDS
from services.access.tables import accounts, credentials, grants, programs, secrets
from services.activities.tables import activities, attendances, sign_ups, teams
from services.audit.tables import changes, entries, links
from services.calendar.tables import calendar_years
from services.centres import look_tables as weekly
from services.centres import survey_tables as asking
from services.centres.offer_tables import offers
from services.centres.resource_tables import resources, uses
from services.centres.schedule_tables import milestones
from services.centres.tables import centres, facilities, operation_terms
from services.centres.venue_tables import bookings, venues
from services.centres.walks import compound_positions
from services.chairs.tables import evaluations, themes
from services.declared import METADATA
from services.deliberation.day_tables import analyses, days
from services.deliberation.dispute_tables import disputes
from services.deliberation.report_tables import reports as deliberated
from services.deliberation.tables import matters
from services.departments.tables import departments
from services.households.tables import contacts, households
from services.households.tables import visits as home_visits
from services.members.grid_tables import grid_terms
from services.members.tables import members as people
from services.organization.tables import OrgLevel, former_codes, former_units, party_organizations, units
from services.points import tables as points
from services.points.pledge_tables import appraisals, pledges
from services.programs.tables import operations, tokens
from services.properties.tables import phases, sharings
from services.storage.correcting import corrections
from services.storage.tables import named
from services.visits.tables import reports, visits
from tests.oracle.allying import ALLIED
from tests.oracle.columns import BEGAN, Row, called
from tests.oracle.deliberating import DELIBERATED, deliberating
from tests.oracle.dispatch import Record
from tests.oracle.fitting import DUTIES, corrected, dispatched, gathering, phased, serving, told
from tests.oracle.projecting import PROJECTS, weighed
from tests.oracle.recorded import recorded
from tests.oracle.rows import Draw, is_view, path_of
from tests.oracle.tables import ZONE
from tests.oracle.tree import free_code, unit_row, uuid_of
from tests.oracle.whistling import WHISTLED, whistling

SEATED = {kind.name: kind.column for kind in KINDS}  # where a grant is seated, by the column that says so
LATER = BEGAN + timedelta(days=90_000)
# What makes a token's state, in days from now; two that last long enough to wait for a successor of who signed them.
STATES: tuple[dict[str, int | None], ...] = (
    {"expires_at": 20},
    {"approved_at": None, "expires_at": 20},
    {"last_used_at": -1},
    {"revoked_at": -1, "expires_at": 1},
    {"approved_at": None},
    {"expires_at": -1},
    {"approved_at": -400, "created_at": -400, "expires_at": 3},
)
# Of what there are many kinds, more rows: each kind shall meet the others.
MANY = {"post": 3, entries.name: 6, changes.name: 6}


@dataclass
class World:
    """Rows of every table, as they are copied into it, and the token of the one who asks: the first account."""

    seed: int
    rows: dict[str, list[Row]] = field(default_factory=dict)
    token: str = ""

    def add(self, table: str, **row: Any) -> Row:
        """A new row."""
        self.rows.setdefault(table, []).append(row)
        return row

    @property
    def caller(self) -> UUID:
        """The account of the one who asks."""
        account: UUID = self.rows[ACCOUNT][0]["id"]
        return account

    def see_everything(self) -> None:
        """Seat the caller at every root of the forest, as those between whom everything is read."""
        for role in ("county_admin", *NOT_INHERITED):
            self.see_below([row for row in self.rows[UNIT] if row["parent_path"] is None], role)

    def see_below(self, units: Sequence[Row], role: str = "county_admin") -> None:
        """Seat the caller at these units."""
        for row in units:
            self.grant(role, "unit", path_of(row))

    def grant(self, role: str, kind: str, at: Any) -> None:
        """Grant the caller a role at a seat of this kind."""
        place = {**dict.fromkeys(SEATED.values()), SEATED[kind]: at}
        id_ = uuid5(NAMESPACE_OID, f"{role} {at}")
        said = {"granted_by": self.rows[ACCOUNT][-1]["id"], "reason": "因需 %"}
        self.add(GRANT, id=id_, account_id=self.caller, role=role, **place, since=BEGAN, until=LATER, **said)

    def hold_to(self, entities: Sequence[str] | None, smallest_cell: int | None) -> None:
        """Hold the caller to these terms, as programs are."""
        said = {"entities": entities, "documents": None, "budget": None, "smallest_cell": smallest_cell}
        id_ = uuid5(NAMESPACE_OID, "terms")
        self.add(PROGRAM, id=id_, account_id=self.caller, unit_path=None, agency=None, version=1, **said)

    def __repr__(self) -> str:
        units = ", ".join(f"{row['parent_path'] or ''}{row['code']} {row['name']}" for row in self.rows[UNIT])
        return f"World(seed={self.seed}, seats={seats_of(self.rows, self.caller)}, units=[{units}])"


UNIT, FORMER, PARTY = units.name, former_codes.name, party_organizations.name
NOT_INHERITED = ("community_admin", "visit_keeper")  # roles of what stops at the community
ACCOUNT, GRANT, CREDENTIAL, MEMBER = accounts.name, grants.name, credentials.name, people.name
OPERATION, PROGRAM, TOKEN = operations.name, programs.name, tokens.name
MADE_HERE = (UNIT, FORMER, ACCOUNT, GRANT, CREDENTIAL, PROGRAM, TOKEN, secrets.name, links.name,
             corrections.name, *DELIBERATED, *WHISTLED)  # fmt: skip
# Drawn by chances of their own, so that what there was before them stays as it is in the world of a seed.
ALONE = [
    *(visits, reports, themes, evaluations, phases, sharings, calendar_years, grid_terms, households, contacts),
    *(home_visits, teams, activities, sign_ups, attendances, points.rules, points.claims, points.entries),
    *(pledges, appraisals, facilities, centres, operation_terms, compound_positions, matters, *DUTIES, departments),
    *(milestones, weekly.sheets, weekly.items, weekly.looks, weekly.scores, offers),
    *(venues, bookings, resources, uses, *PROJECTS),
    *(days, analyses, deliberated, disputes),
    *ALLIED,
    *(asking.surveys, asking.choices, asking.boxes, asking.codes, asking.counters, asking.counts, asking.responses),
    former_units,
]


def _to_alone(key: Any) -> bool:  # a ForeignKey, whatever SQLAlchemy's types say
    return key.column.table in ALONE


KNOWN = sort_tables([METADATA.tables[name] for name in sorted(METADATA.tables)], _to_alone)
# The trail comes last: it tells of all others.
OTHERS = sorted(
    (each for each in KNOWN if each.name not in MADE_HERE and not is_view(each) and each not in ALONE),
    key=lambda table: table is entries or any(key.column.table is entries for key in table.foreign_keys),
)


def worlds(smallest: int = 5, largest: int = 60) -> st.SearchStrategy[World]:
    """Worlds by their size and a seed."""
    sizes = st.integers(smallest, largest)
    return st.builds(made, st.integers(0, 2**32), sizes, st.integers(0, 14), st.sampled_from([1, 2, 1, 3, 1, 0]))


def made(seed: int, size: int, others: int, granted: int) -> World:
    """The world of a seed: so many units, at most so many rows of any other table."""
    random, world = Random(seed), World(seed)
    for _ in range(size):
        _unit(world, random)
    for _ in range(size // 4):
        _former_code(world, random)
    for name in ("问的人 %", "别人"):
        _account(world, random, name, "PERSON", None)
    draw = Draw(random, datetime.now(ZONE).date(), world.rows)
    for table in OTHERS:
        draw.add(table, random.randint(others // 2, others) * MANY.get(table.name, 1))
    if others:
        _administered(world, random)
    _granted(world, random, granted)
    for number in range(others // 2):
        _program(world, random, number)
    draw.add(corrections, others)
    for table in ALONE:
        alone = Draw(Random(f"{seed} {table.name}"), draw.today, world.rows)
        while table is visits and (post := dispatched(alone)):
            world.add("post", **post)
        alone.add(table, others)
    gathering(draw)
    deliberating(seed, draw)
    whistling(seed, draw)
    serving(Draw(Random(f"{seed} serving"), draw.today, world.rows))
    told(world.rows, ALONE, Random(f"{seed} told"))
    for finished in (weighed, corrected, recorded):
        finished(world.rows)
    phased(Draw(Random(f"{seed} building"), draw.today, world.rows))
    Draw(Random(f"{seed} named by nothing"), draw.today, world.rows).add(people, others // 7)
    return world


def _unit(world: World, random: Random) -> None:
    known = world.rows.get(UNIT, [])
    parents = [row for row in known if row["level"] is not OrgLevel.OUTLET]
    recent = parents[-8:] if random.random() < 0.8 else parents[:3]
    parent = random.choice(recent) if recent and random.random() > 0.03 else None
    world.add(UNIT, **unit_row(random, parent, free_code(random, parent, known)))


def _former_code(world: World, random: Random) -> None:
    unit, other = random.choice(world.rows[UNIT]), random.choice(world.rows[UNIT])
    code = other["code"] if random.random() < 0.5 else other["code"][:1] + random.choice(("9", "99", "98"))
    if not any(row["code"] == code and row["unit_id"] == unit["id"] for row in world.rows.get(FORMER, [])):
        world.add(FORMER, code=code, unit_id=unit["id"])


def _administered(world: World, random: Random) -> None:
    """More accounts, at home here and there, with grants that rest on one another, that are over or revoked."""
    paths = [path_of(row) for row in world.rows[UNIT]]
    members = [row["id"] for row in world.rows.get(MEMBER, [])]
    world.rows[ACCOUNT][0]["member_id"] = random.choice(members) if members else None
    for number in range(8):
        program, over = random.random() < 0.3, random.random() < 0.3
        reset = not program and random.random() < 0.5
        person = {
            "login": f"login{number}" if reset or (not program and random.random() < 0.3) else None,
            "password": "of nobody" if reset else None,
            "password_temporary": reset,
            "password_reset_for": called(random) if reset and random.random() < 0.7 else None,
            "member_id": random.choice(members) if members and not program else None,
        }
        world.add(
            ACCOUNT,
            id=uuid_of(random),
            **named(accounts, called(random)),
            kind="PROGRAM" if program else "PERSON",
            unit_path=random.choice([*paths[:4] * 3, *paths, None]),
            created_at=BEGAN + timedelta(days=random.choice((0, 1, 1))),
            closed_at=BEGAN + timedelta(days=3) if over else None,
            **person,
        )
    *many, one, _ = world.rows[ACCOUNT][2:]
    for account in [*many * 3, one]:  # who holds little is in more people's hands
        grant_anywhere(
            world, random, account["id"], BEGAN, random.choice((None, None, LATER, BEGAN + timedelta(days=1)))
        )
        made, before = world.rows[GRANT][-1], world.rows[GRANT][:-1]
        told = random.random() < 0.6
        by = random.choice(world.rows[ACCOUNT])["id"]
        made |= {"granted_by": by if told else None, "reason": called(random) if told else None}
        made["under_id"] = random.choice(before)["id"] if before and told else None
        if random.random() < 0.3:
            ended = (BEGAN + timedelta(days=2), datetime.now(UTC) - timedelta(days=2))[len(before) % 2]
            made |= {"revoked_at": ended, "revoked_by": by, "revoked_for": called(random)}


def _granted(world: World, random: Random, granted: int) -> None:
    caller, other, *_ = world.rows[ACCOUNT]
    for number in range(granted):
        grant_anywhere(world, random, caller["id"], BEGAN, (LATER, None)[number % 2])
    if random.random() < 0.3:
        grant_anywhere(world, random, caller["id"], BEGAN, BEGAN + timedelta(days=1))
        grant_anywhere(world, random, caller["id"], LATER, None)
    grant_anywhere(world, random, other["id"], BEGAN, None)
    token_id, world.token, digest = make_token()
    _credential(world, caller["id"], id=token_id, secret_sha256=digest)


def _account(world: World, random: Random, name: str, kind: str, path: str | None) -> UUID:
    id_ = uuid_of(random)
    world.add(ACCOUNT, id=id_, **named(accounts, name), kind=kind, unit_path=path, created_at=BEGAN)
    return id_


def _credential(world: World, account: UUID, **given: Any) -> None:
    """A credential that stands, but for what is given."""
    now = datetime.now(UTC)
    usual = {"created_at": now, "approved_at": now, "expires_at": now + timedelta(days=2)}
    empty = dict.fromkeys(("revoked_at", "approved_by", "issued_by", "last_used_at", "confirmed_at", "confirmed_by"))
    world.add(CREDENTIAL, account_id=account, **{**usual, **empty, **given})


def _program(world: World, random: Random, number: int) -> None:
    """A partner's program somewhere, with tokens in every state."""
    vouching = _vouching(world, random)
    path = path_of(random.choice(world.rows[UNIT][: random.choice((1, 3, 100))]))
    account = _account(world, random, called(random), "PROGRAM", path)
    terms = drawn_terms(random, world)
    program = {"id": uuid_of(random), "account_id": account, "unit_path": path, "agency": called(random)}
    world.add(PROGRAM, **program, version=1, **terms)
    place = {**dict.fromkeys(SEATED.values()), "unit_path": path}
    until = random.choice((None, LATER))
    world.add(GRANT, id=uuid_of(random), account_id=account, role="partner", **place, since=BEGAN, until=until)
    last = None
    for state in range(random.choice((1, 2, 3))):
        _token(world, random, program, vouching, (number + state) % len(STATES), last)
        last = random.choice((None, world.rows[TOKEN][-1]["id"]))


def _vouching(world: World, random: Random) -> list[UUID | None]:
    """Who signs tokens: nobody, anybody, and administrators of everything whose time is over or is not."""
    people = [row["id"] for row in world.rows[ACCOUNT] if row["kind"] == "PERSON"]
    place = {**dict.fromkeys(SEATED.values()), "unit_path": path_of(world.rows[UNIT][0])}
    chiefs = [_account(world, random, called(random), "PERSON", None) for _ in range(3)]
    for chief, until in zip(chiefs, (LATER, *(datetime.now(UTC) - timedelta(days=of) for of in (5, 20))), strict=True):
        world.add(GRANT, id=uuid_of(random), account_id=chief, role="county_admin", **place, since=BEGAN, until=until)
    return [None, None, random.choice(people), *chiefs]


def _token(world: World, random: Random, program: Row, by: Sequence[Any], state: int, replaces: UUID | None) -> None:
    now, id_ = datetime.now(UTC), f"c{len(world.rows[CREDENTIAL])}"
    signed: Row = {name: random.choice(by) for name in ("issued_by", "approved_by", "confirmed_by")}
    signed["confirmed_at"] = signed["confirmed_by"] and now - timedelta(days=random.choice((0, 6, 20)))
    moments = {name: days if days is None else now + timedelta(days=days) for name, days in STATES[state].items()}
    _credential(world, program["account_id"], id=id_, secret_sha256=b"", **signed, **moments)
    said = {"credential_id": id_, "program_id": program["id"], "unit_path": program["unit_path"]}
    said["revoked_for"] = called(random) if "revoked_at" in STATES[state] else None
    world.add(TOKEN, id=uuid_of(random), replaces_id=replaces, version=1, **said)


def drawn_terms(random: Random, world: World) -> dict[str, Any]:
    """Terms of a program, each of them or none."""
    stored = [row["sha256"] for row in world.rows.get(OPERATION, ())]
    return {
        "entities": random.choice((None, random.sample(sorted(askable()), random.randint(1, len(askable()))))),
        "documents": random.choice((None, sorted(stored)[:2] or ["0"])),
        "budget": random.choice((None, 1, 60, 100)),
        "smallest_cell": random.choice((None, 2, 3, 5)),
    }


def grant_anywhere(world: World, random: Random, account: UUID, since: datetime, until: datetime | None) -> None:
    """A grant anywhere to an account, also of a role that cannot be seated there, or that there is not."""
    seats = {kind: rows for kind in SEATED if (rows := places(world.rows, kind))}
    kind = random.choice(["unit", *seats])
    at = random.choice(seats[kind][: random.choice((1, 3, 10, 100))])
    fitting = [role for role, terms in SEATS.items() if kind in terms]
    role = random.choice([*fitting * 3, *SEATS, "janitor"])
    place = {**dict.fromkeys(SEATED.values()), SEATED[kind]: at}
    said = {"granted_by": random.choice((None, account)), "reason": random.choice((None, called(random)))}
    world.add(GRANT, id=uuid_of(random), account_id=account, role=role, **place, since=since, until=until, **said)


def seats_of(rows: Mapping[str, Sequence[Record]], account: UUID) -> tuple[Seat, ...]:
    """The seats an account's grants give it now."""
    now = datetime.now(UTC)
    held: list[Seat] = [("everyone", Oneself(account))]
    for grant in [grant for grant in rows.get(GRANT, ()) if grant["account_id"] == account]:
        begun, over = grant["since"] <= now, grant["until"] is not None and grant["until"] <= now
        if begun and not over and grant.get("revoked_at") is None:
            (kind,) = (kind for kind, column in SEATED.items() if grant[column] is not None)
            term = SEATS.get(grant["role"], {}).get(kind)
            held += [(grant["role"], seated(term, grant[SEATED[kind]]))] if term is not None else []
    return tuple(held)


def terms_of(rows: Mapping[str, Sequence[Record]], account: UUID) -> Terms:
    """What an account is held to."""
    row = next((row for row in rows.get(PROGRAM, ()) if row["account_id"] == account), None)
    if row is None:
        return NO_TERMS
    entities = None if row["entities"] is None else frozenset(row["entities"])
    return Terms(entities, None, None, row["smallest_cell"])


def places(rows: Mapping[str, Sequence[Row]], kind: str) -> list[Any]:
    """Where a grant of this kind of seat can be: the keys its column may refer to."""
    (key,) = grants.c[SEATED[kind]].foreign_keys
    return [row[key.column.name] for row in rows.get(key.column.table.name, ())]


def seated(term: type[Term], at: Any) -> Term:
    """The term at a place."""
    made: Callable[[Any], Term] = term
    return made(at)
