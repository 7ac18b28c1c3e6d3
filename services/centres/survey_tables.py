"""Needs surveys 需求问卷: what is asked, codes and counters while it is open, what was counted, what answers a need.

An answer is no row. A code that is used is gone, and every counter of its community's *box* is written anew, one more
or as it was: no row tells what was answered together, in which order or when. What was counted is told once, when the
survey is over (`survey_figures`), and codes and counters are gone then. Neither is in the audit trail, nor announced.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    any_,
    literal,
    select,
)

from services.catalog.tables import ServiceFunction, service_items
from services.errors import ProblemCode, Rule
from services.organization.paths import at_or_beneath
from services.organization.tables import OrgLevel, units
from services.storage.references import NAMES, SEVERAL
from services.storage.tables import (
    BYTEWISE,
    INHERITED,
    METADATA,
    RANGE,
    SUMMED,
    Summed,
    aliased,
    identified,
    part_of,
    versioned,
)
from services.terms import today

CHOICES = 20  # of one survey

# `crossing` are the groups answers are counted by beside the whole, none or several. `cell` is the smallest cell of the
# day it was counted: what is told are multiples of it.
surveys = Table(
    "need_survey",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("crossing", ARRAY(Text()), nullable=False),
    Column("counted_on", Date),
    Column("cell", Integer),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("cardinality(crossing) <> 1", name="crossing"),
    CheckConstraint("cell > 1", name="cell"),
    CheckConstraint("closes_on >= opens_on", name="term"),
    CheckConstraint("num_nonnulls(counted_on, cell) <> 1", name="counted"),
    UniqueConstraint("id", "unit_path"),
    Index("need_survey_unit_idx", "unit_path", "id"),
)

# One thing a question can be answered with. With a function it is a need.
choices = Table(
    "survey_choice",
    METADATA,
    identified(),
    *part_of(surveys, "survey_id"),
    Column("number", Integer, nullable=False, info={RANGE: (1, CHOICES)}),
    Column("question", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("function", Enum(ServiceFunction, name="service_function")),
    CheckConstraint(f"number BETWEEN 1 AND {CHOICES}", name="number"),
    CheckConstraint("question <> ''", name="question"),
    CheckConstraint("name <> ''", name="name"),
    UniqueConstraint("survey_id", "number"),
    Index("survey_choice_unit_idx", "unit_path", "id"),
)

# Where a survey is answered: a community. Where two merge a unit may have two, whose counters add up. Once it is
# counted the units above have one, too: whoever has none had no codes and adds nothing, which no number would tell
# where few are left out.
boxes = Table(
    "survey_box",
    METADATA,
    identified(),
    Column("survey_id", ForeignKey(surveys.c.id), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Index("survey_box_survey_idx", "survey_id", "unit_path"),
    Index("survey_box_unit_idx", "unit_path"),
)

codes = Table(
    "survey_code",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("box_id", ForeignKey(boxes.c.id), nullable=False),
    Index("survey_code_box_idx", "box_id"),
)

# `part` counts the groups of the crossing from 1; 0 where there are none.
counters = Table(
    "survey_counter",
    METADATA,
    Column("box_id", ForeignKey(boxes.c.id), primary_key=True),
    Column("choice_id", ForeignKey(choices.c.id), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("people", Integer, nullable=False, server_default="0"),
    CheckConstraint("part >= 0", name="part"),
    CheckConstraint("people >= 0", name="people"),
    Index("survey_counter_choice_idx", "choice_id"),
)


def _asked_at(count: Any, path: str) -> ColumnElement[bool]:
    """Whether anybody could answer the survey of a number in the unit at this path."""
    of = aliased(boxes)
    asked = select(of.c.survey_id).where(of.c.unit_path == literal(path, BYTEWISE))
    found: ColumnElement[bool] = count.survey_id.in_(asked)
    return found


# What may be told, of a community and of the units above it up to the survey's own; what is few has no row. `part` is
# the group, NULL for all of them. `counted_in` are the numbers this one is part of, wherever either lies by now.
counts = Table(
    "need_count",
    METADATA,
    identified(),
    Column("survey_id", ForeignKey(surveys.c.id), nullable=False),
    Column("choice_id", ForeignKey(choices.c.id), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("level", Enum(OrgLevel, name="org_level"), nullable=False),
    Column("counted_in", ARRAY(Uuid()), nullable=False, info={NAMES: (SEVERAL,)}),
    Column("function", Enum(ServiceFunction, name="service_function")),
    Column("part", Text),
    Column("people", Integer, nullable=False),
    CheckConstraint("people > 1", name="people"),
    Index("need_count_unit_idx", "unit_path", "id"),
    Index("need_count_survey_idx", "survey_id", "unit_path"),
    Index("need_count_choice_idx", "choice_id", "unit_path"),
    info={SUMMED: Summed(("survey_id", "choice_id", "part"), "people", _asked_at, within="counted_in")},
)

# Which service answers a need, as a unit has it for itself and all below.
responses = Table(
    "need_response",
    METADATA,
    identified(),
    Column("choice_id", ForeignKey(choices.c.id), nullable=False),
    Column("item_id", ForeignKey(service_items.c.id, ondelete="CASCADE"), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    versioned(),
    UniqueConstraint("choice_id", "item_id", "unit_path"),
    Index("need_response_unit_idx", "unit_path", "id"),
    Index("need_response_item_idx", "item_id"),
    info={INHERITED: True},
)

RULES: Mapping[str, Rule] = {
    "survey_choice_survey_id_number_key": Rule(
        "choices", "选项编号重复。", "Two choices have one number.", ProblemCode.TAKEN
    ),
    "need_survey_term_check": Rule(
        "closes_on", "不能早于开始之日。", "It cannot close before it opens.", ProblemCode.INVALID
    ),
    "need_response_choice_id_item_id_unit_path_key": Rule(
        "item", "本单元已以该服务回应此需求。", "The unit answers this need by this service already.", ProblemCode.TAKEN
    ),
}


def is_running(survey: Any) -> ColumnElement[bool]:
    """Whether codes are handed out for a survey: it is neither over nor counted."""
    return and_(survey.counted_on.is_(None), survey.closes_on >= today())


def is_answered(survey: Any) -> ColumnElement[bool]:
    """Whether a survey can be answered today."""
    return and_(is_running(survey), survey.opens_on <= today())


def not_counted(survey: Any) -> ColumnElement[bool]:
    """Whether a survey was not counted yet."""
    counted: ColumnElement[Any] = survey.counted_on
    return counted.is_(None)


def is_need(count: Any) -> ColumnElement[bool]:
    """Whether a number is of all who need something, and not of a group of them."""
    wanted: ColumnElement[bool] = count.function.is_not(None) & count.part.is_(None)
    return wanted


def told_at(count: Any, unit: Any) -> ColumnElement[bool]:
    """Whether a number at or below a unit is part of no other that is told there: so each is counted once.

    That of a community that moved is part of what its unit was told then, and not of what is told where it is now.
    """
    whole = aliased(counts)
    part_of = whole.c.id == any_(count.counted_in)
    held = select(whole.c.id).where(part_of, at_or_beneath(whole.c.unit_path, unit.path)).correlate_except(whole)
    return ~held.exists()


def of_choice(choice: Any, name: str) -> ColumnElement[Any]:
    """A column of a choice, by the choice's id."""
    of = aliased(choices)
    return select(of.c[name]).where(of.c.id == choice).correlate_except(of).scalar_subquery()
