"""What duties add to units and members, and to the indicators."""

from policies.scope import Way
from schema.duties import items, serving
from schema.duties.items import DutyItem, DutyNeed
from schema.duties.serving import DutySuggestion, DutyTerm, MemberProfile
from schema.kit.entities import Area, connection, edge_to, listing, one
from schema.kit.expressions import Pairs
from schema.kit.numbers import count
from schema.organization.under import under
from services.duties.tables import RULES, served_by
from services.organization.paths import at_or_beneath
from services.terms import holds_on

SUITED = 1000  # profiles of a community, or needs on a member's way up, that are looked through for what matches

AREA = Area(
    entities=(DutyItem, DutyNeed, DutyTerm, MemberProfile, DutySuggestion),
    edges={
        "OrgUnit": {
            "duty_needs": edge_to(
                DutyNeed,
                connection(
                    lambda unit, need: at_or_beneath(need.unit_path, unit.path),
                    "本单元及所有下级的岗位需求 / The needs of duties in this unit and below it.",
                ),
            ),
            "duty_terms": edge_to(
                DutyTerm,
                connection(
                    lambda unit, term: at_or_beneath(term.unit_path, unit.path),
                    "本单元及所有下级的上岗任期，含历任 / Terms on duty in this unit and below it, past ones too.",
                ),
            ),
        },
        "DutyItem": {
            "needs": edge_to(
                DutyNeed, connection(lambda item, need: need.item_id == item.id, "岗位需求 / Where it is needed.")
            )
        },
        "DutyNeed": {
            "terms": edge_to(
                DutyTerm, connection(lambda need, term: term.need_id == need.id, "上岗任期 / Who took it, when.")
            ),
            "suggested_members": edge_to(
                DutySuggestion,
                connection(
                    lambda need, found: found.need_id == need.id,
                    "推荐的党员，最合适的在前 / Members who would suit it, the best first.",
                    reads=SUITED,
                ),
            ),
        },
        "Member": {
            "profile": edge_to(
                MemberProfile,
                one(lambda member, profile: profile.member_id == member.id, "服务意向 / What they can and wish to do."),
            ),
            "duty_terms": edge_to(
                DutyTerm,
                connection(lambda member, term: term.member_id == member.id, "上岗任期 / Their terms on duty."),
            ),
            "suggested_needs": edge_to(
                DutySuggestion,
                connection(
                    lambda member, found: found.member_id == member.id,
                    "推荐的岗位需求，最合适的在前 / Needs they would suit, the best first.",
                    reads=SUITED,
                ),
            ),
        },
        "Indicators": {
            "duty_posts_needed": count(
                DutyNeed,
                lambda unit, need: at_or_beneath(need.unit_path, unit.path),
                "服务岗位需要的人数 / How many members are needed for duties.",
                holding=holds_on,
                total=lambda need: need.needed,
            ),
            "duty_posts_taken": count(
                DutyTerm,
                lambda unit, term: at_or_beneath(term.unit_path, unit.path),
                "已上岗的岗位人次 / How many places of duties are taken.",
                holding=holds_on,
            ),
            "members_on_duty": count(
                DutyTerm,
                lambda unit, term: at_or_beneath(term.unit_path, unit.path),
                "在岗党员人数 / Members who are on duty.",
                holding=holds_on,
                distinct=lambda term: term.member_id,
            ),
        },
    },
    ways={"Member": {Way.NAMED: Pairs(served_by)}},
    roots={
        "duty_items": listing(
            DutyItem,
            "可见的全部服务岗位，含上级所列 / Every duty you may see, those listed above included.",
            under=under(),
        ),
        "duty_needs": listing(DutyNeed, "可见的全部岗位需求 / Every need of a duty you may see.", under=under()),
        "duty_terms": listing(DutyTerm, "可见的全部上岗任期 / Every term on duty you may see.", under=under()),
    },
    commands={**items.COMMANDS, **serving.COMMANDS},
    rules=RULES,
)
