"""The published figures of deliberation and projects, as the running service computes them: none is stored anywhere."""

from datetime import date

from tests.conftest import Service
from tests.days import day
from tests.demo.conftest import YONGCHUN, County
from tests.http.asking import Asking
from tests.page import examples

PROJECTS = """
query ($code: String!) { projects(under: [$code]) { totals { spentFen budgetFen } }
  orgUnit(by: {code: $code}) { indicators { publicProjects publicProjectsAhead publicProjectsDone neighbourProjects
    projectBudgetFen projectSpentFen } }
  led: projects(under: [$code], filter: {matter: {some: {step: [ASSESSING, SETTLED]}}}) { totalCount }
  themed: projects(under: [$code], filter: {theme: {some: {status: [HELD, PLANNED]}}}, first: 100) {
    nodes { name kind place theme { title place } } }
  neighbours: projects(under: [$code], filter: {kind: [NEIGHBOUR]}, first: 100) { nodes { post { id kind } } }
  projectPayments(under: [$code]) { totals { amountFen } } }
"""
MATTERS = """query ($code: String!) { orgUnit(by: {code: $code}) {
  indicators { mattersProposed matterSuggestions mattersCarriedOut mattersLate matterSatisfaction }
  matters { totals { bySource { source count } byStep { step count late } } } } matterMoves { totals { matters } } }"""
FUND = """
query ($code: String!) { orgUnit(by: {code: $code}) {
  indicators { funds scholarships scholarshipsFen donatedFen aidFen }
  funds { nodes { compound { name } begunOn balance reserved donated scholarships aid
    years { year scholarships aid persons balance } entries { totals { byKind { kind fen persons } } } } }
} }
"""
RESULTS = """
query ($code: String!, $since: Date!, $from: Date!, $today: Date!) { orgUnit(by: {code: $code}) {
  indicators { publicProjects publicProjectsAhead neighbourProjects matterPeopleAsked matterPeopleSatisfied
    matterSatisfaction disputes disputesSettled disputesLastYear disputesAgainstLastYear residents disputeRate
    change(since: $since) { disputes } }
  ago: indicators(asOf: $since) { disputes }
  public: projects(filter: {kind: [PUBLIC], status: [PLANNED, UNDERWAY, DONE]}) { totalCount totals { ahead } }
  neighbour: projects(filter: {kind: [NEIGHBOUR], status: [PLANNED, UNDERWAY, DONE]}) { totalCount }
  settled: matters(filter: {step: [SETTLED]}) { totalCount totals { asked satisfied } }
  thisYear: disputes(filter: {receivedOn: {from: $from, to: $today}}) { totalCount totals { settled byKind { count } } }
  all: disputes { totalCount } } }"""

COUNTED = ("matterPeopleAsked", "matterPeopleSatisfied", "matterSatisfaction")


def test_yongchun_matters(county: County) -> None:
    """S23: 500 suggestions, 137 matters carried out; the others wait, are consulted on, or were not taken up."""
    found = county(YONGCHUN).data(MATTERS, {"code": YONGCHUN})
    numbers, totals = found["orgUnit"]["indicators"], found["orgUnit"]["matters"]["totals"]
    assert (numbers["matterSuggestions"], numbers["mattersCarriedOut"]) == (500, 137)
    assert round(numbers["matterSatisfaction"], 3) == 0.985
    assert numbers["mattersProposed"] == sum(each["count"] for each in totals["bySource"]) == 540
    assert {each["source"]: each["count"] for each in totals["bySource"]}["SUGGESTION"] == 500
    steps = {each["step"]: each["count"] for each in totals["byStep"]}
    assert steps["ASSESSING"] + steps["SETTLED"] == 137
    assert len(steps) == 6
    assert 0 < numbers["mattersLate"] == sum(each["late"] for each in totals["byStep"]) < 100
    assert found["matterMoves"]["totals"]["matters"] == 540 - steps["PROPOSED"]


def test_yongchun_projects(county: County) -> None:
    """S27: 528 projects for the public, all ahead of schedule, and 81 that part-time members proposed."""
    answer = county(YONGCHUN).post(PROJECTS, {"code": YONGCHUN}).json()
    # Projects of units above are read, and offices and themes there are not.
    assert answer["extensions"] == {"partial": ["Project.post", "Project.theme"]}
    found = answer["data"]
    numbers = found["orgUnit"]["indicators"]
    assert (numbers["publicProjects"], numbers["publicProjectsAhead"], numbers["neighbourProjects"]) == (528, 528, 81)
    assert 0 < numbers["publicProjectsDone"] < 528
    assert found["led"]["totalCount"] > 0  # to which a suggestion led that was carried out
    assert {node["post"]["kind"] for node in found["neighbours"]["nodes"]} == {"PART_TIME_MEMBER"}
    assert len({node["post"]["id"] for node in found["neighbours"]["nodes"]}) == 81
    themed = found["themed"]["nodes"]  # what a chair planned, and a part-time member of the same committee proposed
    assert (
        {(node["kind"], node["name"], *node["place"]) for node in themed}
        == {("NEIGHBOUR", node["theme"]["title"], *node["theme"]["place"]) for node in themed}
        != set()
    )
    totals = found["projects"]["totals"]
    assert totals["spentFen"] == numbers["projectSpentFen"] == found["projectPayments"]["totals"]["amountFen"]
    assert 0 < totals["spentFen"] < totals["budgetFen"] == numbers["projectBudgetFen"]


