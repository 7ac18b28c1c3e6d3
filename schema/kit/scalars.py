"""Scalars whose values people type: dates and moments, and what is said of a text that is none."""

from collections.abc import Callable
from datetime import date, datetime
from operator import methodcaller

import orjson
import strawberry
from strawberry.types.scalar import ScalarDefinition

from services.errors import Text

LONGEST = 40  # characters of what was typed that are shown again


class Unreadable(ValueError):
    """A value is not what its scalar stands for; the reader learns how to write one, in their language."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def _typed(name: str, what: Text, example: str, read: Callable[[str], object]) -> ScalarDefinition:
    """A scalar written as text."""

    def parsed(value: object) -> object:
        try:
            if isinstance(value, str):
                return read(value)
        except ValueError:
            pass
        shown = value[:LONGEST] if isinstance(value, str) else orjson.dumps(value).decode()[:LONGEST]
        raise Unreadable(
            Text(
                f"“{shown}”不是有效的{what.zh}；请写成“{example}”的形式。",
                f"“{shown}” is not a valid {what.en}; write one like “{example}”.",
            )
        )

    description = f"{what.zh}，写作 {example} / A {what.en}, written {example}."
    serialize = methodcaller("isoformat")
    return strawberry.scalar(name=name, description=description, serialize=serialize, parse_value=parsed)


SCALARS: dict[object, ScalarDefinition] = {
    date: _typed("Date", Text("日期", "date"), "2026-05-01", date.fromisoformat),
    datetime: _typed("DateTime", Text("时间", "moment"), "2026-05-01T08:30:00+08:00", datetime.fromisoformat),
}
