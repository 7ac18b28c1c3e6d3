"""Pages of connections.

    SELECT row_to_json(shaped) FROM (
      SELECT gathered.g1 AS "nodes", <object of gathered.more, ...> AS "pageInfo", <count> AS "totalCount" FROM (
        SELECT json_agg(<object>) FILTER (WHERE place <= first) AS g1, ... FROM (
          SELECT row_number() OVER () AS place, count(*) OVER () AS total, * FROM (
            SELECT ... ORDER BY ... LIMIT first + 1))))

One row more than asked is looked at, and only when pageInfo asks, to know whether another page follows; nothing is
made of it: a filtered aggregate does not evaluate its argument for rows that do not pass. Backwards the rows are looked
for in the order turned round, and then put in order: place 1 is the last of the page.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Label,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.selectable import NamedFromClause

from schema.kit.expressions import Row
from schema.pipeline.plan.numbers import Fixed, Totals
from schema.pipeline.plan.plan import (
    Count,
    Cursor,
    Edges,
    Info,
    Mark,
    Nodes,
    Output,
    Page,
    PagePart,
    Ranked,
)
from schema.pipeline.plan.rows import Rows
from schema.pipeline.sql import search
from schema.pipeline.sql.cursors import beyond, ordered, signed
from schema.pipeline.sql.json import listed, name, object_of
from schema.pipeline.sql.rows import UNREAD, RowSource
from schema.pipeline.sql.sifting import told

Columns = Callable[[Sequence[Output], Row | None], list[Label[Any]]]
PLACE, TOTAL = "$place", "$total"  # no column and no response key is called so
ENDS, CURSORS = frozenset({"hasNextPage", "hasPreviousPage"}), frozenset({"startCursor", "endCursor"})


class Pages:
    """Assembles pages; `columns` makes the outputs of a row."""

    def __init__(self, rows: RowSource, columns: Columns) -> None:
        self._rows = rows
        self._columns = columns
        self.marks: list[tuple[CTE, Mark]] = []  # the rows that pages made so far go on from

    def page(self, page: Page, above: Row | None) -> ColumnElement[Any]:
        """The connection as a JSON object."""
        mark = None if page.mark is None else self._mark(page, page.mark)
        looked_at = self._looked_at(page, above, mark)
        made = {number: self._gather(part, page, looked_at) for number, part in enumerate(page.parts)}
        columns = [value.label(f"${part}_{n}") for part, values in made.items() for n, value in values.items()]
        if not columns:
            return object_of(select(*self._shape(page, above, None)), self._rows.named("r"))
        gathered = select(*columns).select_from(looked_at).correlate_except(looked_at).subquery(self._rows.named("g"))
        shaped = select(*self._shape(page, above, gathered)).select_from(gathered).correlate_except(gathered)
        return object_of(shaped, self._rows.named("r"))

    # --- the rows of the page ---

    def _mark(self, page: Page, mark: Mark) -> CTE:
        """The sort values of the row the page goes on from; no row where the caller may read none such."""
        values = [self._rows.bound(slot) for slot in mark.slots]
        table: NamedFromClause[Any]
        if isinstance(mark.source, Rows):
            table = self._rows.table(mark.source)
            clauses = self._rows.where(mark.source, table, None)
        else:
            table, clauses = search.found(mark.source, self._rows).subquery(self._rows.named("u")), []
        keys = (key.label(f"k{number}") for number, key in enumerate(page.order.by(table.c)))
        found = select(*keys).select_from(table).where(page.identity.found(table.c, values), *clauses)
        # Materialized: looked up once, however many parents the page has.
        made = found.correlate_except(table).cte(self._rows.named("a")).prefix_with("MATERIALIZED")
        self.marks.append((made, mark))
        return made

    def _looked_at(self, page: Page, above: Row | None, mark: CTE | None) -> Subquery:
        found = self._found(page, above, mark)
        ahead, most = _looks_ahead(page), self._rows.bound(page.most)
        inner = found.limit(most + literal_column("1") if ahead else most).subquery(self._rows.named("p"))
        if not ahead and not page.backwards:
            return inner
        place, total = func.row_number().over().label(PLACE), func.count().over().label(TOTAL)
        placed = select(inner, place, *([total] if ahead else ())).correlate_except(inner)
        return (placed.order_by(place.desc()) if page.backwards else placed).subquery(self._rows.named("p"))

    def _found(self, page: Page, above: Row | None, mark: CTE | None) -> Select[Any]:
        if isinstance(page.source, Rows):
            table = self._rows.table(page.source)
            made = {} if page.sifts is None else told(page.sifts, table.c, self._rows.in_scope)
            columns = [made.get(each.key, each).label(each.key) for each in table.c if each.key not in UNREAD]
            found = select(*columns).where(*self._rows.where(page.source, table, above)).correlate_except(table)
            return _in_order(found, page, table.c, mark)
        union = search.found(page.source, self._rows).subquery(self._rows.named("u"))
        return _in_order(select(union), page, union.c, mark)

    # --- what is made of them ---

    def _gather(self, part: PagePart, page: Page, row: Subquery) -> dict[int, ColumnElement[Any]]:
        shown = row.c[PLACE] <= self._rows.bound(page.most) if _looks_ahead(page) else None
        match part:
            case Nodes():
                return {0: listed(self._node(part, page, row), where=shown)}
            case Edges():
                columns = [self._edge(of, page, row).label(of.key) for of in part.parts]
                edge = object_of(select(*columns).correlate(row), self._rows.named("r"))
                return {0: listed(edge, where=shown)}
            case Info():
                return {n: self._info(of, page, row) for n, (_, of) in enumerate(part.parts) if _from_rows(of, page)}
            case _:
                return {}

    def _node(self, nodes: Nodes, page: Page, row: Subquery) -> ColumnElement[Any]:
        if isinstance(page.source, Rows):
            (outputs,) = nodes.shapes.values()
            return object_of(select(*self._columns(outputs, row.c)).correlate(row), self._rows.named("r"))
        kinds = [(row.c.kind == number, self._hit(arm, nodes, row)) for number, arm in enumerate(page.source)]
        return case(*kinds) if kinds else cast(null(), JSON())

    def _hit(self, arm: Ranked, nodes: Nodes, row: Subquery) -> ColumnElement[Any]:
        table = self._rows.table(arm.rows)
        columns = self._columns(nodes.shapes[arm.rows.kind.name], table.c)
        found = select(*columns).select_from(table).where(table.c.id == row.c.id).correlate_except(table)
        return object_of(found, self._rows.named("r"))

    def _edge(self, part: Cursor | Nodes | Fixed, page: Page, row: Subquery) -> ColumnElement[Any]:
        match part:
            case Cursor():
                return self._cursor(page, row)
            case Nodes():
                return self._node(part, page, row)
            case Fixed():
                return name(part.text)

    def _cursor(self, page: Page, row: Subquery) -> ColumnElement[str]:
        assert page.signing is not None
        return signed(page.identity.of(row.c), self._rows.bound(page.signing))

    def _info(self, of: str, page: Page, row: Subquery) -> ColumnElement[Any]:
        most = self._rows.bound(page.most)
        if of == page.beyond:
            return func.count() > most
        nearest = (of == "endCursor") is page.backwards
        place = literal_column("1") if nearest else func.least(row.c[TOTAL], most)
        return func.max(self._cursor(page, row)).filter(row.c[PLACE] == place)

    def _shape(self, page: Page, above: Row | None, gathered: Subquery | None) -> list[Label[Any]]:
        return [
            self._shaped(number, part, page, above, gathered).label(part.key) for number, part in enumerate(page.parts)
        ]

    def _shaped(
        self, number: int, part: PagePart, page: Page, above: Row | None, gathered: Subquery | None
    ) -> ColumnElement[Any]:
        match part:
            case Count():
                return self._count(page, above)
            case Totals():
                (made,) = self._columns((part,), above)
                return made.element
            case Fixed():
                return name(part.text)
            case Info():
                columns = [
                    self._info_column(f"${number}_{n}", of, page, gathered).label(key)
                    for n, (key, of) in enumerate(part.parts)
                ]
                found = select(*columns)
                return object_of(found if gathered is None else found.correlate(gathered), self._rows.named("r"))
            case _:
                assert gathered is not None
                return gathered.c[f"${number}_0"]

    def _info_column(self, label: str, of: str, page: Page, gathered: Subquery | None) -> ColumnElement[Any]:
        if _from_rows(of, page):
            assert gathered is not None
            return gathered.c[label]
        if of in ENDS:
            return literal_column("true" if page.mark is not None else "false")
        return name("PageInfo")

    def _count(self, page: Page, above: Row | None) -> ColumnElement[Any]:
        number = cast(func.count(), Integer())  # what Int holds
        if isinstance(page.source, Rows):
            table = self._rows.table(page.source)
            clauses = self._rows.where(page.source, table, above)
            counted = select(number).select_from(table).where(*clauses).correlate_except(table)
        else:
            union = search.found(page.source, self._rows).subquery(self._rows.named("u"))
            counted = select(number).select_from(union)
        return counted.scalar_subquery()


def _in_order(found: Select[Any], page: Page, row: Row, mark: CTE | None) -> Select[Any]:
    keys, turns = page.order.by(row), page.order.turns
    if mark is not None:
        # Each a scalar that is known before the page is looked for: an index is searched by them as by parameters.
        values = [select(value).scalar_subquery() for value in mark.c]
        found = found.where(beyond(keys, values, turns, backwards=page.backwards))
    return found.order_by(*ordered(keys, turns, backwards=page.backwards))


def _looks_ahead(page: Page) -> bool:
    return any(isinstance(part, Info) and any(_from_rows(of, page) for _, of in part.parts) for part in page.parts)


def _from_rows(of: str, page: Page) -> bool:
    return of in CURSORS or of == page.beyond
