"""Small mutations of Python source, one at a time: comparisons turned, and/or, not, constants, dropped arguments."""

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

PLAN = ("binding", "call", "counting", "planner")
RUN = ("authorize", "read", "write")
SQL = ("cursors", "json", "objects", "pages", "rows", "search", "statement")
MUTATED = (
    *(f"policies/{name}.py" for name in ("actor", "decide", "scope", "tokens")),
    *(f"schema/pipeline/plan/{name}.py" for name in PLAN),
    *(f"schema/pipeline/run/{name}.py" for name in RUN),
    *(f"schema/pipeline/sql/{name}.py" for name in SQL),
    "services/access/credentials.py",
)

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
EXCHANGED = {"and_": "or_", "or_": "and_", "any": "all", "all": "any", "is_": "is_not", "is_not": "is_"}
CHAINED = frozenset({"where", "filter", "and_", "or_"})  # of which one clause is left out


@dataclass(frozen=True)
class Mutation:
    """The whole text after it, and the line as it was and as it is now."""

    text: str
    was: str
    now: str


def mutations(text: str) -> Iterator[Mutation]:
    """Every mutation of a module; each differs from it in one place."""
    tree = ast.parse(text)
    whole = ast.unparse(tree).splitlines()
    for number, node in enumerate(ast.walk(tree)):
        for change in _changes(node):
            copy = deepcopy(tree)
            change(list(ast.walk(copy))[number])
            made = ast.unparse(ast.fix_missing_locations(copy))
            was, now = _difference(whole, made.splitlines())
            if was != now:
                yield Mutation(made + "\n", was, now)


def _difference(before: list[str], after: list[str]) -> tuple[str, str]:
    """The first line in which two texts differ."""
    pairs = zip(before, after, strict=False)
    return next(((one.strip(), two.strip()) for one, two in pairs if one != two), ("", ""))


def _changes(node: ast.AST) -> Iterator[Any]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in TURNED:
            yield lambda of: setattr(of, "ops", [TURNED[type(op)]()])
        case ast.BoolOp():
            yield lambda of: setattr(of, "op", ast.Or() if isinstance(of.op, ast.And) else ast.And())
            for index in range(len(node.values)):
                yield lambda of, index=index: of.values.pop(index) and None
        case ast.UnaryOp(op=ast.Not()):
            yield lambda of: setattr(of, "operand", ast.UnaryOp(ast.Not(), of.operand))
        case ast.Constant(value=bool()):
            yield lambda of: setattr(of, "value", not of.value)
        case ast.Constant(value=int()):
            yield lambda of: setattr(of, "value", of.value + 1)
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            yield lambda of: setattr(of, "value", ast.Constant(None))
        case ast.Call():
            yield from _calls(node)


def _calls(node: ast.Call) -> Iterator[Any]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in EXCHANGED:
        yield lambda of: _rename(of.func, EXCHANGED[name])
    if name in CHAINED:
        for index in range(len(node.args)):
            if len(node.args) > 1:
                yield lambda of, index=index: of.args.pop(index) and None
            elif isinstance(node.func, ast.Attribute):
                yield _skip


def _rename(func: Any, name: str) -> None:
    setattr(func, "id" if isinstance(func, ast.Name) else "attr", name)


def _skip(call: Any) -> None:
    """`found.where(clause)` becomes `found.where()`."""
    call.args.clear()
