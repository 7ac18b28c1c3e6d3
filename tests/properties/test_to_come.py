"""Terms that have not begun: they are corrected and struck out as any others, whatever kind of term it is."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Table, select

from services.appointments import correcting as appointments
from services.appointments.tables import posts
from services.captains import commands as captains
from services.captains.tables import captain_terms
from services.properties import correcting, sharings
from services.properties.tables import contracts, coverages, owners_committees
from services.properties.tables import sharings as sharing_table
from services.storage.transaction import Record
from tests.captains.town import Town, days
from tests.golden.world import path_of
from tests.properties.saying import done, told

WHY = "录入有误"
Command = Callable[..., Any]


async def planned(town: Town, since: date) -> list[tuple[Table, Record, str, Command, Command]]:
    """A term of each kind from this day on: its table, what commands call it, and what corrects and strikes it out."""
    compound = await town.compound("和平小区")
    place = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
    company, branch = await town.company("一"), await town.organization("社区党支部")
    over = {"organization_id": branch["id"], "organization_path": branch["unit_path"]}
    building, member = await town.building(compound, "1号楼"), await town.member("林一")
    home = {"building_id": building["id"], "unit_path": building["unit_path"]}
    contract = await town.contract(compound, company, since)
    coverage = await town.add(coverages, **place, **over, since=since)
    committee = await town.committee(compound, since)
    sharing = await town.add(sharing_table, **place, sharer_path=path_of("350521100002"), since=since)
    term = await town.add(captain_terms, **home, member_id=member["id"], since=since)
    post = await town.part_time(branch, member, since)
    c = correcting
    return [
        (contracts, contract, "contract", c.correct_contract, c.strike_out_contract),
        (coverages, coverage, "coverage", c.correct_coverage, c.strike_out_coverage),
        (owners_committees, committee, "committee", c.correct_committee, c.strike_out_committee),
        (sharing_table, sharing, "sharing", sharings.correct_sharing, sharings.strike_out_sharing),
        (captain_terms, term, "assignment", captains.correct, captains.strike_out),
        (posts, post, "post", appointments.correct, appointments.strike_out),
    ]


async def test_what_has_not_begun_is_corrected_and_struck_out(town: Town) -> None:
    """Its days move, still ahead or into the past, and it goes altogether; nothing asks whether it has begun."""
    today = await town.today()
    for table, row, name, correct, strike_out in await planned(town, today + days(30)):
        for since in (today + days(60), today - days(400)):
            held = {name: await town.row(table, row["id"])}
            assert await told(town, correct(town.tx, **held, reason=WHY, since=since)) == [], name
            assert (await town.row(table, row["id"]))["since"] == since, name
        held = {name: await town.row(table, row["id"])}
        await done(town, correct(town.tx, **held, reason=WHY, since=today + days(9)))
        held = {name: await town.row(table, row["id"])}
        (line, *_) = (await done(town, strike_out(town.tx, **held, reason=WHY))).report
        assert line["struck_out"], name
        assert await town.tx.row(select(table.c.id).where(table.c.id == row["id"])) is None, name
