"""The published figures of deliberation days, as the running service computes them: none is stored anywhere."""

from tests.conftest import Service
from tests.days import day
from tests.http.asking import Asking

YONGCHUN = "350525"
DELIBERATED = """query ($code: String!, $from: Int!) { orgUnit(by: {code: $code}) {
  indicators { analysisMeetings deliberationDaysHeld deliberationPeople }
  deliberationDays(filter: {year: {from: $from}}) { totals { count recorded came } }
  deliberationReports(filter: {current: true}, orderBy: [{field: YEAR, direction: DESC}], first: 100) {
    totals { byKind { year kind count } } nodes { proposed } }
  analysisMeetings { totals { count lookedAt takenUp dropped }
    nodes { day { analysisMeetings { totalCount } } } } } }"""


def test_yongchun_deliberation_days(service: Service) -> None:
    """S23: 45 analysis meetings, each of a deliberation day that was held; the days of this year to come are there."""
    asked = {"code": YONGCHUN, "from": int(day(0)[:4]) - 1}
    admin = Asking(service.url, service.token("county_admin", YONGCHUN))
    found = admin.data(DELIBERATED, asked)["orgUnit"]
    numbers, held, met = found["indicators"], found["deliberationDays"]["totals"], found["analysisMeetings"]
    assert numbers["analysisMeetings"] == met["totals"]["count"] == 45
    assert 0 < met["totals"]["takenUp"] + met["totals"]["dropped"] < met["totals"]["lookedAt"]
    assert {each["day"]["analysisMeetings"]["totalCount"] for each in met["nodes"]} == {1}
    assert (numbers["deliberationDaysHeld"], numbers["deliberationPeople"]) == (held["recorded"], held["came"])
    assert held["count"] == 15 * 24
    year, month = int(day(0)[:4]), int(day(0)[5:7])
    counted = {(each["year"], each["kind"]): each["count"] for each in found["deliberationReports"]["totals"]["byKind"]}
    assert counted.get((year, "QUARTER"), 0) == (month - 1) // 3 * 15
    assert [counted[year - 1, kind] for kind in ("QUARTER", "HALF_YEAR")] == [60, 30]
    assert max(each["proposed"] for each in found["deliberationReports"]["nodes"]) > 0
