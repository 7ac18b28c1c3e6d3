"""The rights there are on a row of a kind, and the states in which each is good for something."""

from collections.abc import Iterator, Mapping

from policies import decide
from schema.catalogue.kinds import Catalogue, Kind
from schema.catalogue.offers import naming
from schema.kit.actions import EXPLAIN, Right, action_name
from schema.kit.commands import Command, Named
from schema.kit.entities import Edge, EdgeKind
from schema.kit.expressions import RowFunction
from schema.pipeline.plan.plan import States


def rights(catalogue: Catalogue, kind: Kind) -> Mapping[Right, Kind]:
    """The rights one may have on a row of a kind, each with the kind whose ways decide it.

    Those of its own policy, those its commands need, to explain it; and those of its facets, by the facet's own ways.
    None that commands need of other rows alone: whoever may assign a captain may do it to a building, not to a term.
    """
    good = _good_for(catalogue, kind)
    others = [facet for facet in facets(catalogue, kind) if facet.entity.policy != kind.entity.policy]
    named = {right: facet for facet in others for right in good if right[0] == facet.entity.policy}
    named |= {right: kind for right in good if right[0] == kind.entity.policy}
    named |= dict.fromkeys((*_commanded(catalogue, kind), EXPLAIN), kind)
    return dict(sorted(named.items(), key=lambda found: action_name(found[0])))


def facets(catalogue: Catalogue, kind: Kind) -> Iterator[Kind]:
    """The kinds that are another type over the rows of a kind."""
    for field in kind.fields.values():
        if isinstance(field.declared, Edge) and field.declared.kind is EdgeKind.FACET:
            yield catalogue.kinds[field.declared.target or ""]


def states(catalogue: Catalogue, kind: Kind) -> Mapping[Right, States]:
    """The states of a row of a kind, any of them, in which some command that needs a right takes it for its target.

    Or takes it beside its target, where it says of such rows in which; a right that no command needs of its target is
    bound by that alone. One that is not among them is good for something in every state.
    """
    found: dict[Right, list[RowFunction | None]] = {}
    for command in commands(catalogue, kind):
        found.setdefault((command.policy, command.action), []).append(command.when)
    for command, state in _named(catalogue, kind):
        found.setdefault((command.policy, command.action), []).append(state)
    found = _referred(catalogue, kind) | found
    bound = {right: tuple(dict.fromkeys(filter(None, when))) for right, when in found.items()}
    return {right: when for right, when in bound.items() if None not in found[right]}


def _good_for(catalogue: Catalogue, kind: Kind) -> list[Right]:
    """The rights on rows but those by which commands take rows, and none of this kind; to read is good on any."""
    taken = list(_taking(catalogue))
    here, elsewhere = ({right for right, of in taken if (of == kind.name) is mine} for mine in (True, False))
    return [right for right in decide.rights_on_rows() if right in here or right not in elsewhere or right[1] == "read"]


def _taking(catalogue: Catalogue) -> Iterator[tuple[Right, str]]:
    """By which right a command takes rows, and of which kind: its target, and whatever else its input names."""
    for kind in catalogue.kinds.values():
        yield from (((command.policy, command.action), kind.name) for command, _ in _named(catalogue, kind))
    for offer in catalogue.offers.values():
        for word in naming(offer.input):
            for of in word.entities:
                target = offer.command.policy, offer.command.action
                yield target if word.action is None else _right(word, catalogue.kinds[of]), of


def _commanded(catalogue: Catalogue, kind: Kind) -> Iterator[Right]:
    for command in commands(catalogue, kind):
        yield command.policy, command.action


def _referred(catalogue: Catalogue, kind: Kind) -> dict[Right, list[RowFunction | None]]:
    """By the right to name a row of a kind beside the target, in which states each command takes it."""
    found: dict[Right, list[RowFunction | None]] = {}
    for offer in catalogue.offers.values():
        for word in naming(offer.input):
            if kind.name in word.entities and word.action is not None:
                found.setdefault(_right(word, kind), []).append(word.when)
    return found


def _right(word: Named, kind: Kind) -> Right:
    """The right to name a row of a kind, which may be another policy's."""
    policy, _, action = (word.action or "").rpartition(":")
    return policy or kind.entity.policy, action


def commands(catalogue: Catalogue, kind: Kind) -> Iterator[Command]:
    """Those whose target is a row of a kind."""
    for offer in catalogue.offers.values():
        if offer.target[1].word.entity == kind.name:  # type: ignore[union-attr]
            yield offer.command


def _named(catalogue: Catalogue, kind: Kind) -> Iterator[tuple[Command, RowFunction]]:
    """The commands that say in which states they take a row of a kind beside their target."""
    for offer in catalogue.offers.values():
        for each in offer.input.fields.values():
            state = offer.command.named.get(each.python_name)
            if state is not None and isinstance(each.word, Named) and each.word.entity == kind.name:
                yield offer.command, state
