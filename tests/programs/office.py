"""The service with what programs are held to, and what its administrators do about them."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from policies.actor import Authenticator
from schema.kit.faults import formatted, reasons
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.programs import Programs
from schema.pipeline.run.read import Reading
from schema.pipeline.run.write import Writing
from services.programs.budget import Budgets
from services.programs.operations import digest
from services.storage.database import Writer
from tests.built import CATALOGUE, SCHEMA
from tests.writes.api import LIMITS, Api, planned_once
from tests.writes.street import ADMIN, COMMUNITY, COUNTY_ADMIN, NEIGHBOUR, TOWN, unit_id

__all__ = ["ADMIN", "COMMUNITY", "COUNTY_ADMIN", "NEIGHBOUR", "TOWN", "TOWN_ADMIN", "Office", "unit_id"]

TOWN_ADMIN = ("town_admin", TOWN)
AUDITOR = ("auditor", TOWN)
UNITS = "{ orgUnits { nodes { name } } }"
STATE = """query($id: ID!) { node(id: $id) { ... on AccessToken { id state createdAt expiresAt approvedAt approvedByName
    issuedByName confirmBy confirmedAt confirmedByName viewerCan lastUsedAt revokedAt revokedFor version replaces { id }
    overSince overFor
    program { id version entities documents budgetPerMinute smallestCell until } } } }"""


@dataclass
class Issued:
    """A token's text and its global id."""

    text: str
    id: str

    @property
    def credential(self) -> str:
        """The id of its credential."""
        return self.text.split("_")[1]


class Office(Api):
    """The service, and the tokens of its programs."""

    def __post_init__(self) -> None:
        """The same with budgets."""
        super().__post_init__()
        self.keeper = Writer(self.url, LIMITS, size=2)
        self.budgets = Budgets(self.keeper)
        programs = Programs(self._reader, self.budgets)
        authenticator = Authenticator(self._reader)
        self._reading = planned_once(Reading(CATALOGUE, SCHEMA, self._reader, authenticator, LIMITS, programs))
        self._writing = Writing(CATALOGUE, self._reading, self._writer)

    def approve_by_two(self) -> None:
        """From now on nobody approves by issuing: JINLIN_TOKENS_APPROVED=always."""
        self._writing = Writing(CATALOGUE, self._reading, self._writer, alone=False)

    async def close(self) -> None:
        """Close the pools."""
        await super().close()
        await self.keeper.close()

    async def attempt_to_issue(self, who: tuple[str, str] = COUNTY_ADMIN, at: str = TOWN, **more: Any) -> Any:
        """The payload of issuing a token for a program at a unit, or the code it was refused with."""
        given = {"name": "大屏", "agency": "演示公司", "days": 30, "entities": ["unit"], **more}
        given.setdefault("unitId", await unit_id(self, at))
        return await self.attempt(who, "issueToken", "token accessToken { id state }", **given)

    async def issue(self, who: tuple[str, str] = COUNTY_ADMIN, at: str = TOWN, **more: Any) -> Issued:
        """A token of a new program."""
        payload = await self.attempt_to_issue(who, at, **more)
        assert payload["userErrors"] == [], payload
        return Issued(payload["token"], payload["accessToken"]["id"])

    async def shown(self, issued: Issued, who: tuple[str, str] = COUNTY_ADMIN) -> Any:
        """A token as an administrator sees it."""
        return (await self.data(who, STATE, id=issued.id))["node"]

    async def store(self, text: str, who: tuple[str, str] = COUNTY_ADMIN, at: str = TOWN) -> str:
        """Store a document; its global id."""
        given = {"unitId": await unit_id(self, at), "name": f"查询 {uuid4()}", "document": text}
        payload = await self.do(who, "storeOperation", "storedOperation { id documentId cost }", **given)
        assert payload["storedOperation"]["documentId"] == f"sha256:{digest(text)}"
        return str(payload["storedOperation"]["id"])

    async def by(self, token: str, query: str = UNITS, **asked: Any) -> Any:
        """What a token is answered: the data, or the code of the error."""
        document = asked.pop("document", None)
        try:
            answer = await self._writing.answer(Asked(query, None, asked, document=document), token, "en")
        except Exception as error:  # noqa: BLE001 - what the endpoint would make of it
            return formatted(reasons(error)[0], "en")["extensions"]["code"]
        return json.loads(answer.body)


def names(answer: Any) -> list[str]:
    """The units of an answer to UNITS."""
    return [node["name"] for node in answer["orgUnits"]["nodes"]]
