"""A county's offices to play in: people with accounts, each with a credential, who grant one another roles."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from policies.actor import SESSION, make_token
from schema.kit.ids import local_id
from tests.golden.world import id_of, path_of
from tests.writes.api import Api

COUNTY, TOWN, COMMUNITY, OTHER, OTHER_COUNTY = "350521", "350521100", "350521100001", "350521100002", "350524"
GRID, CITY, OTHER_TOWN = "350521100001001", "3505", "350521101"
COMPANY, BUILDING, CAPTAIN = (
    f"co_{id_of('演示物业公司')}",
    f"bd_{id_of('1号楼')}",
    f"mb_{id_of('演示党员')}",
)
Who = tuple[str, str]  # a name, and nothing: people are known by their names here
HELD = "grant { id inForce version }"


def unit(code: str) -> str:
    """The global id of a unit of the golden world."""
    return f"ou_{id_of(code)}"


@dataclass
class Office:
    """The API, and the global ids of everybody's account by name."""

    api: Api
    accounts: dict[str, str] = field(default_factory=dict)

    async def root(self, name: str, role: str, code: str, until: datetime | None = None) -> Who:
        """Someone at home in a unit, granted a role there from the command line."""
        account = uuid4()
        connection = self.api.connection
        await connection.execute(
            "INSERT INTO account (id, kind, name, folded, unit_path) VALUES ($1, 'PERSON', $2, $2, $3)",
            account,
            name,
            path_of(code),
        )
        await connection.execute(
            "INSERT INTO role_grant (id, account_id, role, unit_path, until) VALUES ($1, $2, $3, $4, $5)",
            *(uuid4(), account, role, path_of(code), until),
        )
        return await self._signs_in(name, f"ac_{account}")

    async def hire(self, by: Who, name: str, code: str = COMMUNITY, **more: Any) -> Who:
        """Somebody makes an account for someone at home in a unit."""
        made = await self.api.do(by, "createAccount", "account { id }", unitId=unit(code), name=name, **more)
        return await self._signs_in(name, made["account"]["id"])

    async def _signs_in(self, name: str, account: str) -> Who:
        id_, text, digest = make_token(SESSION)
        self.accounts[name], self.api.tokens[name, ""] = account, text
        await self.api.connection.execute(
            "INSERT INTO credential (id, kind, account_id, secret_sha256, expires_at)"
            " VALUES ($1, 'SESSION', $2, $3, $4)",
            *(id_, local_id(account, "ac"), digest, datetime.now(UTC) + timedelta(days=1)),
        )
        return name, ""

    def asking(self, to: Who, role: str, at: str, **more: Any) -> dict[str, Any]:
        """The input of grantRole; `at` is a unit's code or a global id."""
        seat = unit(at) if at.isdigit() else at
        return {"seatId": seat, "accountId": self.accounts[to[0]], "role": role, "reason": "工作需要", **more}

    async def grant(self, by: Who, to: Who, role: str, at: str, **more: Any) -> str:
        """A role granted; the grant's global id."""
        made = await self.api.do(by, "grantRole", HELD, **self.asking(to, role, at, **more))
        found: str = made["grant"]["id"]
        return found

    async def refused(self, by: Who, to: Who, role: str, at: str, **more: Any) -> Any:
        """Why a role is not granted: the error's code, or the code and the field of the first thing to correct."""
        counted = await self._grants()
        answer = await self.api.attempt(by, "grantRole", "grant { id }", **self.asking(to, role, at, **more))
        assert await self._grants() == counted
        return answer if isinstance(answer, str) else told(answer)

    async def revoke(self, by: Who, grant: str, **more: Any) -> list[tuple[str, str, bool]]:
        """A grant revoked; of what rests on it whose it is, the role, and whether it went too."""
        select = "grant { inForce } dependents { kind id accountName role seatName until revoked }"
        done = await self.api.do(by, "revokeGrant", select, id=grant, reason="调离", **more)
        return [(each["accountName"], each["role"], each["revoked"]) for each in done["dependents"]]

    async def not_revoked(self, by: Who, grant: str, **more: Any) -> Any:
        """Why a grant is not revoked."""
        answer = await self.api.attempt(by, "revokeGrant", id=grant, reason="调离", **more)
        return answer if isinstance(answer, str) else told(answer)

    async def units(self, who: Who) -> list[str]:
        """The codes of the units somebody sees."""
        found = await self.api.data(who, "{ orgUnits(first: 100) { nodes { code } } }")
        return [each["code"] for each in found["orgUnits"]["nodes"]]

    async def _grants(self) -> object:
        return await self.api.connection.fetchval("SELECT md5(string_agg(g::text, '' ORDER BY id)) FROM role_grant g")


def told(payload: Any) -> tuple[str, str]:
    """The code and the field of the first thing to correct."""
    problem = payload["userErrors"][0]
    return problem["code"], problem["field"][1]


class Chain(NamedTuple):
    """A county, a town and a community administrator, each granted by the one above; and these two grants."""

    county: Who
    town: Who
    community: Who
    grants: tuple[str, str]


async def hired(office: Office) -> Chain:
    """All three, one after the other."""
    county = await office.root("县", "county_admin", COUNTY)
    town = await office.hire(county, "镇", TOWN)
    first = await office.grant(county, town, "town_admin", TOWN)
    community = await office.hire(town, "社区", COMMUNITY)
    second = await office.grant(town, community, "community_admin", COMMUNITY)
    return Chain(county, town, community, (first, second))
