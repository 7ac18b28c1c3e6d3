"""Who does what in the demo's counties, and where they are seated."""

from dataclasses import dataclass

from tests.demo.conftest import ANXI, HUIAN, YONGCHUN


@dataclass(frozen=True)
class Doer:
    """A role in a county; the seat is a code, or a field in whose answer to the county's administrator it is alone."""

    role: str
    county: str
    seat: str


def lying(code: str) -> str:
    """That something is of a unit or of one below it."""
    return f'unit: {{some: {{codePrefix: "{code}"}}}}'


def member(condition: str) -> str:
    """The id of a member in service of whom this holds."""
    return f"members(filter: {{standing: [IN_SERVICE], {condition}}}, first: 1) {{ nodes {{ id }} }}"


BEIGUAN, XIAXI, TAOCHENG = "350521100001", "350524100001", "350525100001"  # communities at the counties' seats
IN_A_GRID, MOVING = lying(f"{TAOCHENG}001"), lying(f"{BEIGUAN}001")
CHAIR = "posts(filter: {kind: [ROTATING_CHAIR], ended: false}, orderBy: {field: SINCE}, first: 1)"
DISPATCHED = "posts(filter: {kind: [INSTRUCTOR], ended: false, visits: {some: {}}}, first: 1)"
ON_COMMITTEE = "posts: {some: {kind: [PART_TIME_MEMBER], ended: false, partyOrganization: {some: {tier: [VILLAGE]}}}}"

COUNTY = Doer("county_admin", HUIAN, HUIAN)
COMMUNITY = Doer("community_admin", HUIAN, BEIGUAN)
COMMUNITY_OF_THREE = Doer("community_admin", ANXI, XIAXI)
COMMUNITY_WITH_FUND = Doer("community_admin", YONGCHUN, TAOCHENG)
KEEPER = Doer("visit_keeper", YONGCHUN, TAOCHENG)
INDUSTRY = Doer("property_committee", ANXI, ANXI)
SECRETARY = Doer("company_secretary", ANXI, "propertyCompanies(first: 1) { nodes { creditCode } }")
INSTRUCTOR = Doer("instructor", ANXI, DISPATCHED + " { nodes { member { id } } }")
CAPTAIN = Doer("captain", ANXI, "captainAssignments(filter: {ended: false}, first: 1) { nodes { member { id } } }")
MEMBER = Doer("member", YONGCHUN, member(IN_A_GRID))
ROTATING_CHAIR = Doer("member", YONGCHUN, CHAIR + " { nodes { member { id } } }")
PART_TIME = Doer("member", YONGCHUN, member(ON_COMMITTEE))
OFFICER = Doer("department_officer", YONGCHUN, 'departments(filter: {nameContains: "住建局"}) { nodes { id } }')
