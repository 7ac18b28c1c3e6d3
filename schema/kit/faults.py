"""Errors in the one shape they leave the service in, and graphql-core's errors turned into it.

{"message", "locations"?, "path"?, "extensions": {"code", "argument"?, "cost"?}}, the message in the reader's language.
What graphql-core says about a document stays in English, behind a Chinese introduction: it quotes the document.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from graphql import BREAK, ArgumentNode, DocumentNode, GraphQLError, Node, ObjectFieldNode, ValueNode, Visitor, visit

from schema.kit.headers import weights
from schema.kit.scalars import Unreadable
from services.errors import Code, Refused, Text

# What graphql-core adds to a message: names of the schema that resemble, and what Python said of a value.
ADDED = re.compile(r"\s*Did you mean .*\?|, but encountered error '.*'(?=; found: )", re.DOTALL)
# The variable a value of which it refuses, and the way into that value: `$input`, `.terms[0].since`.
OF_VARIABLE = re.compile(r"Variable '\$(\w+)' has invalid (?:default )?value(?: at ([\w.\[\]]+))?: ")
UNEXPECTED = re.compile(r"Unexpected character: U\+([0-9A-F]+)\.")
# What a Chinese keyboard types in the place of punctuation, where Unicode does not say so by itself as it does of "｛".
TYPED = str.maketrans("“”‘’、。【】", '"""",.[]')
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
    extensions: dict[str, Any] = {"code": refused.code.name}
    if refused.argument:
        extensions["argument"] = ".".join(refused.argument)
    return error | {"extensions": {**extensions, **refused.extensions}}


def reasons(error: Exception) -> tuple[Refused, ...]:
    """The refusals an exception stands for; whatever is not one is an internal error that says nothing of itself."""
    if isinstance(error, Refusals):
        return error.refused
    if isinstance(error, Refused):
        return (error,)
    return (Refused(Code.INTERNAL_SERVER_ERROR, "服务内部错误，已记录。", "An internal error; it has been recorded."),)


def language(accepted: str) -> str:
    """ "en" when Accept-Language prefers English to Chinese, else "zh"."""
    wanted = {"zh": 0.0, "en": 0.0}
    for tag, weight in weights(accepted).items():
        name = tag.partition("-")[0]
        if name in wanted:
            wanted[name] = max(wanted[name], weight)
    return "en" if wanted["en"] > wanted["zh"] else "zh"


def unparsable(error: GraphQLError) -> Refused:
    """The document is not GraphQL; where a Chinese keyboard is the reason, that is said."""
    refused = _from(Code.GRAPHQL_PARSE_FAILED, "查询语法错误：", error)
    found = UNEXPECTED.search(error.message)
    typed = chr(int(found[1], 16)) if found else ""
    meant = half_width(typed)
    if meant != typed:
        refused.text = Text(
            f"查询语法错误：“{typed}”是全角字符，请换成半角的“{meant}”（文本之外的标点都要用英文输入法输入）。",
            f"“{typed}” is a full-width character; type “{meant}” instead, as all punctuation outside of texts.",
        )
    return refused


def half_width(text: str) -> str:
    """What of GraphQL's own characters was meant by full-width ones; any other text as it is."""
    meant = unicodedata.normalize("NFKC", text.translate(TYPED))
    return meant if meant.isascii() else text


def invalid(error: GraphQLError, document: DocumentNode) -> Refused:
    """The document does not fit the schema."""
    refused = _from(Code.GRAPHQL_VALIDATION_FAILED, "查询不符合模式：", error)
    node = next(iter(error.nodes or ()), None)
    refused.argument = _way(node, document) if isinstance(node, ValueNode) else ()
    return refused


def unusable(error: GraphQLError) -> Refused:
    """A variable or an argument has a value it cannot have."""
    refused = _from(Code.BAD_USER_INPUT, "变量或参数的值不可用：", error)
    if found := OF_VARIABLE.match(error.message):
        refused.argument = (found[1], *re.findall(r"\w+", found[2] or ""))
    return refused


def too_many_tokens(limit: int) -> Refused:
    """The document is longer than anyone's should be."""
    return Refused(
        Code.TOO_COSTLY, f"查询过大：最多 {limit} 个词元。", f"The query is too large: at most {limit} tokens."
    )


def _from(code: Code, introduction: str, error: GraphQLError) -> Refused:
    locations = tuple((place.line, place.column) for place in error.locations or ())
    if unreadable := _unreadable(error):
        return Refused(code, unreadable.text.zh, unreadable.text.en, locations=locations)
    message = ADDED.sub("", error.message)
    message = message if len(message) <= LONGEST else f"{message[:LONGEST]}…"
    return Refused(code, f"{introduction}{message}", message, locations=locations)


def _unreadable(error: Exception) -> Unreadable | None:
    """What one of our own scalars said, under what graphql-core wrapped it in."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error if isinstance(error, Unreadable) else None


def _way(value: Node, document: DocumentNode) -> tuple[str, ...]:
    """The argument a value stands in, and the way to it within."""
    finder = _Finder(value)
    visit(document, finder)
    return finder.way


class _Finder(Visitor):
    def __init__(self, value: Node) -> None:
        super().__init__()
        self._value = value
        self.way: tuple[str, ...] = ()

    def enter(self, node: Node, _key: Any, parent: Any, _path: Any, ancestors: list[Any]) -> Any:
        """Stop at the value, with the names of what is around it."""
        if node is not self._value:
            return None
        around = [each for each in (*ancestors, parent) if isinstance(each, ArgumentNode | ObjectFieldNode)]
        self.way = tuple(dict.fromkeys(each.name.value for each in around))
        return BREAK
