"""Sharings 共享 of a compound by communities other than its own, and the commands about them.

A sharing is the matter of whoever administers both, so that no community gives itself to another or takes from one;
both read it.
"""

from datetime import date

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.corrections import CHANGED, REASON, SINCE, UNTIL
from schema.kit.entities import column, entity, one, present_name
from schema.kit.numbers import measure
from schema.kit.states import not_over, still_open
from schema.kit.terms import TermFilter
from schema.kit.texts import ENDING, FIRST, HOW_MANY, LAST, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from schema.properties.compounds import Compound
from services.organization.paths import place
from services.properties import sharings as commands
from services.properties.tables import compounds, managers, name_in, sharings
from services.storage.transaction import Record


class CompoundSharingFilter(TermFilter):
    """筛选共享，各项须同时满足 / Which sharings: every condition given must hold."""


class CompoundSharingTotals:
    """共享合计 / What sharings come to."""

    count: int = measure(HOW_MANY)
    compounds: int = measure("小区数 / Of how many compounds.", distinct=lambda sharing: sharing.compound_id)
    sharers: int = measure("共享的单元数 / By how many units.", distinct=lambda sharing: sharing.sharer_path)


@entity(
    sharings,
    policy="compound_sharing",
    tag="sh",
    ways={
        Way.WITHIN: lambda sharing: sharing.over_path,
        Way.COMPANY: lambda sharing: managers(sharing.compound_id),
        Way.SHARED: (lambda sharing: sharing.unit_path, lambda sharing: sharing.sharer_path),
    },
    sort=lambda sharing: (sharing.unit_path,),
    ties=lambda sharing: (sharing.unit_path, sharing.since),
    filter=CompoundSharingFilter,
    orders={
        "PLACE": lambda sharing: (sharing.unit_path,),
        "SINCE": lambda sharing: (sharing.since,),
        "UNTIL": lambda sharing: (sharing.until,),
    },
    totals=CompoundSharingTotals,
)
class CompoundSharing:
    """共享：另一村（社区）在一段时间内共享小区 / A community shares a compound of another one's for a time."""

    compound_name: str | None = present_name(
        "小区名称；共享结束后，看不到该小区的为空"
        " / The compound's name; null once the sharing is over where the compound is not yours to see.",
        lambda sharing: name_in(compounds, sharing.compound_id),
        "compound",
        brings="Compound",
    )
    place: list[str] = column(PLACE, lambda sharing: place(sharing.unit_path))
    sharer_place: list[str] = column(
        "共享单元的所在地，自县级起 / The names from the county down to the unit that shares it.",
        lambda sharing: place(sharing.sharer_path),
    )
    since: date = column(FIRST)
    until: date | None = column(LAST)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda sharing, unit: unit.path == sharing.unit_path, UNIT)
    sharer: "OrgUnit | None" = one(
        lambda sharing, unit: unit.path == sharing.sharer_path, "共享的单元 / The unit that shares it."
    )
    compound: "Compound | None" = one(
        lambda sharing, compound: compound.id == sharing.compound_id, "小区 / The compound."
    )


# --- commands ---------------------------------------------------------------------------------------------------------

SHARING = "共享 / The sharing."


class ShareCompoundInput:
    """让另一村（社区）共享小区；须同时管理双方 / Let another community share a compound; for who administers both."""

    compound: Record = belongs_to("Compound", "小区 / The compound.")
    unit: Record = reference(
        "OrgUnit", "共享的村（社区） / The community that shares it.", action="compound_sharing:share"
    )
    since: date = given(FIRST)
    until: date | None = last_day(LAST)


class EndSharingInput:
    """终止共享，须同时管理双方；只能提前 / End a sharing, for who administers both; it is never put off."""

    sharing: Record = target("CompoundSharing", SHARING)
    version: int = version()
    on: date = given(ENDING)


class CorrectSharingInput:
    """更正共享的日期，须同时管理双方 / Set right the days of a sharing, for who administers both."""

    sharing: Record = target("CompoundSharing", SHARING)
    version: int = version()
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutSharingInput:
    """删除本不存在的共享，须同时管理双方 / Remove a sharing that never was, for who administers both."""

    sharing: Record = target("CompoundSharing", SHARING)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "share_compound": command(
        commands.share, ShareCompoundInput, "compound_sharing:share", returns="CompoundSharing", when=still_open
    ),
    "end_sharing": command(
        commands.end_sharing, EndSharingInput, "compound_sharing:end", returns="CompoundSharing", when=not_over
    ),
    "correct_sharing": command(
        commands.correct_sharing,
        CorrectSharingInput,
        "compound_sharing:correct",
        returns="CompoundSharing",
        report=CHANGED,
    ),
    "strike_out_sharing": command(
        commands.strike_out_sharing,
        StrikeOutSharingInput,
        "compound_sharing:correct",
        returns="Compound",
        report=CHANGED,
    ),
}
