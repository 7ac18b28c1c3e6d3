"""The figures of what was published on meetings, as the running service computes them: see test_figures.py."""

from tests.conftest import Service
from tests.http.asking import Asking

ANXI = "350524"
MEETINGS = """query ($code: String!) { orgUnit(by: {code: $code}) {
  indicators { meetingsHeld meetingsOfThree mattersAgreed matterResults }
  meetingPlaces { nodes { name } }
  matters(filter: {step: [SETTLED]}) { nodes { title step items { totals { count agreed deferred split } }
    results { nodes { what quantity countedIn } } } }
} matterResults { totals { byWhat { what quantity } } } }"""


def test_anxi_meetings(service: Service) -> None:
    """S16: parking took six meetings of three parties, and made 193 new spaces."""
    answer = Asking(service.url, service.token("county_admin", ANXI)).post(MEETINGS, {"code": ANXI}).json()
    assert answer["extensions"] == {"partial": ["Matter.items"]}  # of a matter that moved, meetings were held elsewhere
    found = answer["data"]
    unit = found["orgUnit"]
    assert [*unit["indicators"].values()] == [6, 6, 1, 1]
    assert {each["name"] for each in unit["meetingPlaces"]["nodes"]} == {"730议事厅", "民情茶室", "和邻话室"}
    (matter,) = unit["matters"]["nodes"]
    assert "停车" in matter["title"]
    assert (matter["step"], matter["results"]["nodes"]) == (
        "SETTLED",
        [{"what": "新增停车位", "quantity": 193, "countedIn": "个"}],
    )
    assert matter["items"]["totals"] == {"count": 6, "agreed": 1, "deferred": 5, "split": 4}
    assert found["matterResults"]["totals"]["byWhat"] == [{"what": "新增停车位", "quantity": 193}]
