"""Commands about party organizations, above all the branches 党支部 that cover compounds 小区."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select

from services.errors import ProblemCode, Rule, rejected
from services.members.tables import members
from services.organization.tables import OrgLevel, PartyField, PartyKind, PartyTier, party_organizations
from services.properties.tables import COVERAGES, companies, coverages
from services.properties.tiers import check_kind, checked, derived
from services.storage.closing import cancel, end, end_running, lately, only_open
from services.storage.correcting import OUTLASTS
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid
from services.terms import reasonable


class BranchChanges(TypedDict, total=False):
    """What an update may change of a party organization."""

    name: str | None
    kind: PartyKind | None
    field: PartyField | None
    parent: Record | None


async def create_branch(
    tx: Transaction,
    *,
    unit: Record,
    name: str,
    kind: PartyKind,
    tier: PartyTier | None = None,
    field: PartyField | None = None,
    parent: Record | None = None,
    compounds: Sequence[Record] | None = None,
    since: date | None = None,
) -> UUID:
    """Set up a party organization, which covers the compounds from a day on, today if none is given; its id.

    Its tier is what kind and unit leave no choice of; rejected INCOMPLETE where it has to be said.
    """
    level = OrgLevel(unit["level"])
    tier = derived(level, kind, covering=bool(compounds)) if tier is None else checked(level, tier)
    check_parent(unit["path"], parent)
    made = await add_organization(tx, unit["path"], tier, kind, name, parent, field)
    if compounds:
        await _cover(tx, made, unit["path"], compounds, since or await tx.today())
    return made


async def update_branch(tx: Transaction, *, party_organization: Record, **changes: Unpack[BranchChanges]) -> UUID:
    """Change what is given; its id. A parent of null sets it free, a field of null is not recorded."""
    only_open(party_organization=party_organization)
    given: dict[str, Any] = dict(changes)
    moved: dict[str, Any] = {}
    if given.get("kind") is not None:
        check_kind(given["kind"], party_organization["tier"])
    if "parent" in given:
        parent = given.pop("parent")
        check_parent(party_organization["unit_path"], parent)
        moved["parent_id"] = parent and parent["id"]
    return await tx.update(party_organizations, party_organization["id"], **valid(party_organizations, given), **moved)


async def close_branch(tx: Transaction, *, party_organization: Record, on: date) -> UUID:
    """Close it, and end its coverage on that day; its id.

    Rejected while organizations or members belong to it or it is a company's own: those are moved first, each with
    the right that takes. The database refuses while a post in it would run on.
    """
    only_open(party_organization=party_organization)
    await lately(tx, "on", on)
    mine = party_organization["id"]
    below, belong, owned = party_organizations.c, members.c, companies.c.organization_id == mine
    zh, en = "仍有下级党组织。", "Organizations lie below it."
    await _refuse_any(tx, party_organizations, below.parent_id == mine, below.closed_on.is_(None), zh=zh, en=en)
    zh, en = "仍有党员编入该党组织。", "Members belong to it."
    await _refuse_any(tx, members, belong.organization_id == mine, belong.left_on.is_(None), zh=zh, en=en)
    await _refuse_any(tx, companies, owned, zh="它是物业企业的党组织。", en="It is a property company's branch.")
    await end_running(tx, coverages, on, coverages.c.organization_id == mine)
    return await tx.update(party_organizations, mine, closed_on=on)


async def cover_compounds(
    tx: Transaction, *, party_organization: Record, compounds: Sequence[Record], since: date
) -> UUID:
    """Let a branch cover compounds from a day on; the branch's id. CONFLICT where another covers one of them then."""
    only_open(party_organization=party_organization)
    if not compounds:
        raise rejected(ProblemCode.INCOMPLETE, "compounds", "请选择小区。", "Name at least one compound.")
    await _cover(tx, party_organization["id"], party_organization["unit_path"], compounds, since)
    return UUID(str(party_organization["id"]))


async def end_coverage(tx: Transaction, *, coverage: Record, on: date) -> UUID:
    """Make `on` the last day of a coverage; its id."""
    return await end(tx, coverages, coverage, on, correction="correctCoverage")


async def add_organization(
    tx: Transaction,
    path: str,
    tier: PartyTier,
    kind: PartyKind,
    name: str,
    parent: Record | None,
    field: PartyField | None = None,
) -> UUID:
    """Insert a party organization; its id. Household centres, and they alone, are of the kind HOUSEHOLD."""
    check_kind(kind, tier)
    values = valid(party_organizations, {"name": name, "tier": tier, "kind": kind, "field": field})
    return await tx.insert(party_organizations, unit_path=path, parent_id=parent and parent["id"], **values)


async def cancel_coverage(tx: Transaction, *, coverage: Record) -> UUID:
    """Take back one that begins today or later; the compound's id."""
    await cancel(tx, "coverage", COVERAGES, coverage)
    compound: UUID = coverage["compound_id"]
    return compound


def check_parent(path: str, parent: Record | None) -> None:
    """Rejected where the organization above is closed, or lies neither where the one below does nor above it."""
    only_open(parent=parent)
    if parent is not None and not path.startswith(parent["unit_path"]):
        zh = "上级党组织须在同一单元或其上级。"
        en = "The organization above must lie in the same unit or one above it."
        raise rejected(ProblemCode.OUT_OF_REACH, "parent", zh, en)


async def _cover(tx: Transaction, branch: UUID, reach: str, compounds: Sequence[Record], since: date) -> None:
    reasonable("since", since)
    each = {compound["id"]: compound for compound in compounds}.values()
    for compound in each:
        only_open(compounds=compound)
    outside = "、".join(compound["name"] for compound in each if not compound["unit_path"].startswith(reach))
    if outside:
        zh, en = f"不在该党组织所在单元内：{outside}。", f"Outside the unit the branch lies in: {outside}."
        raise rejected(ProblemCode.OUT_OF_REACH, "compounds", zh, en)
    for compound in each:
        place = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
        await tx.insert(coverages, **place, organization_id=branch, organization_path=reach, since=since)


async def _refuse_any(tx: Transaction, table: Table, *which: ColumnElement[bool], zh: str, en: str) -> None:
    if await tx.row(select(table.c.id).where(*which).limit(1)):
        raise rejected(ProblemCode.CLOSED, "party_organization", f"{zh}请先调整。", f"{en} Change that first.")


# What a violated constraint means to a user.
RULES: Mapping[str, Rule] = {
    "branch_coverage_compound_check": OUTLASTS,
    "branch_coverage_party_organization_check": OUTLASTS,
    "branch_coverage_excl": Rule(
        "compounds",
        "其中有小区在这段时间已由党组织覆盖。",
        "One of the compounds is covered by a branch at that time already.",
    ),
    "branch_coverage_reach_check": Rule(
        "unit",
        "覆盖该小区的党组织不在小区所在单元或其上级，请先终止覆盖。",
        "A branch that covers the compound would not reach it there: end the coverage first.",
        ProblemCode.OUT_OF_REACH,
    ),
    "party_organization_acyclic_check": Rule(
        "parent",
        "上级党组织不能是其自身或下级。",
        "An organization cannot lie below itself or one of its own.",
        ProblemCode.INVALID,
    ),
    "party_organization_post_check": Rule(
        "on",
        "该党组织仍有人在此日之后任职，请先办理卸任。",
        "A post in the organization runs on after this day: end it first.",
        ProblemCode.CLOSED,
    ),
}
