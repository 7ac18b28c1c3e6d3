"""The tier of a party organization: which may lie where, and what kind and unit leave no choice of.

A tier is never guessed: where more than one would do, it is asked for, and which they are is told.
"""

from collections.abc import Mapping

from services.errors import ProblemCode, rejected
from services.organization.tables import OrgLevel, PartyKind, PartyTier

# The levels of the units an organization of each tier may lie in.
LEVELS: Mapping[PartyTier, tuple[OrgLevel, ...]] = {
    PartyTier.COUNTY: (OrgLevel.COUNTY,),
    PartyTier.TOWN: (OrgLevel.TOWN,),
    PartyTier.VILLAGE: (OrgLevel.COMMUNITY,),
    PartyTier.GRID: (OrgLevel.GRID,),
    PartyTier.HOUSEHOLD: (OrgLevel.OUTLET,),
    PartyTier.COMPOUND: (OrgLevel.TOWN, OrgLevel.COMMUNITY, OrgLevel.GRID),
    PartyTier.COMPANY: (OrgLevel.COUNTY,),
    PartyTier.SECTOR: (OrgLevel.COUNTY,),
}

# What a kind is of where several tiers would do. Joint 联合 and concurrent 兼合式 branches are those of compounds; a
# group 党小组 is a grid's, a committee 党委 a town's, and a village's as much as a general branch 党总支 is.
COMPOUNDS = frozenset({PartyKind.JOINT_BRANCH, PartyKind.CONCURRENT_BRANCH})
OWN: Mapping[OrgLevel, Mapping[PartyKind, PartyTier]] = {
    OrgLevel.TOWN: {PartyKind.COMMITTEE: PartyTier.TOWN},
    OrgLevel.COMMUNITY: {PartyKind.COMMITTEE: PartyTier.VILLAGE, PartyKind.GENERAL_BRANCH: PartyTier.VILLAGE},
    OrgLevel.GRID: {PartyKind.GROUP: PartyTier.GRID},
}


def checked(level: OrgLevel, tier: PartyTier) -> PartyTier:
    """A tier that was given, if an organization of it may lie in a unit of this level; Rejected otherwise."""
    if level not in LEVELS[tier]:
        zh, en = (
            "这一层级的党组织不能设在该级单元。",
            "An organization of this tier does not lie in a unit of this level.",
        )
        raise rejected(ProblemCode.INVALID, "tier", zh, en)
    return tier


def derived(level: OrgLevel, kind: PartyKind, *, covering: bool) -> PartyTier:
    """The one tier there can be; Rejected where there is none, for the kind or the unit, or INCOMPLETE where several.

    What covers compounds from its beginning, and is no unit's own by its kind, is of the tier COMPOUND.
    """
    possible = [tier for tier, levels in LEVELS.items() if level in levels and _goes(kind, tier)]
    if not possible:
        raise _nowhere(level, kind)
    own = OWN.get(level, {}).get(kind)
    if own is None and PartyTier.COMPOUND in possible and (covering or kind in COMPOUNDS):
        own = PartyTier.COMPOUND
    if own is None and len(possible) > 1:
        choice = "、".join(possible)
        zh = f"该类型在此单元可属不同层级，请填写层级：{choice}。"
        en = f"An organization of this kind may be of several tiers here; say which: {', '.join(possible)}."
        raise rejected(ProblemCode.INCOMPLETE, "tier", zh, en)
    return own or possible[0]


def check_kind(kind: PartyKind, tier: str) -> None:
    """Rejected unless the two go together: household centres, and they alone, are of the kind HOUSEHOLD."""
    if not _goes(kind, tier):
        raise rejected(ProblemCode.INVALID, "kind", "类型与层级不符。", "The kind does not go with the tier.")


def _goes(kind: PartyKind, tier: str) -> bool:
    return (kind == PartyKind.HOUSEHOLD) == (tier == PartyTier.HOUSEHOLD)


def _nowhere(level: OrgLevel, kind: PartyKind) -> Exception:
    if not any(level in levels for levels in LEVELS.values()):
        zh, en = "该级单元不设党组织。", "No party organization lies in a unit of this level."
        return rejected(ProblemCode.INVALID, "unit", zh, en)
    if kind == PartyKind.HOUSEHOLD:
        return rejected(ProblemCode.INVALID, "kind", "党员中心户设在网点。", "A household centre lies in an outlet.")
    zh, en = "网点只设党员中心户。", "Only a household centre lies in an outlet."
    return rejected(ProblemCode.INVALID, "kind", zh, en)
