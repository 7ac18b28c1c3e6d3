"""Strawberry's types, made from the catalogue: what the schema says is what the areas declared, and nothing else.

Long because one class makes them all: every type can mention any other.
"""

import operator
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import reduce
from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from schema.catalogue import actions
from schema.catalogue.fields import argument, enumeration, filled, list_of, plain, told
from schema.catalogue.kinds import Catalogue, Field, Kind, camel, dated, lookups
from schema.catalogue.mutations import Mutations, atomic
from schema.kit.actions import Action
from schema.kit.entities import NONE, SOME, Condition, Edge, EdgeKind, Either, Relation, Value
from schema.kit.explaining import Accesses, Explained, Permitted
from schema.kit.glossary import Itemized
from schema.kit.numbers import Breakdown, Change, Grouped, Measure, Ratio, Tally
from schema.kit.scalars import SCALARS, SafeInt
from schema.kit.texts import ORDERS
from schema.kit.words import SINCE

FIRST = "每页条数，1 至 100，默认 20 / How many, 1 to 100; 20 by default."
SEARCH = "按汉字、全拼或首字母检索，至少两个字符 / Search by Chinese, pinyin or initials; two characters suffice."
FOLLOWED = (
    "订阅：先给出现状，其后所见每有变化再给出全部 / What may be followed: "
    "first as it is, then again, whole, whenever what you may see of it has changed."
)
ANY = "其中之一成立，最多 20 个 / At least one of these holds; at most 20."
NOT = "不成立 / This does not hold."
RELATION = "按关联的对象筛选，至多三层 / By the rows it leads to, which you may see; three levels deep at most."
RELATED = {
    SOME: "至少一个符合；空条件即有任一，已停用者不计 / At least one fits; with no condition, there is any not closed.",
    NONE: "无一符合；空条件即全无，已停用者不计 / None fits; with no condition, there is none but what is closed.",
}
CHANGED = "自某日以来的变化 / By how much numbers have changed since a day."
TOTALS = "合计，含各页 / What all of them come to, on whichever page."
NODES = "凭全局标识依次取各对象，没有或不可见则为空 / Objects by their ids, in that order; null as for `node`."
AFTER = "从此游标之后开始 / Start after this cursor."
LAST = "末几条，1 至 100，不与 first、after 同用 / The last so many, 1 to 100; not with `first` or `after`."
BEFORE = "至此游标之前为止 / End before this cursor."


@strawberry.enum(description="排序方向 / Direction of an order.")
class OrderDirection(Enum):
    """Rows without a value come last either way."""

    ASC = strawberry.enum_value("ASC", description="升序 / Upwards.")
    DESC = strawberry.enum_value("DESC", description="降序 / Downwards.")


@strawberry.interface(description="可凭全局标识取得的对象 / What can be fetched by its global id.")
class Node:
    """Every entity."""

    id: strawberry.ID = strawberry.field(description="全局标识，不透明 / Its global id; opaque.")
    viewer_can: list[enumeration(Action, Action.__doc__ or "", {})] = strawberry.field(  # type: ignore[valid-type]
        description="当前账号可对其进行的操作，其现状不允许的不列"
        " / What the account that is asking may do to it, but for what its state forbids to everyone."
    )


@strawberry.type(description="分页信息 / Where a page stands.")
class PageInfo:
    """Of Relay's cursor connections."""

    has_next_page: bool = strawberry.field(
        description="后面还有；向前翻页时指至某游标止 / Whether more follow; backwards: whether it ends at a cursor."
    )
    has_previous_page: bool = strawberry.field(
        description="前面还有；向后翻页时指自某游标起 / Whether more precede; forwards: whether it starts at a cursor."
    )
    start_cursor: str | None = strawberry.field(description="首条游标 / Cursor of the first row.")
    end_cursor: str | None = strawberry.field(description="末条游标 / Cursor of the last row.")


