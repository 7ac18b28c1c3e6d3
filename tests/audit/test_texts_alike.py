"""Texts that differed by whom they named are alike once the name is gone, and the deletion is not refused for it."""

from uuid import UUID

from services.audit.free_text import FREE_TEXT
from services.members.tables import NOBODY, said_in_full
from services.organization.territory import unique
from tests.audit.people import NAME, PHONE, Person
from tests.centres.asked import told
from tests.deliberation.asked import announced, moved, proposed
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, day, made


async def acted_on(api: Api) -> str:
    """A matter that is being carried out."""
    await announced(api)
    matter: str = (await proposed(api))["id"]
    for command, on in (("consultMatter", -50), ("actOnMatter", -9)):
        await moved(api, matter, command, on)
    return matter


async def test_results_of_one_matter_that_named_them(api: Api, someone: Person) -> None:
    """By name, by phone, and of another who is deleted later. What names nobody is recorded once, as before."""
    matter = await acted_on(api)
    given = {"matterId": matter, "quantity": 1, "countedIn": "户", "countedOn": day(-3)}
    other = someone.street.members[0]
    await api.connection.execute("UPDATE member SET name = '上官璟' WHERE id = $1", UUID(other[3:]))
    for what in (f"{NAME}家加梯", f"{PHONE}家加梯", "上官璟家加梯", "加梯"):
        await made(api, ADMIN, "recordMatterResult", "matterResult", what=what, **given)
    for member in (someone.member, other):
        await api.do(COUNTY_ADMIN, "deletePerson", "", id=member)
    kept = await api.connection.fetch("SELECT what FROM matter_result ORDER BY what")
    assert sorted(row["what"] for row in kept) == ["加梯", *[f"{NOBODY}家加梯"] * 3]
    assert await told(api, ADMIN, "recordMatterResult", what="加梯", **given) == [("TAKEN", "what")]


def test_no_text_a_name_is_taken_out_of_is_unique() -> None:
    """But among those that are said in full."""
    found = {}
    for table, name, _ in FREE_TEXT:
        for columns, where in unique(table):
            if table.c[name] in columns:
                found[f"{table.name}.{name}"] = str(where) == str(said_in_full(name))
    assert found == {"matter_result.what": True}
