"""What the demo's alliances come to, as the running service counts it (S17)."""

from tests.conftest import Service
from tests.http.asking import Asking

ANXI, HUIAN = "350524", "350521"
ALLIANCES = """query ($code: String!) { orgUnit(by: {code: $code}) {
  indicators { alliances alliedUnits allianceMeetings allianceAgreementsKept allianceAgreementsLate } }
  allianceTerms(filter: {role: [LEAD], ended: true}) { nodes { name } }
  leading: allianceTerms(filter: {role: [LEAD], ended: false}) { nodes { organization { name } } }
  allianceAgreements { totals { count kept dropped late } } }"""


def test_alliances(service: Service) -> None:
    """Two in 安溪, of which one was led by another before, and one in 惠安; one unit left each of them."""
    answer = Asking(service.url, service.token("county_admin", ANXI)).post(ALLIANCES, {"code": ANXI}).json()
    assert answer["extensions"] == {"partial": ["AllianceTerm.organization"]}  # which may be another county's
    found = answer["data"]
    assert [*found["orgUnit"]["indicators"].values()] == [2, 7, 8, 8, 2]
    assert [each["name"] for each in found["allianceTerms"]["nodes"]] == ["社区卫生服务中心"]
    assert len([each for each in found["leading"]["nodes"] if each["organization"]]) == 2
    assert found["allianceAgreements"]["totals"] == {"count": 14, "kept": 8, "dropped": 2, "late": 2}
    there = Asking(service.url, service.token("county_admin", HUIAN)).post(ALLIANCES, {"code": HUIAN}).json()["data"]
    assert [*there["orgUnit"]["indicators"].values()] == [1, 6, 4, 4, 1]
