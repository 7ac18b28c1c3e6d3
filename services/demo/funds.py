"""The demo's neighbour funds 近邻基金: one compound's in 永春 (S26), in its third year, and a community's in 惠安.

What 永春 awarded this year, 56 scholarships of 51,000 yuan, is paid out of what was given in the three.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.demo.compounds import Compound
from services.demo.days import Days
from services.demo.rows import Rows
from services.demo.territory import Community
from services.projects.fund_tables import FundAwardStatus, FundEntryKind, awards, entries, funds

GIVEN = (
    (FundEntryKind.MEMBERS, 40, Decimal("21600.00"), None),
    (FundEntryKind.RESIDENTS, 75, Decimal("24850.50"), None),
    (FundEntryKind.UNITS, 110, Decimal("16000.00"), "演示爱心企业"),
    (FundEntryKind.UNITS, 150, Decimal("5000.00"), None),
)
# Of each year, the oldest first: for how many persons, and how much.
PAID = (
    ((FundEntryKind.SCHOLARSHIP, 200, 31, "28000.00"), (FundEntryKind.AID, 90, 3, "9000.00")),
    ((FundEntryKind.SCHOLARSHIP, 200, 44, "40500.00"), (FundEntryKind.AID, 120, 4, "10000.00")),
    (
        (FundEntryKind.SCHOLARSHIP, 200, 46, "46000.00"),
        (FundEntryKind.SCHOLARSHIP, 205, 10, "5000.00"),
        (FundEntryKind.AID, 60, 3, "100.00"),
    ),
)
PURPOSES = {FundEntryKind.SCHOLARSHIP: "升学奖励", FundEntryKind.AID: "突发困难家庭帮扶"}


@dataclass(frozen=True, slots=True)
class Funds:
    """Records a compound's fund, with what was given and paid year by year."""

    rows: Rows
    days: Days

    def of(self, compound: Compound) -> None:
        """Its fund since two years ago; one proposal waits, and one donation was entered twice."""
        said = {"compound_id": compound.id, "name": f"{compound.name}近邻基金", "begun_on": self.days.year(-2)}
        fund = self.rows.add(funds, unit_path=compound.path, **said)
        of: dict[str, object] = {"fund_id": fund, "unit_path": compound.path}
        for offset, paid in zip((-2, -1, 0), PAID, strict=True):
            for kind, day, amount, donor in GIVEN:
                self._entered(of, kind, amount, self._day(offset, day), donor=donor)
            for kind, day, persons, yuan in paid:
                self._paid(of, kind, persons, Decimal(yuan), self._day(offset, day))
        twice, when = Decimal("300.00"), self._day(-1, 30)
        first = self._entered(of, FundEntryKind.MEMBERS, twice, when)
        self._entered(of, FundEntryKind.MEMBERS, -twice, when, corrects_id=first)
        waits = {"kind": FundEntryKind.AID, "amount": Decimal("2000.00"), "persons": 1}
        unread = {"status": FundAwardStatus.PROPOSED, "reviewed_on": None}
        purpose = PURPOSES[FundEntryKind.AID]
        self.rows.add(awards, **of, **waits, purpose=purpose, proposed_on=self.days.ago(2), **unread)

    def begun(self, community: Community) -> None:
        """A community's fund of this year, out of which little was paid."""
        path, begun_on = community.place.path, self.days.year(0)
        fund = self.rows.add(funds, unit_path=path, name=f"{community.place.title}近邻基金", begun_on=begun_on)
        of: dict[str, object] = {"fund_id": fund, "unit_path": path}
        for kind, day, amount, donor in GIVEN:
            self._entered(of, kind, amount / 10, self._day(0, day), donor=donor)
        self._paid(of, FundEntryKind.AID, 2, Decimal("1500.00"), self._day(0, 160))

    def _day(self, offset: int, day: int) -> date:
        return min(self.days.year(offset, day), self.days.today)

    def _paid(self, of: dict[str, object], kind: FundEntryKind, persons: int, amount: Decimal, day: date) -> None:
        said = {"kind": kind, "amount": amount, "persons": persons, "purpose": PURPOSES[kind]}
        reviewed = {"status": FundAwardStatus.PAID, "proposed_on": day, "reviewed_on": day}
        award = self.rows.add(awards, **of, **said, **reviewed)
        purpose = PURPOSES[kind]
        self._entered(of, kind, amount, day, persons=persons, purpose=purpose, award_id=award)

    def _entered(self, of: dict[str, object], kind: FundEntryKind, amount: Decimal, day: date, **more: object) -> UUID:
        empty = dict.fromkeys(("persons", "donor", "purpose", "award_id", "corrects_id"))
        return self.rows.add(entries, **of, kind=kind, amount=amount, booked_on=day, **{**empty, **more})
