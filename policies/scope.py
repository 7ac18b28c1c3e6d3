"""Scopes: which rows of an entity someone may act on. Values only; no database, no Casbin.

A grant's seat is a `Term`. An entity declares, by `Way`, the keys by which its rows answer to seats: a unit's path, the
companies that manage it today, and so on. A term no way answers to admits no row. `schema/pipeline/sql/rows.py` turns a
scope into the predicate of a statement, `admits` is the same rule for one row in Python; a property test holds the two
together.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID


class Way(Enum):
    """By which way a row answers to a seat, in words for readers of an explanation; above each, what its keys are."""

    # Keys: the path of the unit it lies in.
    WITHIN = "它所在的单元在席位辖区之内 / The unit it lies in is that of the seat, or below it."
    # Keys: the path of the unit a person is registered in, for those who administer there.
    REGISTERED = "其登记单元在席位辖区之内 / The unit they are registered in is that of the seat, or below it."
    # Keys: the paths of the units whose offices and records name a person, for those who inspect there.
    NAMED = "席位辖区内的职务或记录提及其人 / An office or a record in the unit of the seat names them."
    # Keys: the paths of other units it works in today, where it may be read and named.
    PRESENT = "它今天在席位辖区内有业务 / It works in the unit of the seat today."
    # Keys: the paths of other units that what it answers for works in today, where it may be read.
    SERVES = "它今天为席位辖区服务，或对此负责 / It serves the unit of the seat today, or answers for what does."
    # Keys: the paths of the units that share the compound it is, or belongs to, today, where it may be read.
    SHARED = "席位辖区今天共享它所在的小区 / The unit of the seat shares the compound it is, or belongs to, today."
    # Keys: the path of the unit it is, or is about, for those seated in just that unit.
    AT = "它就属于席位单元本身 / It is about the very unit of the seat."
    # Keys: the path of the unit that published it, for itself and all below.
    ABOVE = "席位的上级单元发布，供下级查阅 / A unit above the seat publishes it."
    # Keys: the paths of the units it lies in, if it belongs to the property industry's line.
    SECTOR = "它属于席位辖区内的物业行业条线 / It belongs to the property industry's line in the unit of the seat."
    # Keys: the account it belongs to.
    ACCOUNT = "它属于该账号本人 / It is the account's own."
    # Keys: the companies it belongs to today.
    COMPANY = "它今天归席位企业所有或管理 / It belongs to the company of the seat, or is managed by it today."
    # Keys: the buildings it belongs to.
    BUILDING = "它属于席位楼栋 / It belongs to the building of the seat."
    # Keys: the members who are captains of it today.
    CAPTAIN = "席位党员今天是它的楼长 / The member of the seat is captain of it today."
    # Keys: the members who are instructors of it today.
    INSTRUCTOR = "席位党员今天是它的党建指导员 / The member of the seat is instructor of it today."
    # Keys: the members who are today instructors of the company it is an office of, where it may be read.
    DISPATCHED = "席位党员今天被派往它所在的企业 / The member of the seat is dispatched today to the company it is in."
    # Keys: the member it belongs to.
    MEMBER = "它属于席位党员，或是其所在网格的 / It belongs to the member of the seat, or to where they serve."
    # Keys: the department it is, or is for today.
    DEPARTMENT = "它是席位部门，或今天由其办理 / It is the department of the seat, or is for it to deal with today."


@dataclass(frozen=True, slots=True, order=True)
class Within:
    """The unit at `path` and everything below it, and what units above it publish."""

    path: str


class Inspects(Within):
    """The same for those who inspect: of people, only whom offices and records there name."""


@dataclass(frozen=True, slots=True, order=True)
class At:
    """The unit at `path` itself, what is declared to be about it, and what units above it publish."""

    path: str


@dataclass(frozen=True, slots=True, order=True)
class Sector:
    """条: what belongs to the property industry's line at or below the unit at `path`, or works there."""

    path: str


@dataclass(frozen=True, slots=True, order=True)
class Oneself:
    """What belongs to the account itself."""

    account: UUID


@dataclass(frozen=True, slots=True, order=True)
class Keyed:
    """What answers by the key of something that is no unit: each kind of it is a class of its own."""

    id: UUID


class Company(Keyed):
    """What belongs to a property company today."""


class Building(Keyed):
    """What belongs to a building."""


class Captain(Keyed):
    """What a member is captain of today."""


class Instructor(Keyed):
    """What a member is instructor of today, and who else holds office there."""


class Member(Keyed):
    """What belongs to a member: their own record, and the unit they serve in."""


class Department(Keyed):
    """What is for a department to deal with today, and the department itself."""


Term = Within | At | Sector | Oneself | Keyed

