"""What duties add to units and members, and to the indicators."""

from policies.scope import Way
from schema.duties import items, requests, serving, teams
from schema.duties.items import DutyItem, DutyNeed
from schema.duties.requests import HelpRequest
from schema.duties.serving import DutySuggestion, DutyTerm, MemberProfile
from schema.duties.teams import HelpTeam, HelpTeamMember
from schema.kit.entities import Area, connection, edge_to, listing, one
from schema.kit.expressions import Pairs
from schema.kit.numbers import count
from schema.organization.under import under
from services.duties import helping, tables
from services.duties.helping import done
from services.organization.paths import at_or_beneath
from services.terms import holds_on

SUITED = 1000  # profiles of a community, or needs on a member's way up, that are looked through for what matches

AREA = Area(
    entities=(DutyItem, DutyNeed, DutyTerm, MemberProfile, DutySuggestion, HelpTeam, HelpTeamMember, HelpRequest),
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
        "HelpTeam": {
            "members": edge_to(
                HelpTeamMember, connection(lambda team, term: term.team_id == team.id, "在团任期 / Who is in it, when.")
            ),
            "requests": edge_to(
                HelpRequest, connection(lambda team, request: request.team_id == team.id, "所接求助 / What it took.")
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
                one(
                    lambda member, profile: profile.member_id == member.id,
                    "服务意向 / What they can and wish to do.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "duty_terms": edge_to(
                DutyTerm,
                connection(
                    lambda member, term: term.member_id == member.id,
                    "上岗任期 / Their terms on duty.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "help_team_terms": edge_to(
                HelpTeamMember,
                connection(
                    lambda member, term: term.member_id == member.id,
                    "在团任期 / Their terms in help teams.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "help_requests": edge_to(
                HelpRequest,
                connection(
                    lambda member, request: request.member_id == member.id,
                    "承办的求助 / What they do for others.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "suggested_needs": edge_to(
                DutySuggestion,
                connection(
                    lambda member, found: found.member_id == member.id,
                    "推荐的岗位需求，最合适的在前 / Needs they would suit, the best first.",
                    reads=SUITED,
                    alike=(Way.MEMBER,),
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
            "help_requests_done": count(
                HelpRequest,
                lambda unit, request: at_or_beneath(request.unit_path, unit.path),
                "截至该日办结的求助 / Requests for help that were done until then.",
                holding=done,
            ),
            "help_minutes": count(
                HelpRequest,
                lambda unit, request: at_or_beneath(request.unit_path, unit.path),
                "截至该日的帮困服务分钟数；只可统计者为空"
                " / Minutes that help teams had given until then; null for who only counts requests.",
                holding=done,
                total=lambda request: request.minutes,
            ),
        },
    },
    ways={"Member": {Way.NAMED: (Pairs(tables.served_by), Pairs(helping.helping))}},
    roots={
        "duty_items": listing(
            DutyItem,
            "可见的全部服务岗位，含上级所列 / Every duty you may see, those listed above included.",
            under=under(),
        ),
        "duty_needs": listing(DutyNeed, "可见的全部岗位需求 / Every need of a duty you may see.", under=under()),
        "duty_terms": listing(DutyTerm, "可见的全部上岗任期 / Every term on duty you may see.", under=under()),
        "help_teams": listing(HelpTeam, "可见的全部帮困团 / Every help team you may see.", under=under()),
        "help_requests": listing(HelpRequest, "可见的全部求助 / Every request for help you may see.", under=under()),
    },
    commands={**items.COMMANDS, **serving.COMMANDS, **teams.COMMANDS, **requests.COMMANDS},
    rules={**tables.RULES, **helping.RULES},
)
