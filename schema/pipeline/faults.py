"""Errors in the one shape they leave the service in, and graphql-core's errors turned into it.

{"message", "locations"?, "path"?, "extensions": {"code", "argument"?}}, the message in the reader's language.
What graphql-core says about a document stays in English, behind a Chinese introduction: it quotes the document.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from graphql import GraphQLError

from services.errors import Code, Refused

# What graphql-core adds to a message: names of the schema that resemble, and what Python said of a value.
ADDED = re.compile(r"\s*Did you mean .*\?|, but encountered error '.*'(?=; found: )", re.DOTALL)
WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
LONGEST = 500  # characters of a message that quotes the document


class Refusals(Exception):
    """Several reasons why one request cannot be answered."""

    def __init__(self, refused: Sequence[Refused]) -> None:
        super().__init__("; ".join(str(each) for each in refused))
        self.refused = tuple(refused)


def formatted(refused: Refused, language: str) -> dict[str, Any]:
    """One error as it is sent, in "zh" or "en"."""
    error: dict[str, Any] = {"message": refused.text.within(language)}
    if refused.locations:
        error["locations"] = [{"line": line, "column": column} for line, column in refused.locations]
    if refused.path:
        error["path"] = list(refused.path)
    extensions = {"code": refused.code.name}
    if refused.argument:
        extensions["argument"] = ".".join(refused.argument)
    return error | {"extensions": extensions}


def reasons(error: Exception) -> tuple[Refused, ...]:
    """The refusals an exception stands for; whatever is not one is an internal error that says nothing of itself."""
    if isinstance(error, Refusals):
        return error.refused
    if isinstance(error, Refused):
        return (error,)
    return (Refused(Code.INTERNAL_SERVER_ERROR, "服务内部错误，已记录。", "An internal error; it has been recorded."),)


@lru_cache(maxsize=256)
def language(accepted: str) -> str:
    """ "en" when Accept-Language prefers English to Chinese, else "zh"."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in accepted.lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        name = tag.partition("-")[0].strip()
        if name in weights:
            weights[name] = max(weights[name], quality(parameter))
    return "en" if weights["en"] > weights["zh"] else "zh"


def quality(parameters: str) -> float:
    """The weight among the parameters of one choice of a header: 1 when there is none, 0 when it is not one."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            return float(value) if WEIGHT.fullmatch(value) else 0.0
    return 1.0


def unparsable(error: GraphQLError) -> Refused:
    """The document is not GraphQL."""
    return _from(Code.GRAPHQL_PARSE_FAILED, "查询语法错误：", error)


def invalid(error: GraphQLError) -> Refused:
    """The document does not fit the schema."""
    return _from(Code.GRAPHQL_VALIDATION_FAILED, "查询不符合模式：", error)


def unusable(error: GraphQLError) -> Refused:
    """A variable or an argument has a value it cannot have."""
    return _from(Code.BAD_USER_INPUT, "变量或参数的值不可用：", error)


def too_many_tokens(limit: int) -> Refused:
    """The document is longer than anyone's should be."""
    return Refused(
        Code.TOO_COSTLY, f"查询过大：最多 {limit} 个词元。", f"The query is too large: at most {limit} tokens."
    )


def _from(code: Code, introduction: str, error: GraphQLError) -> Refused:
    message = ADDED.sub("", error.message)
    message = message if len(message) <= LONGEST else f"{message[:LONGEST]}…"
    locations = tuple((place.line, place.column) for place in error.locations or ())
    return Refused(code, f"{introduction}{message}", message, locations=locations)
