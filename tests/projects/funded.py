"""What the tests of funds begin with: what is given, proposed, and what it comes to."""

from typing import Any
from uuid import UUID

from tests.centres.asked import ADMIN
from tests.writes.api import Api
from tests.writes.street import day

SUMS = "donated scholarships aid reserved balance"
MONEY = f"query($id: ID!) {{ node(id: $id) {{ ... on Fund {{ {SUMS} }} }} }}"


def given(fund: str, amount: str = "100.00", **more: Any) -> dict[str, Any]:
    """The input of a donation."""
    said = {"fundId": fund, "kind": "RESIDENTS", "amount": amount, "receivedAt": f"{day(0)}T00:00:00+08:00"}
    return {**said, **more}


def proposed(fund: str, amount: str, **more: Any) -> dict[str, Any]:
    """The input of a proposal."""
    return {"fundId": fund, "kind": "SCHOLARSHIP", "amount": amount, "persons": 1, "purpose": "升学奖励", **more}


async def donate(api: Api, fund: str, amount: str = "100.00", **more: Any) -> str:
    """Enter a donation; its entry's id."""
    done = await api.do(ADMIN, "recordDonation", "fundEntry { id }", **given(fund, amount, **more))
    return str(done["fundEntry"]["id"])


async def propose(api: Api, fund: str, amount: str, **more: Any) -> str:
    """Propose an award; its id."""
    done = await api.do(ADMIN, "proposeAward", "fundAward { id }", **proposed(fund, amount, **more))
    return str(done["fundAward"]["id"])


async def sums(api: Api, fund: str) -> list[str]:
    """What a fund comes to: in, out for scholarships and aid, set aside, left."""
    found = (await api.data(ADMIN, MONEY, id=fund))["node"]
    return [found[name] for name in SUMS.split()]


def local(id: str) -> UUID:
    """The id of a row in its table."""
    return UUID(id.partition("_")[2])