# The ways a term is answered by; see `answering`.
ANSWERED: Mapping[type[Term], tuple[Way, ...]] = {
    Within: (Way.WITHIN, Way.REGISTERED, Way.PRESENT, Way.SERVES, Way.SHARED, Way.ABOVE),
    Inspects: (Way.WITHIN, Way.REGISTERED, Way.NAMED, Way.PRESENT, Way.SERVES, Way.SHARED, Way.ABOVE),
    At: (Way.AT, Way.ABOVE),
    Sector: (Way.SECTOR, Way.PRESENT, Way.SERVES, Way.SHARED),
    Oneself: (Way.ACCOUNT,),
    Company: (Way.COMPANY,),
    Building: (Way.BUILDING,),
    Captain: (Way.CAPTAIN,),
    Instructor: (Way.INSTRUCTOR, Way.DISPATCHED),
    Member: (Way.MEMBER,),
    Department: (Way.DEPARTMENT,),
}


# What may be done with what belongs elsewhere: read it, and by some ways name it in a command about something of one's
# own. Whoever answers for what works here is not thereby at one's disposal.
ELSEWHERE: Mapping[Way, frozenset[str]] = {
    Way.ABOVE: frozenset({"read", "count", "refer"}),
    Way.PRESENT: frozenset({"read", "count", "refer"}),
    Way.SERVES: frozenset({"read", "count"}),
    Way.SHARED: frozenset({"read", "count"}),
    Way.NAMED: frozenset({"read", "count"}),
    Way.DISPATCHED: frozenset({"read", "count"}),
}

# Done to a unit only by those seated above it, not by those seated at it.
FROM_ABOVE = frozenset({"recode", "move", "merge", "split"})


@dataclass(frozen=True, slots=True)
class Everything:
    """Every row. No role has it; it is for entities that are public by declaration."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No row: what an absent grant, an unknown role or an unnamed action comes to."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The rows at least one of the terms admits; never empty, sorted, without terms another one covers."""

    terms: tuple[Term, ...]


Scope = Everything | Nothing | AnyOf
Shape = tuple[str, ...]

EVERYTHING = Everything()
NOTHING = Nothing()


def union(terms: Iterable[Term]) -> Scope:
    """The scope of all `terms` together; `NOTHING` when there are none."""
    kept: list[Term] = []
    for term in sorted(set(terms), key=lambda term: (type(term).__name__, term)):
        if not any(covers(other, term) for other in kept):
            kept.append(term)
    kept = [term for term in kept if not any(covers(other, term) for other in kept if other is not term)]
    return AnyOf(tuple(kept)) if kept else NOTHING


def covers(wide: Term, narrow: Term) -> bool:
    """Whether every row `narrow` admits is admitted by `wide`, by the terms alone.

    Units on the same line are left alone by the ways above them: what is published above the narrow seat and below the
    wide one lies within the wide one.
    """
    if isinstance(wide, Sector) and isinstance(narrow, Sector):
        return narrow.path.startswith(wide.path)
    same = type(wide) is type(narrow) or isinstance(narrow, At)
    return isinstance(wide, Within) and same and isinstance(narrow, Within | At) and narrow.path.startswith(wide.path)


def shape(scope: Scope) -> Shape:
    """What of a scope decides the form of a statement: the kinds of its terms. The rest is bound."""
    if isinstance(scope, AnyOf):
        return tuple(type(term).__name__ for term in scope.terms)
    return (type(scope).__name__,)


def bounds(path: str, action: str = "read") -> tuple[str, str]:
    """The index range an action reaches from `path`: itself and all below it, up to but without the second.

    A path ends with a slash and zero is the character after the slash, so no path below it sorts past the second. What
    is only done from above begins with the first path below, which a code goes on with.
    """
    return path + "!" * (action in FROM_ABOVE), path[:-1] + "0"


def line(path: str) -> list[str]:
    """The paths of the units from the top down to `path`, itself included."""
    codes = path.split("/")[:-1]
    return ["".join(f"{code}/" for code in codes[: number + 1]) for number in range(len(codes))]


Address = Mapping[Way, Collection[object]]
"""The keys one row has, by way; a way the entity does not declare is absent."""


def answering(term: type[Term], action: str) -> tuple[Way, ...]:
    """The ways a term is answered by for an action: what belongs elsewhere is there for some only."""
    if term is At and action in FROM_ABOVE:
        return ()
    ways = (way for way in ANSWERED[term] if way not in ELSEWHERE or action in ELSEWHERE[way])
    # Of people an inspection is shown those whom something there names; it counts all who are registered there.
    return tuple(way for way in ways if way is not Way.REGISTERED or term is not Inspects or action == "count")


def admits(term: Term, row: Address, action: str = "read") -> bool:
    """Whether one row answers to `term` for an action."""
    return any(_meets(term, way, key, action) for way in answering(type(term), action) for key in row.get(way, ()))


def _meets(term: Term, way: Way, key: object, action: str) -> bool:
    match term:
        case Within(path) | At(path) if way is Way.ABOVE:
            return isinstance(key, str) and path.startswith(key)
        case Within(path) | Sector(path):
            return isinstance(key, str) and key.startswith(path) and not (key == path and action in FROM_ABOVE)
        case At(path):
            return key == path
        case Oneself(account):
            return key == account
        case Keyed(id):
            return key == id
