"""Who may do what, by the plainest means: roles.csv read line by line, every seat of everyone tried on the row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from policies.actor import SEATS
from policies.decide import Seat
from policies.scope import Oneself, Way, admits
from schema.catalogue.kinds import Catalogue, Kind
from schema.catalogue.offers import Offer
from schema.kit.commands import Named
from schema.kit.entities import Edge, EdgeKind
from schema.kit.ids import split_id
from tests.oracle.decisions import enforced
from tests.oracle.dispatch import Record
from tests.oracle.sight import Sight, Thing
from tests.oracle.worlds import SEATED, seated

ROLES = Path(__file__).parents[2] / "policies" / "roles.csv"
LINES = [
    tuple(part.strip() for part in line.split(","))
    for line in ROLES.read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
# Of rights on a row: to count is about many, and to follow hangs on others.
RULES = [(line[1], line[2], line[3]) for line in LINES if line[0] == "p" and line[3] not in ("count", "follow")]
ANSWERING = ("need_survey", "answer")  # what programs may beside reading
HEIRS = [(line[1], line[2]) for line in LINES if line[0] == "g"]

Right = tuple[str, str]


def action(right: Right) -> str:
    """The right as clients call it."""
    return "_".join(right).replace(".", "_").upper()


ACTIONS: dict[str, Right] = {action((entity, verb)): (entity, verb) for _, entity, verb in RULES}


YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Access:
    """A seat that has a right on a row: what a field of it says beside what stands in its row."""

    rule: str
    inherits: list[str]
    by: list[str]


@dataclass(frozen=True, slots=True)
class Lack:
    """What a grant lacks for a right on a row, and the rules that would do."""

    missing: list[str]
    rules: list[str]


def needed(catalogue: Catalogue, word: Named, entity: str, own: Right) -> Right:
    """What a command needs on a row it names: its own right on its target, on others what the word says."""
    if word.action is None:
        return own
    policy, _, verb = word.action.rpartition(":")
    return policy or catalogue.kinds[entity].entity.policy, verb


def words(offer: Offer) -> Iterator[tuple[str, Named]]:
    """What names rows in an input and those nested in it, with the fields' Python names."""
    shapes = [offer.input]
    for shape in shapes:
        shapes += [field.shape for field in shape.fields.values() if field.shape is not None]
        for field in shape.fields.values():
            if isinstance(field.word, Named):
                yield field.python_name, field.word


def takers(catalogue: Catalogue) -> dict[Right, set[str]]:
    """By right, the kinds of the rows that some command takes by it, as its target or beside it."""
    found: dict[Right, set[str]] = {}
    for offer in catalogue.offers.values():
        own = (offer.command.policy, offer.command.action)
        for name, word in words(offer):
            for entity in word.entities:
                found.setdefault(needed(catalogue, word, entity, own), set()).add(entity)
                if name in offer.command.named:
                    found.setdefault(own, set()).add(entity)
    return found


def rights(catalogue: Catalogue, kind: Kind) -> dict[Right, Kind]:
    """What one may have on a row of a kind, with the kind whose ways count; nothing that takes rows of others alone."""
    found: dict[Right, Kind] = {}
    for field in kind.fields.values():
        if isinstance(field.declared, Edge) and field.declared.kind is EdgeKind.FACET:
            facet = catalogue.kinds[field.declared.target or ""]
            found |= {(entity, verb): facet for _, entity, verb in RULES if entity == facet.entity.policy}
    found |= {(entity, verb): kind for _, entity, verb in RULES if entity == kind.entity.policy}
    taken = takers(catalogue)
    found = {each: of for each, of in found.items() if each[1] == "read" or kind.name in taken.get(each, {kind.name})}
    for offer in catalogue.offers.values():
        words = [field.word for field in offer.input.fields.values() if isinstance(field.word, Named)]
        if any(word.action is None and word.entity == kind.name for word in words):
            found[offer.command.policy, offer.command.action] = kind
    return {**found, ("access", "explain"): kind}


