"""A life in random commands, and then its deletion: whatever was done, no text of any table names the person."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest

from services.audit.trail import verify
from tests.audit.deeds import DEEDS
from tests.audit.people import ADDRESS, EMPLOYER, LOGIN, MARKS, NAME, PHONE, Person, mentions
from tests.depth import deep
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, OTHER, TOWN, day, unit_id

CITY = ("county_admin", "3505")
STEPS = 45


@dataclass
class Life:
    """The person, those around them, and what they have come to hold; every text says who they are."""

    api: Api
    someone: Person
    random: Random
    terms: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    async def run(self, who: tuple[str, str], command: str, returns: str, **given: Any) -> str | None:
        """Ask for a command, mostly by a key that is kept; the id it led to, where it was done."""
        if self.random.random() < 0.7:
            given["idempotencyKey"] = f"key {self.random.random()}"
        payload = await self.api.attempt(who, command, f"{returns} {{ id }}", **given)
        assert payload != "BAD_USER_INPUT", command
        if not isinstance(payload, dict) or payload["userErrors"]:
            return None
        self.done[command] = self.done.get(command, 0) + 1
        found: str = payload[returns]["id"]
        return found

    @property
    def text(self) -> str:
        """Something that is said of somebody; of where they live only with who it is."""
        of = self.random.sample((NAME, PHONE, LOGIN), self.random.choice((1, 2)))
        return f"因{'、'.join([*of, *self.random.choice(((), (ADDRESS,)))])}"

    @property
    def member(self) -> str:
        """The person, or somebody else of the street."""
        return self.random.choice((self.someone.member, *self.someone.street.members))

    # --- what may happen ---

    async def lead(self) -> None:
        building, since = self.random.choice(self.someone.street.buildings), day(-self.random.randint(1, 9))
        if self.terms and self.random.random() < 0.5:
            given = {"id": self.random.choice(self.terms), "memberId": self.member, "on": since}
            made = await self.run(ADMIN, "handOverCaptain", "captainAssignment", **given)
        else:
            given = {"buildingId": building, "memberId": self.member, "since": since}
            made = await self.run(ADMIN, "assignCaptain", "captainAssignment", **given)
        self._keep(self.terms, made)

    async def lead_no_more(self) -> None:
        if self.terms:
            given = {"id": self.random.choice(self.terms), "on": day(-1), "reason": self.text}
            await self.run(ADMIN, "endCaptainTerm", "captainAssignment", **given)

    async def instruct(self) -> None:
        given = {"companyId": self.random.choice(self.someone.street.companies), "memberId": self.member}
        command = self.random.choice(("appointInstructor", "appointCompanyLeader"))
        until = {"until": day(30)} if command == "appointInstructor" else {}
        since = day(-self.random.randint(2, 30))
        self._keep(self.posts, await self.run(COUNTY_ADMIN, command, "post", **given, since=since, **until))

    async def instruct_no_more(self) -> None:
        if self.posts:
            given = {"id": self.random.choice(self.posts), "on": day(-1), "reason": self.text}
            await self.run(COUNTY_ADMIN, "endPost", "post", **given)

    async def have_an_account(self) -> None:
        whose = self.random.choice(({}, {"memberId": self.someone.member}))
        login = {"login": f"{LOGIN}-{self.random.randint(0, 999)}"} if whose else {}
        given = {"unitId": await unit_id(self.api, OTHER), "name": NAME if whose else "某人"}
        self._keep(self.accounts, await self.run(COUNTY_ADMIN, "createAccount", "account", **given, **login, **whose))

    async def be_granted(self) -> None:
        if self.accounts:
            street = self.someone.street
            role, seat = self.random.choice(
                (
                    ("community_admin", street.unit),
                    ("captain", self.someone.member),
                    ("member", self.someone.member),
                    ("captain", street.members[0]),
                    ("captain", street.buildings[0]),
                )
            )
            given = {"accountId": self.random.choice(self.accounts), "role": role, "seatId": seat, "reason": self.text}
            self._keep(self.grants, await self.run(COUNTY_ADMIN, "grantRole", "grant", **given))

    async def lose_a_grant(self) -> None:
        if self.grants:
            given = {"id": self.random.choice(self.grants), "reason": self.text, "cascade": True}
            await self.run(COUNTY_ADMIN, "revokeGrant", "grant", **given)

    async def rest_on_a_grant(self) -> None:
        """Whoever grants is revoked in turn: the report names what rested on theirs."""
        if self.grants:
            told = {"seatId": await unit_id(self.api, TOWN), "role": "town_admin", "reason": self.text}
            account = await self.run(COUNTY_ADMIN, "createAccount", "account", unitId=told["seatId"], name="镇长")
            above = await self.run(COUNTY_ADMIN, "grantRole", "grant", accountId=account, **told)
            assert above is not None
            under = "UPDATE role_grant SET under_id = $1 WHERE id = ANY ($2) AND revoked_at IS NULL"
            await self.api.connection.execute(under, UUID(above[3:]), [UUID(grant[3:]) for grant in self.grants])
            rests = "SELECT 'gr_' || id FROM role_grant WHERE under_id = $1 AND revoked_at IS NULL"
            kept = [row[0] for row in await self.api.connection.fetch(rests, UUID(above[3:]))]
            await self.run(COUNTY_ADMIN, "revokeGrant", "grant", id=above, reason=self.text, keepIds=kept)

    async def close_an_account(self) -> None:
        if self.accounts:
            given = {"id": self.random.choice(self.accounts), "reason": self.text}
            await self.run(COUNTY_ADMIN, "closeAccount", "account", **given)

    async def move(self) -> None:
        """Split off with the unit, and merged again: reports name who goes where."""
        code = f"350521100{self.random.randint(100, 998)}"
        part = {"name": f"社区{code}", "code": code, "memberIds": [self.someone.member]}
        home = await self.api.connection.fetchrow(
            "SELECT id, version FROM org_unit WHERE path = (SELECT unit_path FROM member WHERE id = $1)",
            self.someone.uuid,
        )
        assert home is not None
        given = {"id": f"ou_{home['id']}", "version": home["version"], "into": [part]}
        made = await self.run(CITY, "splitUnit", "orgUnit", **given)
        if made is not None:
            await self.run(
                CITY, "mergeUnits", "orgUnit", id=self.someone.street.unit, others=[{"id": made, "version": 1}]
            )

    async def be_reached(self) -> None:
        contact = "{ members { nodes { contact { phone address } } } }"
        await self.api.data(ADMIN, contact)
        version = await self.api.connection.fetchval("SELECT version FROM member WHERE id = $1", self.someone.uuid)
        whose = {"id": self.someone.member}
        await self.run(ADMIN, "updateContact", "member", **whose, version=version, address=ADDRESS, phone=PHONE)
        await self.run(ADMIN, "updateMember", "member", **whose, version=version + 1, employer=EMPLOYER)

    async def be_told(self) -> None:
        await self.run(COUNTY_ADMIN, "exportMember", "member", id=self.someone.member)

    async def program(self) -> None:
        given = {"unitId": self.someone.street.unit, "name": "程序", "agency": "单位", "days": 9, "entities": ["unit"]}
        token = await self.run(COUNTY_ADMIN, "issueToken", "accessToken", **given)
        await self.run(COUNTY_ADMIN, "revokeToken", "accessToken", id=token, reason=self.text)

    # --- and its end ---

    async def retire(self) -> None:
        """End whatever office they are in."""
        for name, ids, command in (
            ("captain_term", self.terms, "endCaptainTerm"),
            ("post", self.posts, "endPost"),
        ):
            running = f"SELECT 1 FROM {name} WHERE id = $1 AND member_id = $2 AND coalesce(until >= current_date, true)"
            for each in ids:
                if await self.api.connection.fetchval(running, UUID(each[3:]), self.someone.uuid):
                    given = {"id": each, "on": day(-1), "reason": self.text}
                    await self.api.do(COUNTY_ADMIN, command, "", **given)

    @staticmethod
    def _keep(of: list[str], made: str | None) -> None:
        if made is not None:
            of.append(made)


HAPPENING: tuple[Callable[[Life], Awaitable[None]], ...] = (
    *(Life.lead, Life.lead_no_more, Life.instruct, Life.instruct_no_more),
    *(Life.have_an_account, Life.be_granted, Life.be_granted, Life.lose_a_grant, Life.rest_on_a_grant),
    *(Life.close_an_account, Life.move, Life.be_reached, Life.be_told, Life.program),
    *DEEDS,
)


@pytest.mark.parametrize("seed", range(deep(1, 12)))
async def test_whatever_was_done_nothing_names_them(api: Api, someone: Person, seed: int) -> None:
    """Every text of every table looked through for name, reading, phone, address, employer and logins."""
    random = Random(seed)
    life = Life(api, someone, random)
    for step in [*HAPPENING, *random.choices(HAPPENING, k=STEPS)]:
        await step(life)
    await life.retire()
    before = set(await mentions(api.connection, *MARKS))
    assert {"captain_term.end_reason", "role_grant.reason", "access_token.revoked_for"} <= before, life.done
    assert {"resident_report.text", "chair_theme.title", "correction.reason"} <= before, life.done
    assert {"recordVisit", "recordReport", "planTheme"} <= life.done.keys(), life.done
    assert {"recordTownEvaluation", "recordCommunityEvaluation"} & life.done.keys(), life.done
    assert len(life.done) > 12, life.done
    assert {"splitUnit", "mergeUnits", "exportMember", "revokeToken", "endPost"} <= life.done.keys()
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=life.someone.member)
    assert await mentions(api.connection, *MARKS) == [], life.done
    assert await verify(api.connection) == []
