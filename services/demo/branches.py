"""The demo's branches in compounds: of one compound, joint ones over several, concurrent-membership ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.demo.compounds import Compound
from services.demo.days import Days
from services.demo.rows import Rows
from services.demo.territory import Grid
from services.organization.tables import PartyField, PartyKind, PartyTier, party_organizations
from services.properties.tables import coverages

_NOUNS = {PartyKind.BRANCH: "党支部", PartyKind.CONCURRENT_BRANCH: "兼合式党支部"}


@dataclass(frozen=True, slots=True)
class Branch:
    """A compound branch: where it sits, where its people live, and what it covers."""

    id: UUID
    path: str
    grid: Grid
    covers: tuple[Compound, ...]


@dataclass(frozen=True, slots=True)
class Branches:
    """Adds branches of the compound tier, below the organization of the community."""

    rows: Rows
    days: Days

    def over(self, covered: Sequence[Compound], kind: PartyKind = PartyKind.BRANCH, *, lately: bool = False) -> Branch:
        """A branch that covers these compounds of one community; a joint one, seated in it, if they are several.

        It has covered them for a year at least, but for the last one where that is said to be `lately`.
        """
        first, community = covered[0], covered[0].community
        if len(covered) == 1:
            path, name = first.path, first.name + _NOUNS[kind]
        else:
            kind, path = PartyKind.JOINT_BRANCH, community.place.path
            name = f"{community.place.title}演示小区联合党支部"
        identity = self._organization(first, path, kind, name)
        for number, compound in enumerate(covered):
            newest = lately and number == len(covered) - 1
            self._cover(
                identity, path, compound, since=self.days.ago(100) if newest else self.days.year(-2, 30 * number)
            )
        return Branch(identity, path, first.grid, tuple(covered))

    def former(self, compound: Compound) -> None:
        """A branch that covered a compound and was closed since."""
        on = self.days.year(-2, 200)
        name = f"{compound.name}原党支部"
        identity = self._organization(compound, compound.path, PartyKind.BRANCH, name, closed_on=on)
        self._cover(identity, compound.path, compound, since=self.days.year(-4), until=on)

    def _organization(self, compound: Compound, path: str, kind: PartyKind, name: str, **more: object) -> UUID:
        above = {"parent_id": compound.community.organization, "tier": PartyTier.COMPOUND}
        more = {**above, "field": PartyField.COMPOUND, **more}
        return self.rows.add(party_organizations, unit_path=path, kind=kind, name=name, **more)

    def _cover(self, branch: UUID, path: str, compound: Compound, **term: object) -> None:
        place = {"compound_id": compound.id, "unit_path": compound.path}
        self.rows.add(coverages, organization_id=branch, organization_path=path, **place, **term)
