"""The systems of the domain by their numbers: who does each, what they look at, its figures, and what they do.

Their names and areas are README's. A value `=alias.field` is of the doer's own: of `web/examples/own.json`, or of the
rows a deed names; `=year` is the days of this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.demo import doers
from tests.demo.conftest import ANXI, HUIAN, YONGCHUN
from tests.demo.doers import BEIGUAN, CHAIR, IN_A_GRID, MOVING, TAOCHENG, Doer, member


@dataclass(frozen=True)
class Deed:
    """A command the page has no ready operation of, its input, and how the rows that names are asked for."""

    command: str
    given: Mapping[str, Any]
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """One of them: `sees` is a list in which its doer is shown something, the deed its command or a ready operation.

    `figure` is filled in with what `counted` answers the county's administrator.
    """

    doer: Doer
    sees: str
    counted: str
    figure: str
    deed: Deed | str


def indicators(county: str, names: str) -> str:
    """Numbers of a county."""
    return f'orgUnit(by: {{code: "{county}"}}) {{ indicators {{ {names} }} }}'


def below(county: str, *levels: str) -> str:
    """How many units of these levels a county has."""
    fields = (f"{level}: descendants(level: {level}) {{ {level}: totalCount }}" for level in levels)
    return f'orgUnit(by: {{code: "{county}"}}) {{ {" ".join(fields)} }}'


def posts(alias: str, kind: str, condition: str) -> str:
    """How many posts of a kind there are today."""
    return f"{alias}: posts(filter: {{kind: [{kind}], ended: false, {condition}}}) {{ {alias}: totalCount }}"


def serving(alias: str, tier: str, kind: str) -> str:
    """How many party organizations of a tier somebody holds such a post in today."""
    held = f"{{some: {{kind: [{kind}], ended: false}}}}"
    return f"{alias}: partyOrganizations(filter: {{tier: [{tier}], posts: {held}}}) {{ {alias}: totalCount }}"


SYSTEMS = {
    1: System(
        doers.COUNTY,
        sees="partyOrganizations",
        counted=below(HUIAN, "TOWN", "COMMUNITY", "GRID")
        + "partyOrganizations(filter: {tier: [GRID]}) { inGrids: totalCount }",
        figure="{TOWN} towns, {COMMUNITY} communities, {GRID} grids; {inGrids} branches and groups in grids",
        deed="rename",
    ),
    2: System(
        doers.COMMUNITY,
        sees="compounds",
        counted=indicators(HUIAN, "compounds coveredCompounds coverageRate branches"),
        figure="{coveredCompounds} of {compounds} compounds covered by {branches} branches, {coverageRate:.1%}",
        deed="survey",
    ),
    3: System(
        doers.COMMUNITY,
        sees="ownersCommittees",
        counted=posts("bodies", "CROSS_APPOINTMENT", "partyOrganization: {some: {}}")
        + posts("committees", "CROSS_APPOINTMENT", "ownersCommittee: {some: {}}")
        + posts("companies", "CROSS_APPOINTMENT", "company: {some: {}}"),
        figure="{bodies} in party organizations, {committees} on owners' committees, {companies} in companies",
        deed=Deed(
            "crossAppointToCommittee",
            {"committeeId": "=committee.id", "memberId": "=nobody.id", "since": "=today"},
            {
                "committee": "ownersCommittees(filter: {ended: false}, first: 1) { nodes { id } }",
                "nobody": member("posts: {none: {}}"),
            },
        ),
    ),
    4: System(
        doers.COMMUNITY,
        sees="centres",
        counted=indicators(HUIAN, "facilities") + "centres(filter: {deadline: =year}) { planned: totalCount }",
        figure="{planned} centres planned for the year; {facilities} facilities in the ledger",
        deed=Deed("recordFacility", {"unitId": "=community.id", "kind": "NURSERY", "name": "演示托育点"}),
    ),
    5: System(
        doers.COUNTY,
        sees="serviceItems",
        counted=indicators(HUIAN, "catalogEntries { function }"),
        figure="{function} functions: 1 + 6 + X",
        deed="publish",
    ),
    6: System(
        doers.COUNTY,
        sees="centreLooks",
        counted=indicators(HUIAN, "centresLookedAt projectsMatched resourcesDelivered")
        + "centres(filter: {looks: {some: {}}}, first: 100) { nodes { unit { parent { name } } } }"
        "departmentOffers(filter: {kind: [OWN_VISIT], status: [DELIVERED]}) { own: totalCount }",
        figure="{centresLookedAt} centres in {name} towns seen; {projectsMatched} projects matched, "
        "{resourcesDelivered} resources delivered; {own} of the culture bureau's own",
        deed="record-look",
    ),
    7: System(
        doers.COMMUNITY,
        sees="needCounts",
        counted="needCounts(filter: {isNeed: true, level: [COUNTY]}) { totals { count byFunction { function } } }",
        figure="{count} needs of {function} functions",
        deed="publish-survey",
    ),
    8: System(
        doers.COUNTY,
        sees="serviceItems",
        counted=indicators(HUIAN, "catalogEntries { atWindow online }")
        + "".join(  # of 130 the first hundred, and the last
            f"{way}: serviceItems(filter: {{atWindow: true}}, first: 100, orderBy: {{field: NAME, direction: {way}}}) "
            "{ nodes { category } }"
            for way in ("ASC", "DESC")
        ),
        figure="{category} categories, {atWindow} items at the window; {online:,} online",
        deed=Deed(
            "publishService",
            {"unitId": "=unit.id", "function": "AFFAIRS", "name": "演示事项", "category": "社保", "atWindow": True},
        ),
    ),
    9: System(
        doers.COMMUNITY,
        sees="operationTerms",
        counted="operationTerms(filter: {ended: false}) { totals { byMode { mode } } }"
        "serviceItems(filter: {function: [ELDERLY_CARE], operation: [PURCHASED]}) { totals { beneficiaries } }",
        figure="{mode} ways to run a service; elderly-care packages bought for {beneficiaries:,}",
        deed=Deed(
            "recordOperation",
            {
                "centreId": "=centre.id",
                "itemId": "=item.id",
                "operator": "演示养老服务中心",
                "mode": "ENTRUSTED",
                "since": "=today",
            },
            {"item": "serviceItems(filter: {withdrawn: false, operations: {none: {}}}, first: 1) { nodes { id } }"},
        ),
    ),
    10: System(
        doers.COMMUNITY,
        sees="gridTerms",
        counted=indicators(HUIAN, "membersAssigned"),
        figure="{membersAssigned:,} members assigned to grids",
        deed=Deed(
            "assignToGrid",
            {"id": "=moved.id", "version": "=moved.version", "gridId": "=grid.id", "since": "=today"},
            {
                "moved": f"members(filter: {{{MOVING}}}, first: 1) {{ nodes {{ id version }} }}",
                "grid": f'orgUnits(filter: {{level: [GRID], codePrefix: "{BEIGUAN}002"}}) {{ nodes {{ id }} }}',
            },
        ),
    ),
    11: System(
        doers.COMMUNITY,
        sees="venues",
        counted=indicators(HUIAN, "venues sharedResources"),
        figure="{venues} venues lent, {sharedResources} resources of partner units",
        deed="book-venue",
    ),
    12: System(
        doers.SECRETARY,
        sees="compounds",
        counted=indicators(ANXI, "companies leadersAsSecretaries"),
        figure="{leadersAsSecretaries} leaders of {companies} companies are compound branch secretaries",
        deed="maintain-company",
    ),
    13: System(
        doers.INSTRUCTOR,
        sees="instructorVisits",
        counted=indicators(ANXI, "instructors"),
        figure="{instructors} instructors",
        deed="record-visit",
    ),
    14: System(
        doers.CAPTAIN,
        sees="buildings",
        counted=indicators(ANXI, "captains"),
        figure="{captains} captains",
        deed="record-report",
    ),
    15: System(
        doers.INDUSTRY,
        sees="assessments",
        counted="assessments { totals { count companies } }",
        figure="{companies} companies, assessed {count} times in three years",
        deed="assess",
    ),
    16: System(
        doers.COMMUNITY_OF_THREE,
        sees="meetings",
        counted=indicators(ANXI, "meetingsOfThree") + "matterResults { totals { byWhat { quantity } } }",
        figure="{meetingsOfThree} meetings, {quantity} new spaces",
        deed=Deed(
            "conveneMeeting",
            {"unitId": "=community.id", "placeId": "=place.id", "title": "停车议事", "plannedOn": "=today"},
            {"place": "meetingPlaces(first: 1) { nodes { id } }"},
        ),
    ),
    17: System(
        doers.COMMUNITY_OF_THREE,
        sees="alliances",
        counted=indicators(ANXI, "alliances alliedUnits allianceMeetings allianceAgreementsKept"),
        figure="{alliances} alliances of {alliedUnits} units, {allianceMeetings} joint meetings, "
        "{allianceAgreementsKept} agreements kept",
        deed=Deed(
            "foundAlliance",
            {"unitId": "=community.id", "name": "片区党建联盟", "begunOn": "=today"},
        ),
    ),
    18: System(
        doers.MEMBER,
        sees="gridTerms",
        counted=indicators(YONGCHUN, "membersReported reportingRate"),
        figure="{membersReported:,} members reported, {reportingRate:.0%}",
        deed=Deed(
            "reportToGrid",
            {
                "id": "=member.id",
                "version": "=member.version",
                "gridCode": f"{TAOCHENG}002",
                "channel": "ONLINE",
                "since": "=today",
            },
        ),
    ),
    19: System(
        doers.MEMBER,
        sees="dutyNeeds",
        counted="dutyItems { totals { count byCategory { category } } }",
        figure="{category} categories, {count} items",
        deed=Deed(
            "takeDuty",
            {"needId": "=need.id", "memberId": "=member.id", "since": "=today"},
            {"need": 'dutyNeeds(filter: {item: {some: {nameContains: "阅读领读员"}}}) { nodes { id } }'},  # all free
        ),
    ),
    20: System(
        doers.KEEPER,
        sees="homeVisits",
        counted=indicators(YONGCHUN, "hardshipVisits sickVisits unusualHouseholds disputeCases householdCoverage"),
        figure="hardship {hardshipVisits}, sick {sickVisits}, unusual {unusualHouseholds}, disputes {disputeCases}, "
        "as a county is told, in tens; {householdCoverage:.0%} of households",
        deed=Deed(
            "recordHomeVisit",
            {
                "memberId": "=visitor.id",
                "householdId": "=household.id",
                "kind": "HARDSHIP",
                "visitedOn": "=today",
                "outcome": "已了解困难",
            },
            {
                "visitor": member(f"{IN_A_GRID}, householdContacts: {{some: {{ended: false}}}}"),
                "household": f"households(filter: {{{IN_A_GRID}, closed: false}}, first: 1) {{ nodes {{ id }} }}",
            },
        ),
    ),
    21: System(
        doers.MEMBER,
        sees="pointRules",
        counted="pointRules { rules: totalCount } activities(filter: {kind: [HOME_DAY]}) { days: totalCount }"
        "appraisals { appraised: totalCount }",
        figure="{rules} rules, {days} home days, {appraised} members appraised",
        deed=Deed(
            "claimPoints",
            {"memberId": "=member.id", "ruleId": "=rule.id", "on": "=today", "text": "参加回家日活动"},
            {"rule": "pointRules(first: 1) { nodes { id } }"},
        ),
    ),
    22: System(
        doers.ROTATING_CHAIR,
        sees="chairThemes",
        counted=posts("onCommittees", "PART_TIME_MEMBER", "partyOrganization: {some: {tier: [VILLAGE]}}")
        + posts("inBranches", "PART_TIME_MEMBER", "partyOrganization: {some: {tier: [GRID]}}")
        + serving("committees", "VILLAGE", "PART_TIME_MEMBER")
        + serving("branches", "GRID", "PART_TIME_MEMBER")
        + serving("chairs", "VILLAGE", "ROTATING_CHAIR"),
        figure="{onCommittees} in {committees} committees, {inBranches} in {branches} grid branches; "
        "{chairs} rotating chairs",
        deed=Deed(
            "planTheme",
            {"postId": "=chair.id", "title": "邻里集市", "plannedOn": "=today"},
            {"chair": CHAIR + " { nodes { id } }"},
        ),
    ),
    23: System(
        doers.MEMBER,
        sees="matters",
        counted=indicators(YONGCHUN, "matterSuggestions analysisMeetings mattersCarriedOut"),
        figure="{matterSuggestions} suggestions, {analysisMeetings} analysis meetings, "
        "{mattersCarriedOut} matters carried out",
        deed="suggest-matter",
    ),
    24: System(
        doers.OFFICER,
        sees="whistles",
        counted=indicators(YONGCHUN, "whistles whistlesSolved") + "whistles { totals { byDepartment { department } } }",
        figure="{whistles} whistles for {department} departments, {whistlesSolved} solved",
        deed="answer-whistle",
    ),
    25: System(
        doers.COMMUNITY_WITH_FUND,
        sees="helpRequests",
        counted="helpTeams(first: 100) { totalCount nodes { kind } }",
        figure="{totalCount} teams of {kind} kinds",
        deed=Deed(
            "recordHelpRequest",
            {
                "unitId": "=community.id",
                "kind": "CONVENIENCE",
                "text": "上门理发",
                "beneficiary": "一位老人",
                "askedOn": "=today",
            },
        ),
    ),
    26: System(
        doers.COMMUNITY_WITH_FUND,
        sees="fundEntries",
        counted=indicators(YONGCHUN, "scholarships scholarshipsFen"),
        figure="{scholarships} scholarships, {scholarshipsFen:,} yuan this year",
        deed=Deed(
            "recordDonation",
            {"fundId": "=fund.id", "kind": "RESIDENTS", "amount": "100.50", "receivedAt": "=+0 00:00"},
            {"fund": "funds(first: 1) { nodes { id } }"},
        ),
    ),
    27: System(
        doers.PART_TIME,
        sees="projects",
        counted=indicators(
            YONGCHUN,
            "publicProjects publicProjectsAhead neighbourProjects matterSatisfaction"
            " disputes disputesLastYear disputesAgainstLastYear",
        ),
        figure="{publicProjects} projects for the public, {publicProjectsAhead} ahead of schedule; "
        "{neighbourProjects} neighbour projects; satisfaction {matterSatisfaction:.1%}; "
        "{disputes} disputes, {disputesAgainstLastYear:.1%} of the {disputesLastYear:,} of last year until then",
        deed=Deed(
            "proposeNeighbourProject",
            {
                "postId": "=post.id",
                "name": "楼道书架",
                "purpose": "邻里共享图书",
                "plannedOn": "=today",
                "dueOn": "=today",
                "budget": "800.00",
            },
            {"post": "posts(filter: {kind: [PART_TIME_MEMBER], ended: false}, first: 1) { nodes { id } }"},
        ),
    ),
}
