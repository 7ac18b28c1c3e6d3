"""What else may happen in a life of `tests.audit.test_life`: reports, visits, themes, evaluations and corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.writes.street import ADMIN, COUNTY_ADMIN, TOWN, day

if TYPE_CHECKING:
    from tests.audit.test_life import Life

TOWN_ADMIN = ("town_admin", TOWN)
YEARS = range(2001, 2026)


async def report(life: Life) -> None:
    """A resident's report that names somebody, and mostly what came of it; now and then it is struck out."""
    said = {"text": life.text, "spot": life.text, "kind": "OTHER", "reportedOn": day(-1)}
    building = life.random.choice(life.someone.street.buildings)
    made = await life.run(ADMIN, "recordReport", "residentReport", buildingId=building, **said)
    answer = life.random.choice(("answerReport", "referReport", "settleReport"))
    await life.run(ADMIN, answer, "residentReport", id=made, outcome=life.text, on=day(0))
    if life.random.random() < 0.3:
        await life.run(ADMIN, "strikeOutReport", "building", id=made, reason=life.text)


async def visit(life: Life) -> None:
    """An entry of a log, that of a new instructor where somebody can be one."""
    term = {"companyId": life.random.choice(life.someone.street.companies), "since": day(-9), "until": day(30)}
    new = await life.run(COUNTY_ADMIN, "appointInstructor", "post", **term, memberId=life.member)
    life.posts.extend([new] if new is not None else [])
    said = {"done": life.text, "nextStep": life.text, "visitedOn": day(-1)}
    for post in reversed(life.posts):
        made = await life.run(COUNTY_ADMIN, "recordVisit", "instructorVisit", postId=post, **said)
        if made is not None:
            if life.random.random() < 0.3:
                await life.run(COUNTY_ADMIN, "strikeOutVisit", "post", id=made, reason=life.text)
            return


async def take_the_chair(life: Life) -> None:
    """As part-time member and in the chair, if it is free; whose theme speaks of somebody."""
    body = await _organization(life)
    holder = {"partyOrganizationId": body, "memberId": life.member}
    seat = await life.run(ADMIN, "appointPartTimeMember", "post", **holder, since=day(-60))
    chair = await life.run(ADMIN, "appointRotatingChair", "post", **holder, since=day(-50), months=1)
    life.posts.extend(made for made in (seat, chair) if made is not None)
    if chair is None:
        return
    given = {"postId": chair, "title": life.text, "plannedOn": day(-40)}
    theme = await life.run(ADMIN, "planTheme", "chairTheme", **given)
    said: dict[str, Any] = {"outcome": life.text}
    if life.random.random() < 0.5:
        await life.run(ADMIN, "dropTheme", "chairTheme", id=theme, **said)
    else:
        await life.run(ADMIN, "holdTheme", "chairTheme", id=theme, **said, on=day(-40))


async def be_evaluated(life: Life) -> None:
    """By the town or by the community, in words."""
    who, command = life.random.choice(((TOWN_ADMIN, "recordTownEvaluation"), (ADMIN, "recordCommunityEvaluation")))
    given = {"partyOrganizationId": await _organization(life), "year": life.random.choice(YEARS), "grade": "A"}
    made = await life.run(who, command, "chairEvaluation", **given, remark=life.text)
    if made is not None and life.random.random() < 0.3:
        await life.run(TOWN_ADMIN, "strikeOutEvaluation", "partyOrganization", id=made, reason=life.text)


async def be_corrected(life: Life) -> None:
    """A term that began another day, was somebody else's, or never was."""
    kind, ids, result = life.random.choice((("CaptainTerm", life.terms, "building"), ("Post", life.posts, "orgUnit")))
    ids = [each for each in ids if await _there(life, each)]
    if ids:
        given = {"id": life.random.choice(ids), "reason": life.text}
        if life.random.random() < 0.3:
            await life.run(TOWN_ADMIN, f"strikeOut{kind}", result, **given)
            return
        changed = life.random.choice(({"since": day(-life.random.randint(2, 30))}, {"memberId": life.member}))
        corrected = "captainAssignment" if result == "building" else "post"
        await life.run(COUNTY_ADMIN, f"correct{kind}", corrected, **given, **changed)


async def _there(life: Life, term: str) -> bool:
    table = "captain_term" if term.startswith("ca_") else "post"
    found = await life.api.connection.fetchval(f"SELECT count(*) FROM {table} WHERE id = $1", UUID(term[3:]))
    return bool(found)


async def _organization(life: Life) -> str:
    """The community's own."""
    found = "SELECT 'po_' || id FROM party_organization WHERE unit_path = (SELECT path FROM org_unit WHERE id = $1)"
    body: str = await life.api.connection.fetchval(found, UUID(life.someone.street.unit[3:]))
    return body


DEEDS = (report, visit, take_the_chair, be_evaluated, be_corrected, be_corrected)
