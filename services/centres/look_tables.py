"""The weekly look 每周一看: scoring sheets 评分表, looks at centres by them, and the scores people give.

A sheet and its items are never changed, only withdrawn: what was scored by them stays as it was meant. The score of a
look is the mean of what people gave, kept with the look by every command that changes one of those, under its lock.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    extract,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.access.tables import accounts
from services.centres.tables import centres
from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, RANGE, aliased, identified, part_of, versioned
from services.terms import on, today

MOST = 100  # points of an item, its weight, and the whole
SUNDAY = 7

# `weekday` is the day of the week looks are held on by this sheet, from Monday, 1; none where any day does.
sheets = Table(
    "scoring_sheet",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("weekday", Integer, info={RANGE: (1, SUNDAY)}),
    Column("withdrawn_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint(f"weekday BETWEEN 1 AND {SUNDAY}", name="weekday"),
    UniqueConstraint("id", "unit_path"),
    Index("scoring_sheet_unit_idx", "unit_path", "id"),
)

# `number` is their order on the sheet, from 1.
items = Table(
    "sheet_item",
    METADATA,
    identified(),
    *part_of(sheets, "sheet_id"),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("most", Integer, nullable=False, info={RANGE: (1, MOST)}),
    Column("weight", Integer, nullable=False, info={RANGE: (1, MOST)}),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint(f"most BETWEEN 1 AND {MOST}", name="most"),
    CheckConstraint(f"weight BETWEEN 1 AND {MOST}", name="weight"),
    UniqueConstraint("sheet_id", "name"),
    Index("sheet_item_sheet_idx", "sheet_id", "number"),
    Index("sheet_item_unit_idx", "unit_path", "id"),
)

# `score` is none as long as nobody scored it.
looks = Table(
    "centre_look",
    METADATA,
    identified(),
    *part_of(centres, "centre_id"),
    Column("sheet_id", ForeignKey(sheets.c.id), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("score", Numeric(5, 2)),
    Column("remark", Text),
    versioned(),
    CheckConstraint(f"score BETWEEN 0 AND {MOST}", name="score"),
    UniqueConstraint("id", "unit_path"),
    UniqueConstraint("centre_id", "held_on"),
    Index("centre_look_sheet_idx", "sheet_id"),
    Index("centre_look_unit_idx", "unit_path", "held_on"),
)

# `points` of each item, in the order of the sheet.
scores = Table(
    "look_score",
    METADATA,
    identified(),
    *part_of(looks, "look_id"),
    Column("scorer_id", ForeignKey(accounts.c.id), nullable=False),
    Column("points", ARRAY(Integer), nullable=False),
    Column("score", Numeric(5, 2), nullable=False),
    Column("remark", Text),
    versioned(),
    CheckConstraint(f"0 <= ALL (points) AND {MOST} >= ALL (points)", name="points"),
    CheckConstraint(f"score BETWEEN 0 AND {MOST}", name="score"),
    UniqueConstraint("look_id", "scorer_id"),
    Index("look_score_scorer_idx", "scorer_id"),
    Index("look_score_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "sheet_item_sheet_id_name_key": Rule(
        "items", "评分表中已有同名项目。", "The sheet has an item of this name already.", ProblemCode.TAKEN
    ),
    "centre_look_centre_id_held_on_key": Rule(
        "held_on", "该中心当日已有走看记录。", "The centre was looked at on that day already.", ProblemCode.TAKEN
    ),
    "look_score_look_id_scorer_id_key": Rule(
        "look", "您已评过分，请更正。", "You have scored this already: correct that.", ProblemCode.TAKEN
    ),
}


def stands(sheet: Any) -> ColumnElement[bool]:
    """Whether a look today can be by a sheet."""
    return or_(sheet.withdrawn_on.is_(None), sheet.withdrawn_on > today())


def on_its_weekday(look: Any) -> ColumnElement[bool]:
    """Whether a look was on the day of the week its sheet says; unknown where that says none."""
    sheet = aliased(sheets)
    found = select(sheet.c.weekday).where(sheet.c.id == look.sheet_id).correlate_except(sheet)
    weekday: ColumnElement[Any] = found.scalar_subquery()
    return weekday == extract("isodow", look.held_on)


def change(look: Any) -> ColumnElement[Any]:
    """By how much the score is more than at the last look at that centre that was scored."""
    last = aliased(looks)
    before = (last.c.centre_id == look.centre_id, last.c.held_on < look.held_on, last.c.score.is_not(None))
    found = select(last.c.score).where(*before).order_by(last.c.held_on.desc()).limit(1)
    score: ColumnElement[Any] = look.score
    return score - found.correlate_except(last).scalar_subquery()


def is_held(look: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it was held by a day, today where none is given."""
    held: ColumnElement[bool] = look.held_on <= on(day)
    return held


def is_latest(look: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether, by a day, it is the last look at its centre that was scored."""
    later = aliased(looks)
    after = (later.c.centre_id == look.centre_id, later.c.held_on > look.held_on, later.c.score.is_not(None))
    passed = select(later.c.id).where(*after, is_held(later.c, day)).correlate_except(later).exists()
    return and_(look.score.is_not(None), is_held(look, day), ~passed)


def hundredths(look: Any) -> ColumnElement[int]:
    """The score in hundredths, which add up."""
    return cast(look.score * 100, Integer)


def sheet_name(sheet: Any) -> ColumnElement[Any]:
    """A sheet's name, by its id."""
    of = aliased(sheets)
    return select(of.c.name).where(of.c.id == sheet).correlate_except(of).scalar_subquery()


def scorer_name(account: Any) -> ColumnElement[Any]:
    """The name of who scored, by the account's id."""
    of = aliased(accounts)
    return select(of.c.name).where(of.c.id == account).correlate_except(of).scalar_subquery()
