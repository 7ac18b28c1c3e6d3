"""How far back what runs is ended, and what is there closed: a quarter, as a hand-over; further is for corrections."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from services.appointments import commands as appointments
from services.captains import commands as captains
from services.captains.tables import captain_terms
from services.households import contacts
from services.properties import branches, companies, compounds, correcting, sharings
from services.properties.tables import coverages, owners_committees
from services.properties.tables import sharings as sharing_table
from services.storage.transaction import Record
from services.terms import BACK
from tests.captains.town import Town, days
from tests.golden.world import path_of
from tests.properties.saying import told

Ending = Callable[[date], Any]
WHY = "录入有误"


async def endings(town: Town, since: date) -> list[Ending]:
    """Everything that ends a term since this day, or closes something, each over rows of its own."""
    compound = await town.compound("和平小区")
    place = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
    company, branch = await town.company("一"), await town.organization("社区党支部")
    over = {"organization_id": branch["id"], "organization_path": branch["unit_path"]}
    contract = await town.contract(compound, company, since)
    coverage = await town.add(coverages, **place, **over, since=since)
    committee = await town.committee(compound, since)
    sharing = await town.add(sharing_table, **place, sharer_path=path_of("350521100002"), since=since)
    building, member = await town.building(compound, "1号楼"), await town.member("林一")
    home = {"building_id": building["id"], "unit_path": building["unit_path"]}
    term = await town.add(captain_terms, **home, member_id=member["id"], since=since)
    post = await town.part_time(branch, member, since)
    tx, why = town.tx, WHY
    return [
        lambda on: companies.end_contract(tx, contract=contract, on=on),
        lambda on: branches.end_coverage(tx, coverage=coverage, on=on),
        lambda on: compounds.end_owners_committee(tx, committee=committee, on=on),
        lambda on: sharings.end_sharing(tx, sharing=sharing, on=on),
        lambda on: captains.end(tx, assignment=term, on=on, reason=why),
        lambda on: appointments.end(tx, post=post, on=on, reason=why),
        lambda on: compounds.close_building(tx, building=building, on=on),
        lambda on: compounds.close_compound(tx, compound=compound, on=on),
        lambda on: companies.close_company(tx, company=company, on=on),
        lambda on: branches.close_branch(tx, party_organization=branch, on=on),
    ]


async def test_one_bound_for_all_of_them(town: Town) -> None:
    """The same code for the same field, whatever is ended or closed; on the last day that can be each goes through."""
    last = await town.today() - BACK
    for each in await endings(town, last - days(300)):
        assert await told(town, each(last - days(1))) == [("INVALID", "on")]
        assert await told(town, each(last)) == []


async def test_a_correction_goes_further_back(town: Town) -> None:
    """With a reason; and no update goes where ending does not, but for an end that is as it was."""
    last = await town.today() - BACK
    committee = await town.committee(await town.compound("和平小区"), last - days(300))
    change = partial(compounds.update_owners_committee, town.tx)
    further = last - days(1)
    assert await told(town, change(committee=committee, until=further)) == [("INVALID", "until")]
    correction = correcting.correct_committee(town.tx, committee=committee, reason=WHY, until=further)
    assert await told(town, correction) == []
    held = await town.row(owners_committees, committee["id"])
    assert await told(town, change(committee=held, until=further, name="一届业委会")) == []
    for later in (None, last + days(400), last):  # what is over is not begun anew without a reason
        assert await told(town, change(committee=held, until=later)) == [("CLOSED", "until")]


async def test_contacts_with_households(town: Town) -> None:
    """They keep a reason of their own, and the bound of all."""
    last = await town.today() - BACK
    contact: Record = {"id": UUID(int=0), "since": last - days(300), "until": None}
    ending = contacts.end(town.tx, contact=contact, on=last - days(1), reason=WHY)
    assert await told(town, ending) == [("INVALID", "on")]