def abilities(sight: Sight, thing: Thing) -> list[str]:
    """The names of the caller's rights on a row, sorted."""
    catalogue = sight.declared.catalogue
    asked = rights(catalogue, thing.kind)
    held = (right for right, kind in asked.items() if sight.allows(kind, thing.row, *right))
    return sorted(action(right) for right in held if usable(sight, thing, right))


def usable(sight: Sight, thing: Thing, right: Right, by: object = None) -> bool:
    """Whether a command about a row that needs a right is not refused for its state alone, if there is any; nor as
    another's than the account's, which is the caller's unless it is said.
    """
    offers = [
        offer
        for offer in sight.declared.catalogue.offers.values()
        if (offer.command.policy, offer.command.action) == right
    ]
    states = [offer.command.when for offer in offers if _about(offer) == thing.kind.name]
    for offer in offers:
        for name, state in offer.command.named.items():
            (named,) = (each.word for each in offer.input.fields.values() if each.python_name == name)
            if named.entity == thing.kind.name:  # type: ignore[union-attr]
                states.append(state)
    if not states:
        states = list(_beside(sight.declared.catalogue, thing.kind, right))
    owners = [offer.command.own for offer in offers if _about(offer) == thing.kind.name]
    if owners and not any(own is None or sight.value(thing, own) == (by or _account(sight)) for own in owners):
        return False
    return not states or any(each is None or sight.value(thing, each) is True for each in states)


def _beside(catalogue: Catalogue, kind: Kind, right: Right) -> Iterator[Any]:
    """In which states the commands that take rows of a kind beside their target, by a right, take them."""
    for offer in catalogue.offers.values():
        for _, word in words(offer):
            beside = word.action is not None and kind.name in word.entities
            if beside and needed(catalogue, word, kind.name, right) == right:
                yield word.when


def _about(offer: Offer) -> str:
    """The kind of the row a command takes for its target."""
    word = offer.target[1].word
    assert isinstance(word, Named)
    return word.entity


def _account(sight: Sight) -> object:
    """Whose sight it is."""
    return next(term.account for role, term in sight.seats if role == "everyone" and isinstance(term, Oneself))


def row_of(sight: Sight, text: str) -> Thing | None:
    """The row of a global id, if the caller sees it."""
    found = split_id(text)
    kind = sight.declared.catalogue.by_tag(found[0]) if found else None
    if found is None or kind is None:
        return None
    return next((Thing(kind, row) for row in sight.seen(kind) if row["id"] == found[1]), None)


def may(sight: Sight, right: Right, text: str) -> bool:
    """Whether the caller has a right on the row of an id."""
    thing = row_of(sight, text)
    return thing is not None and action(right) in abilities(sight, thing)


def reaching(
    sight: Sight, text: str, right: Right | None, account: str | None = None
) -> Iterator[tuple[Record, Access]]:
    """The seats (of one account, where an id is given, or of all) that have a right on the row of an id."""
    thing = row_of(sight, text)
    if thing is None or not _may_ask(sight, thing, account):
        return
    asked = right or (thing.kind.entity.policy, "read")
    kind = rights(sight.declared.catalogue, thing.kind).get(asked)
    for row in sight.tables["seat"] if kind is not None else ():
        if kind is not None and (account is None or f"ac_{row['account_id']}" == account):
            yield from ((row, access) for access in _access(sight, kind, thing.row, asked, row))


def misses(sight: Sight, target: Kind, text: str, right: Right | None, account: str) -> list[tuple[Record, Lack]]:
    """The ten grants of an account that come nearest to the row of an id, where no seat of it has the right."""
    thing = row_of(sight, text)
    if thing is None or not _may_ask(sight, thing, account) or any(reaching(sight, text, right, account)):
        return []
    asked = right or (thing.kind.entity.policy, "read")
    kind = rights(sight.declared.catalogue, thing.kind).get(asked)
    told = [row for row in sight.tables["role_grant"] if f"ac_{row['account_id']}" == account]
    told = [row for row in told if kind is not None and _told(sight, target, row)]
    found = [(row, lack_of(sight, kind, thing.row, asked, row)) for row in told if kind is not None]
    return sorted(found, key=lambda each: (_distance(each[1]), each[0]["since"], each[0]["id"].bytes))[:10]