def test_yongchun_neighbour_fund(county: County) -> None:
    """S26: a compound's fund, in its third year: 56 scholarships, 51,000 yuan this year, aid apart."""
    found = county(YONGCHUN).data(FUND, {"code": YONGCHUN})["orgUnit"]
    (fund,) = found["funds"]["nodes"]
    assert found["indicators"] == {
        "funds": 1,
        "scholarships": 56,
        "scholarshipsFen": 51_000_00,
        "donatedFen": 67_450_50,
        "aidFen": 100_00,
    }
    this = date.fromisoformat(day(0)).year
    assert (fund["begunOn"], fund["compound"] is not None) == (f"{this - 2}-01-01", True)
    assert [(each["year"], each["scholarships"], each["aid"]) for each in fund["years"]] == [
        (this - 2, "28000.00", "9000.00"),
        (this - 1, "40500.00", "10000.00"),
        (this, "51000.00", "100.00"),
    ]
    fen = {each["kind"]: each["fen"] for each in fund["entries"]["totals"]["byKind"]}
    out = fen["SCHOLARSHIP"] + fen["AID"]
    assert f"{(sum(fen.values()) - 2 * out) / 100:.2f}" == fund["balance"] == fund["years"][-1]["balance"]
    assert (fund["donated"], fund["reserved"]) == ("202351.50", "2000.00")


def test_yongchun_results_with_their_sources(county: County) -> None:
    """S27: 528 projects, all ahead; 81 neighbour projects; 98.5 % satisfied; 31.3 % fewer disputes than last year.

    Each number is that of the rows it is of, asked for beside it.
    """
    today = date.fromisoformat(day(0))
    ago = today.replace(year=today.year - 1, day=28 if (today.month, today.day) == (2, 29) else today.day)
    days = {"since": ago.isoformat(), "from": f"{today.year}-01-01", "today": today.isoformat()}
    found = county(YONGCHUN).data(RESULTS, {"code": YONGCHUN, **days})["orgUnit"]
    told = found["indicators"]
    public = found["public"]
    assert told["publicProjects"] == told["publicProjectsAhead"] == public["totalCount"] == public["totals"]["ahead"]
    assert (public["totalCount"], told["neighbourProjects"], found["neighbour"]["totalCount"]) == (528, 81, 81)
    people = found["settled"]["totals"]
    assert (told["matterPeopleAsked"], told["matterPeopleSatisfied"]) == (people["asked"], people["satisfied"])
    assert round(told["matterSatisfaction"], 3) == round(people["satisfied"] / people["asked"], 3) == 0.985
    this, before, change = told["disputes"], told["disputesLastYear"], told["change"]["disputes"]
    assert (this, before, change) == (687, found["ago"]["disputes"], 687 - 1000)
    assert round(change / (this - change), 3) == round(told["disputesAgainstLastYear"] - 1, 3) == -0.313
    totals = found["thisYear"]["totals"]
    assert found["thisYear"]["totalCount"] == sum(each["count"] for each in totals["byKind"]) == 687
    assert 0 < told["disputesSettled"] == totals["settled"] < 687
    assert len(totals["byKind"]) == 6
    assert found["all"]["totalCount"] >= 1687
    assert told["disputeRate"] == round(687 * 10_000 / told["residents"], 4)


def test_an_auditor_is_told_the_same_results(county: County, service: Service) -> None:
    """By the ready operation 成效; but what people were asked of matters, which auditors only count."""
    asked = {"unit": YONGCHUN, "newYear": f"{day(0)[:4]}-01-01", "today": day(0)}
    auditor = Asking(service.url, service.token("auditor", YONGCHUN))
    answer = auditor.post(examples.text("results"), asked).json()
    found, whole = answer["data"]["orgUnit"], county(YONGCHUN).data(examples.text("results"), asked)["orgUnit"]
    told, exact = found.pop("indicators"), whole.pop("indicators")
    assert found == whole
    assert answer["extensions"] == {"counted": [f"Indicators.{name}" for name in COUNTED]}
    assert told == {**exact, **dict.fromkeys(COUNTED)}
