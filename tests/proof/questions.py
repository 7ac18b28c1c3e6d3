"""Questions about a world, made of the schema: everything it lets one ask, with arguments drawn from the world.

Who adds something to the schema adds nothing here. Each of these is asked by those who compare answers: with marks
(`test_canaries`), with those of another world (`test_twins`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, get_named_type, is_leaf_type, parse, validate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schema.pipeline.plan.cursors import PAGING
from tests.depth import TIMES
from tests.oracle.attempts import Clerk, Input, fullest, trial
from tests.oracle.execution import Oracle
from tests.oracle.pools import pool
from tests.oracle.sweeps import Sweep, payload
from tests.oracle.values import Thrown, Values
from tests.oracle.writing import operations
from tests.proof.asking import Question, Reply, mutation
from tests.proof.stage import Stage

PAGE = "edges { cursor node { __typename } } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def values_of(oracle: Oracle, random: Random) -> Values:
    """Values of arguments: of rows that are seen and rows that are not."""
    return Values(Thrown(random), pool(oracle, random.getrandbits(32)))


def about(sweep: Sweep, values: Values, ids: Sequence[str]) -> list[Question]:
    """A sweep, about each of some rows where it is about a row; its other variables are drawn, the same for each."""
    drawn = {name: values.present(of, argument) for name, (of, argument) in sweep.wanted.items()}
    if sweep.about is None:
        return [Question(sweep.text, drawn)]
    return [Question(sweep.text, {**drawn, "id": id_}) for id_ in ids]


@dataclass(frozen=True)
class Asking:
    """A document of fields of one type, each with all its arguments as variables `field_argument`.

    About the roots each is a document of its own: one follows one at a time. About a type that has global ids all its
    pages are in one document.
    """

    text: str
    wanted: Mapping[str, tuple[Any, str]]  # type and name of each argument
    fields: tuple[str, ...]
    about: str | None

    def plain(self, values: Values, known: Mapping[str, Any]) -> Question:
        """With no arguments but those there must be, those that are known, and an order; pages of one row."""
        given_ = {name: known.get(key) for name, (_, key) in self.wanted.items() if key in known}
        must = {
            name: of
            for name, of in self.wanted.items()
            if name not in given_ and (isinstance(of[0], GraphQLNonNull) or of[1] == "orderBy")
        }
        drawn = {name: values.present(of, key) for name, (of, key) in must.items()}
        few = {name: 1 for name, (_, key) in self.wanted.items() if key == "first"}
        return Question(self.text, {**few, **drawn, **given_, **({"id": known["id"]} if self.about else {})})

    def more(self, question: Question, values: Values, data: Any) -> Iterator[Question]:
        """The same for what follows, by the cursors it was answered with, and for what is last; and with the other
        arguments, of roots each by itself."""
        told = ((data or {}).get("node") if self.about else data) or {}
        pages = {key: told[key]["pageInfo"] for key in self.fields if "pageInfo" in (told.get(key) or ())}
        ends = {f"{key}_after": page["endCursor"] for key, page in pages.items()}
        if any(ends.values()):
            yield Question(self.text, {**question.variables, **ends})
        backwards = {f"{key}_{name}": size for key in pages for name, size in (("first", None), ("last", 1))}
        if backwards and values.chance.in_(4):  # by the same scope, join and filter as forwards
            before = {f"{key}_before": page["endCursor"] for key, page in pages.items()}
            yield Question(self.text, {**question.variables, **backwards, **values.chance.one([{}, before])})
        left = {name: of for name, of in self.wanted.items() if name not in question.variables and of[1] not in PAGING}
        drawn = {name: values.present(of, key) for name, (of, key) in left.items()}
        alone = [{key} for key in sorted({key for _, key in left.values()})]
        for keys in [{*left}] if self.about and left and TIMES <= 1 else alone:  # of a type's pages all at once
            chosen = {name: value for name, value in drawn.items() if name in keys or left[name][1] in keys}
            yield Question(self.text, {**question.variables, **chosen})


def roots(stage: Stage, operation: str) -> Iterator[Asking]:
    """Of each root field, as a query or a subscription."""
    assert stage.schema.query_type is not None
    for name, field in stage.schema.query_type.fields.items():
        yield _asking(operation, {name: field}, None)


def pages(stage: Stage) -> Iterator[Asking]:
    """Of each type that has global ids and leads to pages."""
    for kind in stage.nodes():
        of = stage.schema.type_map[kind.name]
        assert isinstance(of, GraphQLObjectType)
        paged = {name: field for name, field in of.fields.items() if "after" in field.args}
        if paged:
            yield _asking("query", paged, kind.name)


def _asking(operation: str, fields: Mapping[str, GraphQLField], about_: str | None) -> Asking:
    wanted = {f"{name}_{key}": (of.type, key) for name, field in fields.items() for key, of in field.args.items()}
    body = " ".join(
        f"{name}{_all(name, field)} {{ {_leaves(get_named_type(field.type))} }}" for name, field in fields.items()
    )
    declared = [f"${name}: {of}" for name, (of, _) in wanted.items()]
    if about_ is not None:
        declared, body = ["$id: ID!", *declared], f"node(id: $id) {{ ... on {about_} {{ {body} }} }}"
    head = f"{operation}({', '.join(declared)})" if declared else operation
    return Asking(f"{head} {{ {body} }}", wanted, tuple(fields), about_)


def _all(name: str, field: GraphQLField) -> str:
    return f"({', '.join(f'{key}: ${name}_{key}' for key in field.args)})" if field.args else ""


def _leaves(of: Any) -> str:
    """Every value of a row, by itself or on a page."""
    if not isinstance(of, GraphQLObjectType):
        return "__typename ... on Node { id }"
    if "nodes" in of.fields:
        return f"{PAGE} nodes {{ {_leaves(get_named_type(of.fields['nodes'].type))} }}"
    return " ".join(
        name for name, part in of.fields.items() if is_leaf_type(get_named_type(part.type)) and not part.args
    )


def wild(stage: Stage, oracle: Oracle, random: Random, many: int) -> list[Question]:
    """Operations said in ways nobody thought of, with arguments drawn from the world."""
    made: list[Question] = []
    texts = pool(oracle, random.getrandbits(32))

    @settings(
        max_examples=many, deadline=None, database=None, derandomize=True, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        operation = data.draw(operations(stage.schema, texts))
        if not validate(stage.schema, parse(operation.text)):
            made.append(Question(operation.text, operation.variables))

    draw()
    return made


class Attempt:
    """A command tried without effect: amended where it is refused for its values; once accepted, answered with its
    payload: of each kind one for all of it, asked when the input is known to be accepted (`whole`)."""

    def __init__(self, stage: Stage, oracle: Oracle, values: Values, name: str) -> None:
        self._values = values
        offers = stage.declared.catalogue.offers
        self.fuller = name in fullest(offers)
        self._asked = payload(stage.schema, name, whole=self.fuller)
        self._plain = mutation(stage.schema, name, "done") if self.fuller else self._asked.mutation
        self._offer = offers[name]
        self._clerk = Clerk(oracle, stage.schema, values, offers[name])

    def first(self) -> Question:
        """An input as it is drawn."""
        return self._question(trial(self._offer, self._clerk.drawn()))

    def next(self, question: Question, reply: Reply) -> Question:
        """Another input: amended where this one was refused for its values, else drawn anew."""
        amiss = [error["field"][1:] for error in ((reply.data or {}).get("done") or {"userErrors": []})["userErrors"]]
        anew = not amiss or self._values.chance.in_(4)
        given_ = self._clerk.drawn() if anew else self._clerk.amended(self._given(question), amiss)
        return self._question(trial(self._offer, given_))

    def _given(self, question: Question) -> Input:
        given_: Input = question.variables["input"]
        return given_

    def whole(self, question: Question) -> Question:
        """The same, with its payload, and what that is asked with."""
        return Question(self._asked.mutation, {"input": self._given(question), **self._drawn()})

    def _question(self, given_: Input) -> Question:
        return Question(self._plain, {"input": given_, **({} if self.fuller else self._drawn())})

    def _drawn(self) -> dict[str, Any]:
        return {name: self._values.present(of, argument) for name, (of, argument) in self._asked.wanted.items()}