def _told(sight: Sight, target: Kind, grant: Record) -> bool:
    """The asker may read it; and explain it, if it is not in force; and it was not over for a year."""
    over = [end for end in (grant["until"], grant["revoked_at"]) if end is not None]
    if not sight.allows(target, grant, "grant", "read") or (over and min(over) <= sight.now - YEAR):
        return False
    return in_force(sight, grant) or sight.allows(target, grant, "access", "explain")


def _distance(lack: Lack) -> int:
    return sum({"TIME": 1, "SEAT": 2, "RIGHT": 4, "ACCOUNT": 0}[each] for each in lack.missing)


def lack_of(sight: Sight, kind: Kind, row: Record, right: Right, grant: Record) -> Lack:
    """Each reason tried by itself."""
    seat = seat_of({**grant, "oneself": None})
    answers = seat is not None and admits(seat[1], sight.address(kind, row), right[1])
    line = chain_to(grant["role"], right)
    allowing = line[-1:] or sorted({role for role, *of in RULES if tuple(of) == right and role != "everyone"})
    lacks = {"TIME": not in_force(sight, grant), "SEAT": not answers, "RIGHT": not line}
    rules = [", ".join(("p", role, *right)) for role in allowing]
    return Lack([name for name, lacking in lacks.items() if lacking] or ["ACCOUNT"], rules)


def _may_ask(sight: Sight, thing: Thing, account: str | None) -> bool:
    own = [term.account for _, term in sight.seats if isinstance(term, Oneself)]
    return account in [f"ac_{id_}" for id_ in own] or sight.allows(thing.kind, thing.row, "access", "explain")


def _access(sight: Sight, kind: Kind, row: Record, right: Right, held: Record) -> Iterator[Access]:
    """The access a seat gives, if it does."""
    seat = seat_of(held)
    if seat is None or not counts(sight, held, right):
        return
    address = sight.address(kind, row)
    if enforced([seat], *right, address):
        ways = [way for way in Way if admits(seat[1], {way: address.get(way, ())}, right[1])]
        chain = chain_to(seat[0], right)
        yield Access(", ".join(("p", chain[-1], *right)), chain, [way.name for way in ways])


def seat_of(held: Record) -> Seat | None:
    """A row of the view as a role with its term; None where that role cannot sit there."""
    if held["oneself"] is not None:
        return held["role"], Oneself(held["oneself"])
    (kind,) = (kind for kind, column in SEATED.items() if held[column] is not None)
    term = SEATS.get(held["role"], {}).get(kind)
    return None if term is None else (held["role"], seated(term, held[SEATED[kind]]))


def counts(sight: Sight, held: Record, right: Right) -> bool:
    """Whether the grant is in force, the account open, and no program beyond what it may and is bound to."""
    if not in_force(sight, held):
        return False
    account = sight.tables.having("account", "id", held["account_id"])[0]
    programs = sight.tables.having("program", "account_id", held["account_id"])
    free = all(program["entities"] is None or right[0] in program["entities"] for program in programs)
    able = account["closed_at"] is None and (account["kind"] == "PERSON" or right[1] == "read" or right == ANSWERING)
    return able and (free or held["oneself"] is not None)


def in_force(sight: Sight, held: Record) -> bool:
    """Whether it has begun, has not ended and was not revoked."""
    over = held["until"] is not None and held["until"] <= sight.now
    return not (held["revoked_at"] is not None or held["since"] > sight.now or over)


def chain_to(role: str, right: Right) -> list[str]:
    """The shortest line of inheritance from a role to one that a rule names; empty where there is none."""
    lines: list[list[str]] = [[role]]
    while lines:
        for line in lines:
            if (line[-1], *right) in RULES:
                return line
        lines = [[*line, below] for line in lines for heir, below in HEIRS if heir == line[-1]]
    return []
