"""Worlds with many accounts: people and programs, open and closed, seated anywhere, some of them twice."""

from datetime import timedelta
from random import Random
from uuid import UUID, uuid5

from policies.decide import Seat
from services.access.tables import accounts, programs
from services.programs.tables import tokens
from services.storage.tables import named
from tests.oracle.columns import BEGAN
from tests.oracle.dispatch import Record
from tests.oracle.sight import Sight
from tests.oracle.worlds import ACCOUNT, GRANT, LATER, World, grant_anywhere, made, seats_of

ENTITIES = ("unit", "compound", "member", "member.contact", "service_item", "account")


def peopled(seed: int, units: int = 14, others: int = 16, people: int = 10) -> World:
    """A world in which so many more accounts have one to three grants each; the caller sits above all of it."""
    random, world = Random(f"people {seed}"), made(seed, units, others, 0)
    world.see_everything()
    world.rows |= {programs.name: [], tokens.name: []}  # those drawn are held to budgets and documents, too
    for number, account in enumerate(world.rows[ACCOUNT]):
        account |= {"name": f"账号{number}", "kind": "PERSON", "closed_at": None, "unit_path": None}
    first = len(world.rows[ACCOUNT])
    for number in range(first, first + people):  # names tell accounts apart
        _account(world, random, number)
    for grant in world.rows[GRANT]:
        grant["revoked_at"] = BEGAN if random.random() < 0.1 and grant["account_id"] != world.caller else None
    return world


def _account(world: World, random: Random, number: int) -> None:
    id_, kind = UUID(int=random.getrandbits(128), version=4), "PROGRAM" if random.random() < 0.3 else "PERSON"
    closed = BEGAN if random.random() < 0.1 else None
    unit = random.choice([None, *(row["path"] for row in world.rows["org_unit"])])
    world.add(ACCOUNT, id=id_, **named(accounts, f"账号{number}"), kind=kind, closed_at=closed, unit_path=unit)
    if kind == "PROGRAM":
        bound = random.choice((None, random.sample(ENTITIES, 3)))
        world.add(programs.name, id=uuid5(id_, "terms"), account_id=id_, entities=bound)
    for _ in range(random.choice((1, 2, 3))):
        since, until = random.choice(((BEGAN, None), (BEGAN, LATER), (BEGAN, BEGAN + timedelta(days=1)), (LATER, None)))
        grant_anywhere(world, random, id_, since, until)


def seats_for(sight: Sight, account: Record, entity: str, action: str) -> tuple[Seat, ...]:
    """The seats of an account that count for a right; `everyone`, at itself, is the first."""
    if account["closed_at"] is not None or (account["kind"] == "PROGRAM" and action != "read"):
        return ()
    seats = seats_of(sight.tables, account["id"])
    bound = [row["entities"] for row in sight.tables[programs.name] if row["account_id"] == account["id"]]
    return seats[:1] if any(each is not None and entity not in each for each in bound) else seats
