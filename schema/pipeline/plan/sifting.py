"""Which part of values that name other rows a caller is told: what is of rows they may read."""

from collections.abc import Iterator
from dataclasses import replace

from policies.decide import READ
from policies.scope import Way
from schema.catalogue.kinds import Catalogue, Kind
from schema.kit.entities import Value
from schema.kit.glossary import Itemized
from schema.kit.sifting import Sifted
from schema.pipeline.plan.binding import Binder
from schema.pipeline.plan.plan import Edges, Items, Nodes, Output, Page, Scalar
from schema.pipeline.plan.rows import Named, Rows, ScopeTerm, Sifts
from services.organization.tables import units
from services.storage.references import PATH
from services.storage.tables import VIEW


def sifted(binder: Binder, catalogue: Catalogue, page: Page) -> Page:
    """The page, with what its reader is told of each row where it asks for anything that is told in part."""
    if not isinstance(page.source, Rows):
        return page
    kind = page.source.kind
    of = kind.entity.sifted
    if not isinstance(of, Sifted) or not any(_asked(kind, of, output) for output in _outputs(page)):
        return page
    staying = replace(kind, name=f"{kind.name}.there", entity=replace(kind.entity, left=None, consists_of=()))
    return replace(page, sifts=_sifts(binder, catalogue, kind, binder.scope(staying)))


def itemized(binder: Binder, catalogue: Catalogue, of: Kind, declared: Itemized, items: Items) -> Items:
    """The list of a kind, with what its reader is told of the rows of another that it is made of, if it is.

    What became of them is told to whoever reads the list's kind where they are.
    """
    if declared.made_of is None:
        return items
    kind = catalogue.kinds[declared.made_of]
    whatever = replace(kind, name=f"{kind.name}.of.{of.name}", entity=replace(kind.entity, tells_of=None))
    return replace(items, sifts=_sifts(binder, catalogue, kind, binder.scope(whatever, of.entity.policy, READ)))


def _sifts(binder: Binder, catalogue: Catalogue, kind: Kind, there: tuple[ScopeTerm, ...] | None) -> Sifts:
    """What a caller is told of rows of a kind that is told in part."""
    of, policy = kind.entity.sifted, kind.entity.policy
    assert isinstance(of, Sifted)
    chain = replace(kind.entity, ways={Way.WITHIN: of.whole}, tells_of=None)
    answering = replace(kind, name=f"{kind.name}.whole", entity=chain)
    whole, own = binder.scope(answering, policy, READ), binder.scope(kind, policy, READ)
    leads = {name: named for name in sorted(of.tables) if (named := _named(binder, catalogue, policy, name))}
    return Sifts(of, whole, own, there, leads)


def _outputs(page: Page) -> Iterator[Output]:
    for part in page.parts:
        for nodes in part.parts if isinstance(part, Edges) else (part,):
            if isinstance(nodes, Nodes):
                yield from (output for shape in nodes.shapes.values() for output in shape)


def _asked(kind: Kind, of: Sifted, output: Output) -> bool:
    declared = [kind.fields[name].declared for name in of.fields]
    if isinstance(output, Scalar):
        return output.value in [each.of for each in declared if isinstance(each, Value)]
    return isinstance(output, Items) and output.rows in [each.rows for each in declared if isinstance(each, Itemized)]


def _named(binder: Binder, catalogue: Catalogue, policy: str, name: str) -> Named | None:
    """Where the caller may read rows of a table, or all that is on record of them; None for what is no type's."""
    table = units.name if name == PATH else name
    kinds = (kind for kind in catalogue.kinds.values() if kind.entity.table.name == table and kind.entity.tag)
    kind = next(kinds, None)
    if kind is None or VIEW in kind.entity.table.info:
        return None
    return Named(kind, (binder.scope(kind), binder.scope(kind, policy, READ)))
