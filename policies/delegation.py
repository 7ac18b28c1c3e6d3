"""Delegation: who may pass on what. Nobody grants more than they hold: of rights, of rows, of time.

A role at a seat rests on one grant of whoever grants it, its *footing*, which by itself must give every right of the
role over everything the seat reaches, for as long. Seats that are units are compared as terms, for good. What a
company, a building or a member reaches is a matter of today's contracts and posts, so there `rows_decide`: those it
reaches today are compared in the database (schema/access/delegating.py). Values only, like `scope`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from policies.actor import LEVELS, SEATS
from policies.decide import permissions
from policies.scope import At, Sector, Term, Within
from services.access.granting import Footing
from services.described import Described

Right = tuple[str, str]

# Of these the last at a seat does not leave: nobody would be there to appoint another.
NEVER_VACANT = frozenset({"county_admin"})


class Role(Described):
    """角色，与 policies/roles.csv 同名 / A role, named as in policies/roles.csv."""

    county_admin = "county_admin", "县级管理员 / Administers a county."
    town_admin = "town_admin", "乡镇管理员 / Administers a town."
    community_admin = "community_admin", "社区管理员 / Administers a community or village."
    property_committee = "property_committee", "物业行业党委 / The party committee of the property sector."
    company_secretary = "company_secretary", "物业企业党支部书记 / Secretary of a property company."
    instructor = "instructor", "党建指导员 / Instructor of companies."
    captain = "captain", "党员楼长 / Captain of buildings."
    member = "member", "党员 / Member."
    auditor = "auditor", "审计 / Audits."
    partner = "partner", "合作单位程序 / A partner's program."
    visit_keeper = "visit_keeper", "社区走访管理员 / Keeps the four visits of a community."
    department_officer = "department_officer", "部门经办人 / Works for a department of a county."


@dataclass(frozen=True, slots=True)
class Holding:
    """A grant in force of whoever grants: its role and term, and the footing it could be."""

    role: str
    term: Term
    footing: Footing


def fits(role: str, kind: str, level: str | None) -> bool:
    """Whether a role can be seated at this kind of seat; `level` is that of a unit."""
    return kind in SEATS.get(role, {}) and (kind != "unit" or level in LEVELS[role])


def right_for(holder: str, role: str, right: Right) -> Right | None:
    """What a holder of one role needs of a row so as to pass on this right of another; None where they cannot.

    The right itself; or, where roles.csv lets them grant the role whatever it may (`grant.auditor`), that.
    """
    held = permissions(holder)
    return next((each for each in (right, (f"grant.{role}", "create")) if each in held), None)


def ranks(holder: str, role: str) -> bool:
    """Whether a holder of one role may pass on every right of another, seats aside."""
    return ("grant", "create") in permissions(holder) and all(
        right_for(holder, role, right) for right in permissions(role)
    )


def reaches(wide: Term, narrow: Term) -> bool:
    """Whether a seat's term lies within the holder's, as far as terms tell; what is no territory may."""
    if isinstance(narrow, Within | At | Sector):
        return isinstance(wide, Within) and narrow.path.startswith(wide.path)
    return isinstance(wide, Within)


def rows_decide(term: Term) -> bool:
    """Whether what a term reaches must be looked up."""
    return not isinstance(term, Within | At)


def passes(holder: str, wide: Term, role: str, narrow: Term) -> bool:
    """Whether whoever holds one role at a term could pass on another at another, as far as rights and terms tell."""
    return ranks(holder, role) and reaches(wide, narrow)


def able(holdings: Iterable[Holding], role: str, term: Term) -> list[Holding]:
    """The holdings a role at this term could rest on, as far as rights and terms tell; the longest-lasting first."""
    return longest_first(each for each in holdings if passes(each.role, each.term, role, term))


def longest_first(holdings: Iterable[Holding]) -> list[Holding]:
    """Those without an end first, then by when they end."""
    return sorted(holdings, key=lambda each: (each.footing.until is not None, _moment(each.footing.until)))


def _moment(until: datetime | None) -> float:
    return 0.0 if until is None else -until.timestamp()
