"""The published figures of deliberation and projects, as the running service computes them: none is stored anywhere."""

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
