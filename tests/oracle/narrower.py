"""Which lists and numbers may be less than there is, by what their caller's seats are for."""

from collections.abc import Iterator

from policies import decide
from policies.scope import ELSEWHERE, Sector, Term, Within
from schema.catalogue.kinds import Kind, camel
from schema.kit.entities import Edge
from schema.kit.numbers import Breakdown, Ratio, Tally
from tests.oracle.numbers import LOOKING
from tests.oracle.sight import Sight


def narrower(sight: Sight, coordinate: str) -> bool:
    """Whether a seat that shows what a number is told of may not show, or count, all that makes it."""
    of, _, name = coordinate.partition(".")
    kind = sight.declared.catalogue.kinds[of.removesuffix("Change")]
    declared = kind.fields[name].declared
    made = [*_made_of(sight, kind, declared)]
    seats = sight.seats_for(kind.entity.policy)
    looking = [seat for seat in seats if (kind.entity.policy, decide.READ) in decide.permissions(seat[0])]
    elsewhere = any(way in kind.entity.ways for way in ELSEWHERE) or _leads_out(sight, declared)
    return elsewhere or any(not _all_of(sight, *seat, each) for seat in looking for each in made)


def _leads_out(sight: Sight, declared: object) -> bool:
    """Whether what a list leads to may lie elsewhere than its row, or tells of what nobody reads all of."""
    if not isinstance(declared, Edge):
        return False
    return declared.elsewhere or sight.declared.catalogue.kinds[declared.target or ""].entity.tells_of is not None


def _all_of(sight: Sight, role: str, term: Term, kind: Kind) -> bool:
    """Whether a seat shows, or counts, every row of a kind in its place, of those that kinds of seats are told of."""
    policy, rights = kind.entity.policy, decide.permissions(role)
    if (role, term) not in sight.seats_for(policy) or not {(policy, each) for each in LOOKING} & rights:
        return False
    line = (policy, decide.READ) in decide.permissions("line_watcher")
    return isinstance(term, Within) or (isinstance(term, Sector) and line)


def _made_of(sight: Sight, kind: Kind, declared: object) -> Iterator[Kind]:
    kinds = sight.declared.catalogue.kinds
    match declared:
        case Ratio(part=part, whole=whole):
            for name in (part, whole):
                yield from _made_of(sight, kind, kind.fields[camel(name)].declared)
        case Tally(target=name, having=having):
            yield kinds[name]
            yield from (sight.target(kinds[name], each) for each in having)
        case Breakdown(target=name) | Edge(target=str(name)):
            yield kinds[name]
