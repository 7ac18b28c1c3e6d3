"""What the demo's communities whistled for, as the running service counts it (S24)."""

from services.deliberation.whistle_tables import WhistleStatus
from tests.conftest import Service
from tests.http.asking import Asking

YONGCHUN = "350525"
WHISTLES = """query ($code: String!) { orgUnit(by: {code: $code}) {
  indicators { whistles whistlesAnsweredInTime whistlesSolved whistlesLate whistlesEscalated }
  whistles { totals { count late byStatus { status count } byDepartment { department count } } } }
  whistles(filter: {escalated: true, late: true, status: [BLOWN]}, first: 100) {
    nodes { escalatedTo escalatedToTownOn escalatedToCountyOn } } whistleSteps { totals { whistles } } }"""


def test_yongchun_whistles(service: Service) -> None:
    """S24: in every state, for eight departments; some were answered by their limit, others are with the county."""
    county = Asking(service.url, service.token("county_admin", YONGCHUN))
    found = county.data(WHISTLES, {"code": YONGCHUN})
    numbers, totals = found["orgUnit"]["indicators"], found["orgUnit"]["whistles"]["totals"]
    assert numbers["whistles"] == totals["count"] == found["whistleSteps"]["totals"]["whistles"] == 40
    assert {each["status"] for each in totals["byStatus"]} == {*WhistleStatus}
    assert len(totals["byDepartment"]) == 8
    assert 0 < numbers["whistlesLate"] == totals["late"] < numbers["whistlesEscalated"] < 20
    assert numbers["whistlesAnsweredInTime"] > 20
    assert numbers["whistlesSolved"] == 20
    late = found["whistles"]["nodes"]
    assert len(late) == 4
    assert all(each["escalatedTo"] == "COUNTY" for each in late)
    assert all(each["escalatedToTownOn"] <= each["escalatedToCountyOn"] for each in late)
