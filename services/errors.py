"""Every way the service says no: a stable code, an HTTP status, and a message in Chinese and in English.

The codes are the contract of `docs/errors.md`; a code that is not here cannot be sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from services.described import Described


class Code(Enum):
    """`errors[].extensions.code`, with the HTTP status of a response that consists of it alone."""

    BAD_REQUEST = 400
    GRAPHQL_PARSE_FAILED = (400, 1)
    GRAPHQL_VALIDATION_FAILED = (400, 2)
    BAD_USER_INPUT = (400, 3)
    TOO_COSTLY = (400, 4)
    PERSISTED_QUERY_NOT_FOUND = (400, 5)
    PERSISTED_QUERY_NOT_SUPPORTED = (400, 6)
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    ABORTED = (409, 1)
    RATE_LIMITED = 429
    INTERNAL_SERVER_ERROR = 500
    UNAVAILABLE = 503
    TIMEOUT = 504

    @property
    def status(self) -> int:
        """The HTTP status this code travels with under `application/graphql-response+json`."""
        return self.value if isinstance(self.value, int) else self.value[0]


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages; `{}` placeholders are filled by the caller before it gets here."""

    zh: str
    en: str

    def within(self, language: str) -> str:
        """The text in `language`, "zh" or "en"."""
        return self.en if language == "en" else self.zh


class Refused(Exception):
    """The request, or one field of it, cannot be answered; the reader learns why and nothing else.

    `path` is the response path of the field it is about, `argument` the path to the argument within the field,
    `locations` are places in the document as (line, column), counted as GraphQL counts them. `status` overrides the
    code's own where HTTP has a better word (413, 415). `extensions` is what is said beside the code.
    """

    def __init__(
        self,
        code: Code,
        zh: str,
        en: str,
        *,
        path: tuple[str | int, ...] = (),
        argument: tuple[str, ...] = (),
        locations: tuple[tuple[int, int], ...] = (),
        status: int | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code.name}: {en}")
        self.code = code
        self.text = Text(zh, en)
        self.path = path
        self.argument = argument
        self.locations = locations
        self.status = status or code.status
        self.headers = headers
        self.extensions: Mapping[str, Any] = extensions or {}


def bad_input(zh: str, en: str) -> Refused:
    """A value the user can correct: `BAD_USER_INPUT`."""
    return Refused(Code.BAD_USER_INPUT, zh, en)


def forbidden(at: tuple[str, ...] = ()) -> Refused:
    """The caller may see it, and may not do this to it: `FORBIDDEN`; `at` is the argument's path."""
    return Refused(Code.FORBIDDEN, "您没有这项操作的权限。", "You may not do this.", argument=at)


def read_only(at: tuple[str, ...], *, named: bool) -> Refused:
    """The same, of rows the caller reads, every one: that, and what they may not: change them, or have them `named`."""
    zh, en = (
        ("您可以查看它，但没有在此指定它的权限。", "You may read it, and not name it in this command.")
        if named
        else ("您可以查看它，但没有对它进行这项操作的权限。", "You may read it, and not do this to it.")
    )
    return Refused(Code.FORBIDDEN, zh, en, argument=at)


# --- what a command says to a value or a state ------------------------------------------------------------------------


class ProblemCode(Described):
    """可由用户更正的问题：值不可用、重复、已停用、超出范围、不完整 / What a user can correct in a command's input."""

    INVALID = "INVALID", "值不可用 / It cannot have this value."
    TAKEN = "TAKEN", "重复 / There is such a one already."
    CLOSED = "CLOSED", "已停用或已结束 / It is closed, or over."
    OUT_OF_REACH = "OUT_OF_REACH", "超出范围 / It lies outside."
    INCOMPLETE = "INCOMPLETE", "不完整 / Something is missing."


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: a field of the command's input, by its Python name, and why."""

    code: ProblemCode
    field: str
    text: Text


class Rejected(Exception):
    """A command will not do this; the user can correct it. Nothing was changed.

    `report` is what the command would have told of, for whoever is to decide on it.
    """

    def __init__(self, problems: Sequence[Problem], report: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__("; ".join(f"{each.field}: {each.text.en}" for each in problems))
        self.problems = tuple(problems)
        self.report = report


def rejected(code: ProblemCode, field: str, zh: str, en: str) -> Rejected:
    """A command's refusal for one field of its input."""
    return Rejected([Problem(code, field, Text(zh, en))])


def conflict(zh: str, en: str, argument: str | None = None) -> Refused:
    """What was asked does not go with what holds by now: `CONFLICT`; `argument` is the input's field it is about."""
    return Refused(Code.CONFLICT, zh, en, argument=("input", argument) if argument else ())


@dataclass(frozen=True, slots=True)
class Rule:
    """What a violated constraint means to a user. Without a code it is a CONFLICT with what someone else did.

    `also` are other names that commands have for the field.
    """

    field: str
    zh: str
    en: str
    code: ProblemCode | None = None
    also: tuple[str, ...] = ()

    def refusal(self, field: str | None = None) -> Exception:
        """The exception a command ends with; `field` where its input has none of the rule's name."""
        if self.code is None:
            return conflict(self.zh, self.en, field or self.field)
        return rejected(self.code, field or self.field, self.zh, self.en)


UNAVAILABLE = ("数据库暂时不可用，请稍后重试。", "The database is unavailable at the moment; try again shortly.")
RETRY_AFTER = (("Retry-After", "2"),)


def unavailable() -> Refused:
    """The database is down or was lost during the request: 503 with Retry-After, nothing was changed."""
    return Refused(Code.UNAVAILABLE, *UNAVAILABLE, headers=RETRY_AFTER)


def stopping() -> Refused:
    """The service stops, and this took longer than it waits: 503 with Retry-After, what it began was undone."""
    text = ("服务正在停止，请稍后重试。", "The service is stopping; try again shortly.")
    return Refused(Code.UNAVAILABLE, *text, headers=RETRY_AFTER)
