"""The published figures of deliberation and projects, as the running service computes them: none is stored anywhere."""

from datetime import date

from tests.days import day
from tests.demo.conftest import YONGCHUN, County

PROJECTS = """
query ($code: String!) { projects(under: [$code]) { totals { spentFen budgetFen } }
  orgUnit(by: {code: $code}) { indicators { publicProjects publicProjectsAhead publicProjectsDone neighbourProjects
    projectBudgetFen projectSpentFen } }
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
    found = county(YONGCHUN).data(PROJECTS, {"code": YONGCHUN})
    numbers = found["orgUnit"]["indicators"]
    assert (numbers["publicProjects"], numbers["publicProjectsAhead"], numbers["neighbourProjects"]) == (528, 528, 81)
    assert 0 < numbers["publicProjectsDone"] < 528
    assert {node["post"]["kind"] for node in found["neighbours"]["nodes"]} == {"PART_TIME_MEMBER"}
    assert len({node["post"]["id"] for node in found["neighbours"]["nodes"]}) == 81
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
