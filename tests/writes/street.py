"""A street to play on, made through the API itself: a compound with two buildings, two members, two companies."""

from dataclasses import dataclass
from uuid import uuid4

from tests.days import day as day
from tests.writes.api import Api

COUNTY, TOWN, COMMUNITY, OTHER = "350521", "350521100", "350521100001", "350521100002"
ADMIN = ("community_admin", COMMUNITY)
COUNTY_ADMIN = ("county_admin", COUNTY)
NEIGHBOUR = ("community_admin", OTHER)


def nobody(tag: str) -> str:
    """A global id that never existed."""
    return f"{tag}_{uuid4()}"


def credit_code(head: str) -> str:
    """A unified social credit code from its first 17 characters."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(3**place * alphabet.index(character) for place, character in enumerate(head))
    return head + alphabet[-total % 31]


@dataclass
class Street:
    """Global ids of what stands on it."""

    unit: str
    compound: str
    buildings: tuple[str, str]
    members: tuple[str, str]
    companies: tuple[str, str]


async def unit_id(api: Api, code: str) -> str:
    """The global id of a unit."""
    found: str = (await api.data(("county_admin", "3505"), f'{{ orgUnit(by: {{code: "{code}"}}) {{ id }} }}'))[
        "orgUnit"
    ]["id"]
    return found


async def street(api: Api) -> Street:
    """A new street in 北关社区."""
    unit, county = await unit_id(api, COMMUNITY), await unit_id(api, COUNTY)
    compound = await made(api, ADMIN, "createCompound", "compound", unitId=unit, name="演示小区", households=300)
    first, second = [
        await made(api, ADMIN, "createBuilding", "building", compoundId=compound, name=f"{number}号楼", households=30)
        for number in (1, 2)
    ]
    one, other = [
        await made(
            api,
            ADMIN,
            "registerMember",
            "member",
            unitId=unit,
            name=f"演示党员{number}",
            standing="IN_SERVICE",
            phone=f"1000000000{number}",
        )
        for number in (1, 2)
    ]
    a, b = [
        await made(
            api,
            COUNTY_ADMIN,
            "createCompany",
            "propertyCompany",
            unitId=county,
            name=f"演示物业{number}",
            creditCode=credit_code(f"91350521MA000000{number}"),
        )
        for number in (1, 2)
    ]
    return Street(unit, compound, (first, second), (one, other), (a, b))


async def made(api: Api, who: tuple[str, str], command: str, result: str, **given: object) -> str:
    """Run a command that makes something; the global id of it."""
    payload = await api.do(who, command, f"{result} {{ id }}", **given)
    found: str = payload[result]["id"]
    return found