class Types:
    """All types of one schema.

    Every class is made empty first, so that annotations can mention any of them, and is filled and handed to
    Strawberry afterwards.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._made: dict[str, Any] = {}
        told(Action, actions.texts(catalogue))
        kinds = catalogue.kinds.values()
        for kind in kinds:
            self._made[kind.name] = type(kind.name, (Node,) if kind.entity.tag is not None else (), {})
        self._search()
        for group in catalogue.groups.values():
            fields = [self._field(field) for field in group.fields.values()]
            made = self._made[group.name] = filled(type(group.name, (), {}), fields)
            strawberry.type(made, name=group.name, description=group.description)
        for kind in kinds:
            if kind.filter:
                self._made[f"{kind.name}Filter"] = type(f"{kind.name}Filter", (), {})
                self._made[f"{kind.name}Relation"] = type(f"{kind.name}Relation", (), {})
        for kind in kinds:
            self._connection(kind.name, self._made[kind.name], kind.entity.totals)
            self._arguments_of(kind)
        for kind in kinds:
            self._changes(kind)
            fields = [self._field(field) for field in kind.fields.values()]
            strawberry.type(filled(self._made[kind.name], fields), name=kind.name, description=kind.description)

    def schema(self) -> strawberry.Schema:
        """The schema of the query roots and of the commands."""
        return strawberry.Schema(
            self._roots("Query", "查询 / Everything that may be asked."),
            Mutations(self._made).root(self._catalogue.offers.values()),
            self._roots("Subscription", FOLLOWED),
            directives=[atomic],
            types=[self._made[name] for name in self._catalogue.kinds],
            config=StrawberryConfig(disable_field_suggestions=True, scalar_map=SCALARS),
        )

    # --- types ---

    def _connection(self, name: str, node: Any, totals: type | None = None) -> None:
        edge = [plain("cursor", str, "本行游标 / Cursor of this row."), plain("node", node, "本行 / The row.")]
        self._made[f"{name}Edge"] = made = type(f"{name}Edge", (), {})
        strawberry.type(filled(made, edge), description="一行及其游标 / A row with its cursor.")
        fields = [
            plain("nodes", list_of(node), "各行 / The rows."),
            plain("edges", list_of(made), "各行及游标 / The rows with their cursors."),
            plain("page_info", PageInfo, "分页信息 / Where this page stands."),
            plain("total_count", int, "总数，选取时才统计 / How many there are in all; counted only when asked."),
        ]
        if totals is not None:
            fields.append(plain("totals", self._made[totals.__name__], TOTALS))
        self._made[f"{name}Connection"] = page = type(f"{name}Connection", (), {})
        strawberry.type(filled(page, fields), description="分页结果 / A page of rows.")

    def _arguments_of(self, kind: Kind) -> None:
        if kind.filter and kind.entity.filter:
            self._filter(kind, kind.entity.filter.__doc__)
        if kind.entity.orders:
            values = Enum(f"{kind.name}OrderField", {name: name for name in kind.entity.orders})  # type: ignore[misc]
            of = enumeration(values, "可排序的字段 / What rows can be ordered by.", ORDERS)
            direction = plain("direction", OrderDirection, "方向 / In which direction.", default=OrderDirection.ASC)
            made = filled(type(f"{kind.name}Order", (), {}), [plain("field", of, "字段 / By what."), direction])
            self._made[f"{kind.name}Order"] = strawberry.input(made, description="排序 / An order.")

    def _filter(self, kind: Kind, description: str | None) -> None:
        """Its conditions, what relates rows of others to it, and filters of the same kind within one another."""
        made, related = self._made[f"{kind.name}Filter"], self._made[f"{kind.name}Relation"]
        fields = [
            plain(key, self._asked(kind, condition) | None, condition.description, default=strawberry.UNSET)
            for key, condition in kind.filter.items()
        ]
        fields.append(plain("any", list_of(made) | None, ANY, default=strawberry.UNSET))
        fields.append(plain("not_", made | None, NOT, default=strawberry.UNSET))
        fields[-1].graphql_name = "not"
        strawberry.input(filled(made, fields), name=f"{kind.name}Filter", description=description)
        ways = [plain(key, made | None, of, default=strawberry.UNSET) for key, of in RELATED.items()]
        strawberry.input(filled(related, ways), name=f"{kind.name}Relation", description=RELATION)

    def _asked(self, kind: Kind, condition: Condition) -> Any:
        if condition.annotation is not Relation:
            return condition.annotation
        edge = kind.fields[camel(condition.edge or "")].declared
        assert isinstance(edge, Edge)
        return self._made[f"{edge.target}Relation"]

    def _input(self, name: str, conditions: Mapping[str, Condition], doc: str | None, *, one_of: bool = False) -> Any:
        if name in self._made:
            return self._made[name]
        fields = [
            plain(key, condition.annotation | None, condition.description, default=strawberry.UNSET)
            for key, condition in conditions.items()
        ]
        made = strawberry.input(filled(type(name, (), {}), fields), name=name, description=doc, one_of=one_of)
        self._made[name] = made
        return made

    def _search(self) -> None:
        kinds = self._catalogue.searchable()
        members = reduce(operator.or_, (self._made[kind.name] for kind in kinds))
        found = strawberry.union("SearchResult", description="检索所得 / What was found.")
        self._connection("Search", Annotated[members, found])
        values = Enum("SearchKind", {kind.screaming: kind.name for kind in kinds})  # type: ignore[misc]
        texts = {kind.screaming: kind.description for kind in kinds}
        self._made["SearchKind"] = enumeration(values, "检索对象 / What to search.", texts)

    # --- fields ---

    def _roots(self, name: str, description: str) -> Any:
        fields = [*self._polymorphic_roots(), *(self._root(field) for field in self._catalogue.roots.values())]
        return strawberry.type(filled(type(name, (), {}), fields), description=description)

    def _polymorphic_roots(self) -> list[StrawberryField]:
        node = plain("node", Node | None, "凭全局标识取一个对象，没有或不可见则为空 / One object by its id, or null.")
        node.arguments = [argument("id", strawberry.ID, "全局标识 / Its global id.")]
        nodes = plain("nodes", list_of(Node | None), NODES)
        nodes.arguments = [argument("ids", list_of(strawberry.ID), "全局标识，至多一百个 / Global ids, at most 100.")]
        search = plain("search", self._made["SearchConnection"], SEARCH)
        kinds = list_of(self._made["SearchKind"]) | None
        search.arguments = [
            argument("text", str, "检索词 / What to look for."),
            argument("kinds", kinds, "检索对象，默认全部 / Of which kinds; all by default."),
            *_page_arguments(),
        ]
        return [node, nodes, search]

    def _root(self, field: Field) -> StrawberryField:
        declared = field.declared
        return self._accesses(field.python_name, declared) if isinstance(declared, Accesses) else self._field(field)

    def _field(self, field: Field) -> StrawberryField:
        declared = field.declared
        if isinstance(declared, Value | Explained):
            return plain(field.python_name, field.annotation, declared.description)
        if isinstance(declared, Permitted):
            return _with(plain(field.python_name, bool, declared.description), _may("at", required=True))
        if isinstance(declared, Itemized):
            return plain(field.python_name, list_of(self._made[declared.of.__name__]), declared.description)
        if isinstance(declared, Measure | Tally | Ratio | Breakdown | Grouped | Change):
            return self._number(field.python_name, declared)
        if isinstance(declared, Either):
            return plain(field.python_name, self._union(declared) | None, declared.description)
        assert isinstance(declared, Edge)
        kind = self._catalogue.kinds[declared.target or ""]
        made = self._made[kind.name]
        if declared.kind is EdgeKind.PAGE:
            return self._paged(field.python_name, declared, kind)
        if declared.kind is EdgeKind.MANY:
            return plain(field.python_name, list_of(made), declared.description)
        single = plain(field.python_name, made if declared.required else made | None, declared.description)
        if declared.by is not None:
            by = self._input(declared.by.__name__, lookups(declared, kind), declared.by.__doc__, one_of=True)
            single.arguments = [argument("by", by, "指定方式 / Which one.")]
        else:
            single.arguments = _own_arguments(declared)
        return single

    def _number(self, name: str, declared: Measure | Tally | Ratio | Breakdown | Grouped | Change) -> StrawberryField:
        if isinstance(declared, Change):
            changed = plain(name, self._made[f"{declared.of}Change"], declared.description)
            return _with(changed, [argument("since", date, SINCE.description)])
        if isinstance(declared, Breakdown | Grouped):
            groups = list_of(self._made[declared.of.__name__])
            return plain(name, groups if isinstance(declared, Grouped) else groups | None, declared.description)
        of = float if isinstance(declared, Ratio) else int if declared.total is None else SafeInt
        return plain(name, of | None, declared.description)

    def _changes(self, kind: Kind) -> None:
        """The type of what has changed of a kind's numbers, where it tells that."""
        if not any(isinstance(field.declared, Change) for field in kind.fields.values()):
            return
        kept = [
            self._number(field.python_name, field.declared)
            for field in kind.fields.values()
            if isinstance(field.declared, Tally | Ratio) and dated(kind, field.declared)
        ]
        self._made[f"{kind.name}Change"] = made = type(f"{kind.name}Change", (), {})
        strawberry.type(filled(made, kept), description=CHANGED)

    def _union(self, declared: Either) -> Any:
        members = reduce(operator.or_, (self._made[edge.target or ""] for edge in declared.edges))
        return Annotated[members, strawberry.union(declared.union, description=declared.description)]

    def _accesses(self, name: str, declared: Accesses) -> StrawberryField:
        if declared.paged:
            found = plain(name, self._made[f"{declared.target}Connection"], declared.description)
            return _with(found, [*_may("node"), *_page_arguments()])
        found = plain(name, list_of(self._made[declared.target]), declared.description)
        account = argument("account", strawberry.ID, "账号的全局标识 / The account's global id.")
        return _with(found, [*_may("node"), account])

    def _paged(self, name: str, edge: Edge, kind: Kind) -> StrawberryField:
        field = plain(name, self._made[f"{kind.name}Connection"], edge.description)
        arguments = _own_arguments(edge)
        if kind.filter:
            arguments.append(argument("filter", self._made[f"{kind.name}Filter"] | None, "筛选 / Which rows."))
        if kind.entity.orders:
            orders = list_of(self._made[f"{kind.name}Order"]) | None
            arguments.append(
                argument("orderBy", orders, "排序，依次比较 / In which order, the first that differs deciding.")
            )
        field.arguments = [*arguments, *_page_arguments()]
        return field


def _page_arguments() -> list[StrawberryArgument]:
    forwards = [argument("first", int | None, FIRST), argument("after", str | None, AFTER)]
    return [*forwards, argument("last", int | None, LAST), argument("before", str | None, BEFORE)]


def _with(field: StrawberryField, arguments: list[StrawberryArgument]) -> StrawberryField:
    field.arguments = arguments
    return field


def _may(at: str, *, required: bool = False) -> list[StrawberryArgument]:
    """What may be done to which row."""
    row = argument(at, strawberry.ID, "对象的全局标识 / The object's global id.")
    if required:
        return [argument("action", Action, "权限 / Which right."), row]
    return [row, argument("action", Action | None, "权限，默认为查看 / Which right; reading by default.")]


def _own_arguments(edge: Edge) -> list[StrawberryArgument]:
    return [
        argument(camel(key), condition.annotation | None, condition.description)
        for key, condition in edge.arguments.items()
    ]
