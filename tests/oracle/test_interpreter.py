"""The interpreter says of every expression what PostgreSQL says, over rows of a random world."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Text, and_, case, extract, func, or_, select, union_all

from schema.pipeline.sql.statement import DIALECT
from services.appointments.tables import PostKind, posts
from services.members.tables import Standing, members
from services.properties.tables import companies, contracts
from services.terms import holds_today, today
from tests.conftest import Server
from tests.oracle.arena import Arena, arena_on
from tests.oracle.dispatch import Frame, compiled
from tests.oracle.sight import Sight
from tests.oracle.worlds import World, made


def _posts(*columns: Any, of: Any) -> Any:
    post = posts.alias()
    return select(*(column(post.c) for column in columns)).where(post.c.member_id == of.id).correlate_except(post)


def _latest(of: Any, *, descending: bool) -> Any:
    post = posts.alias()
    order = post.c.until.desc() if descending else post.c.until
    found = select(post.c.id).where(post.c.member_id == of.id).order_by(order, post.c.id).limit(1)
    return found.scalar_subquery().correlate_except(post)


def _bodies(of: Any, *, outer: bool) -> Any:
    """Of a member's posts with or without the companies they are in, how many."""
    post, company = posts.alias(), companies.alias()
    joined = post.join(company, company.c.id == post.c.company_id, isouter=outer)
    found = select(func.count()).select_from(joined).where(post.c.member_id == of.id)
    return found.correlate_except(post, company).scalar_subquery()


def _last_over(post: Any) -> Any:
    last = func.max(post.until)
    return case((and_(last < today(), func.count() > 1), last + 14), else_=func.min(post.since))


EXPRESSIONS: Sequence[Callable[[Any], ColumnElement[Any]]] = (
    lambda row: today(),
    lambda row: row.left_on < today(),
    lambda row: or_(row.left_on.is_(None), row.left_on >= today()),
    lambda row: and_(row.phone != "", row.standing >= Standing.RETIRED),
    lambda row: row.standing.between(Standing.RETIRED, Standing.RESIDENT),
    lambda row: row.left_on.between(today(), date(2030, 1, 1)),
    lambda row: today() - row.left_on,
    lambda row: row.left_on + 30,
    lambda row: extract("year", row.left_on),
    lambda row: -row.version * 2 - 1,
    lambda row: func.left(row.phone, 3).concat("****").concat(func.right(row.phone, 4)),
    lambda row: func.left(row.name, -1),
    lambda row: func.right(row.name, -1),
    lambda row: func.substr(row.unit_path, 2, 3),
    lambda row: func.repeat("*", func.length(row.phone)),
    lambda row: func.concat(row.phone, "/", row.version),
    lambda row: func.starts_with(row.unit_path, row.home_path),
    lambda row: func.coalesce(row.phone, row.address, "-"),
    lambda row: func.nullif(row.phone, ""),
    lambda row: func.greatest(row.left_on, today()),
    lambda row: row.phone.op("~")("^1[0-9]{10}$"),
    lambda row: row.name.not_like("%村%"),
    lambda row: row.standing.in_([Standing.RETIRED, Standing.RESIDENT]),
    lambda row: case((row.phone.is_(None), "none"), (row.phone == "", "empty"), else_=row.phone),
    lambda row: case({"RETIRED": 1}, value=row.standing.cast(Text())),
    lambda row: row.left_on.cast(Text()),
    lambda row: ~and_(row.phone.is_not(None), row.left_on.is_(None)),
    lambda row: row.left_on.is_distinct_from(today()),
    lambda row: row.id.in_(select(posts.c.member_id).where(holds_today(posts.c))),
    lambda row: row.left_on.not_in(select(contracts.c.until)),
    lambda row: _posts(lambda post: post.id, of=row).exists(),
    lambda row: _posts(lambda post: func.count(), of=row).scalar_subquery(),
    lambda row: _posts(lambda post: func.max(post.until), of=row).scalar_subquery(),
    lambda row: _posts(_last_over, of=row).scalar_subquery(),
    lambda row: _posts(lambda post: func.coalesce(func.min(post.since), today()), of=row).scalar_subquery(),
    lambda row: _posts(lambda post: func.count(post.body_id.distinct()), of=row).scalar_subquery(),
    lambda row: _posts(lambda post: func.count().filter(post.kind == PostKind.SECRETARY), of=row).scalar_subquery(),
    lambda row: func.array(_posts(lambda post: post.kind, of=row).distinct().scalar_subquery()),
    lambda row: _bodies(row, outer=False),
    lambda row: _bodies(row, outer=True),
    lambda row: _latest(row, descending=True),
    lambda row: _latest(row, descending=False),
    lambda row: func.array(
        union_all(_posts(lambda post: post.since, of=row), _posts(lambda post: post.until, of=row)).scalar_subquery()
    ),
)


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


@pytest.fixture(scope="module")
def crowd(arena: Arena) -> tuple[World, Sight]:
    world = made(1, 12, 30, 0)
    return world, arena.load(world).sight


@pytest.mark.parametrize("number", range(len(EXPRESSIONS)))
def test_every_row_has_the_value_it_has_in_postgresql(arena: Arena, crowd: tuple[World, Sight], number: int) -> None:
    _, sight = crowd
    member = members.alias()
    expression = EXPRESSIONS[number](member.c)
    statement = select(member.c.id, expression.label("value")).compile(dialect=DIALECT)
    values = [statement.params[name] for name in statement.positiontup or ()]
    there = {row["id"]: row["value"] for row in arena.run(arena.connection.fetch(str(statement), *values))}
    evaluate = compiled(expression)
    rows = sight.tables["member"]
    here = {row["id"]: evaluate(Frame({member: row}, {}, sight.tables, sight.now)) for row in rows}
    assert {key: _comparable(value) for key, value in here.items()} == {
        key: _comparable(value) for key, value in there.items()
    }
    assert len(rows) > 10


def _comparable(value: Any) -> Any:
    """What is gathered without an order is the same in any."""
    return sorted(value, key=str) if isinstance(value, list) else value
