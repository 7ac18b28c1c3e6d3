"""What a connection's filter asks of its rows: conditions that hold together, one of several, not, and by relations.

A condition on what the caller may see nowhere is unknown, and so may be what is made of it: no row is admitted by that.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from schema.catalogue.kinds import Catalogue, Kind, camel
from schema.kit.entities import SOME, Edge
from schema.pipeline.plan.rows import Leads, Rows, Several, Test
from services.errors import Code, Refused

if TYPE_CHECKING:
    from schema.pipeline.plan.binding import Binder, Spot

ANY, NOT = "any", "not"
MOST = 50  # conditions of one filter
SEVERAL = 20  # filters in one `any`
DEEPEST = 3  # relations within one another

Way = tuple[str | int, ...]
Asked = Test | Leads | Several


class Filter:
    """The filter of one field, while it is planned; TOO_COSTLY where it asks too much."""

    def __init__(self, binder: "Binder", catalogue: Catalogue, spot: "Spot") -> None:
        self._binder = binder
        self._catalogue = catalogue
        self._spot = spot
        self._left = MOST

    def asked(self, kind: Kind) -> Iterator[Asked]:
        """What it asks of the rows of its connection."""
        yield from self._of(kind, self._spot.given.get("filter") or {}, ("filter",), 0)

    def _of(self, kind: Kind, chosen: Mapping[str, Any], at: Way, deep: int) -> Iterator[Asked]:
        """What a filter asks; null asks nothing, and of what it does not mention its default."""
        said = {*mentioned(chosen)}
        yield from self._binder.by_default(each for name, each in kind.filter.items() if name not in said)
        yield from self._together(kind, chosen, at, deep)

    def _together(self, kind: Kind, chosen: Mapping[str, Any], at: Way, deep: int) -> Iterator[Asked]:
        for name, value in chosen.items():
            if value is not None:
                self._left -= 1
                if self._left < 0:
                    raise self._too_much(at, f"条件最多 {MOST} 个", f"at most {MOST} conditions")
                yield from self._condition(kind, name, value, (*at, name), deep)

    def _condition(self, kind: Kind, name: str, value: Any, at: Way, deep: int) -> Iterator[Asked]:
        if name == ANY:
            if len(value) > SEVERAL:
                raise self._too_much(at, f"any 最多 {SEVERAL} 项", f"at most {SEVERAL} in one `any`")
            yield Several(tuple(tuple(self._together(kind, each, (*at, n), deep)) for n, each in enumerate(value)))
        elif name == NOT:
            yield Several((tuple(self._together(kind, value, at, deep)),), negated=True)
        elif (edge := kind.filter[name].edge) is None:
            yield self._binder.test(kind.filter[name], self._spot, at)
        elif isinstance(value, Mapping):
            yield from self._related(kind, name, edge, value, at, deep + 1)
        else:
            yield self._noted(kind, name, self._binder.leads(kind, edge, wanted=value))

    def _related(
        self, kind: Kind, name: str, edge: str, value: Mapping[str, Any], at: Way, deep: int
    ) -> Iterator[Asked]:
        if deep > DEEPEST:
            raise self._too_much(at, f"关联最多 {DEEPEST} 层", f"at most {DEEPEST} relations within one another")
        declared = kind.fields[camel(edge)].declared
        assert isinstance(declared, Edge)
        target = self._catalogue.kinds[declared.target or ""]
        for how, chosen in value.items():
            if chosen is not None:
                tests = (
                    *self._binder.by_default(declared.arguments.values()),
                    *self._of(target, chosen, (*at, how), deep),
                )
                rows = Rows(target, declared.on, self._binder.led(declared), tests)
                yield self._noted(kind, name, Leads(rows, how == SOME))

    def _too_much(self, at: Way, zh: str, en: str) -> Refused:
        refused = Refused(Code.TOO_COSTLY, f"筛选过大：{zh}。", f"The filter is too large: {en}.")
        refused.path, refused.argument = self._spot.path, tuple(map(str, at))
        return refused

    def _noted(self, kind: Kind, name: str, leads: Leads) -> Leads:
        if leads.rows.scope == ():
            self._binder.unreachable.add(f"{kind.name}Filter.{name}")
        return leads


def mentioned(chosen: Mapping[str, Any]) -> Iterator[str]:
    """The conditions a filter mentions of the row itself: those its defaults give way to."""
    for name, value in chosen.items():
        yield name
        for each in value or () if name == ANY else (value or {},) if name == NOT else ():
            yield from mentioned(each)
