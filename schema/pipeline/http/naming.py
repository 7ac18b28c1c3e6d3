"""How a request says which document it wants run: by its text, by `documentId`, or by the SHA-256 of its text.

The last is the extension `persistedQuery` of Apollo's and urql's clients. What they send beside a text has to be the
digest of that very text: a text that does not fit is refused, not run.
"""

import re
from collections.abc import Mapping
from typing import Any

from services.errors import Code, Refused
from services.programs.operations import digest

DOCUMENT = re.compile("sha256:[0-9a-f]{64}")
DIGEST = re.compile("[0-9a-f]{64}")


def document_of(given: Mapping[str, Any]) -> tuple[str, str | None]:
    """The text to run, or "" and the digest of the stored document to run; BAD_REQUEST unless there is one of them."""
    query, extensions = given.get("query"), given.get("extensions")
    if not isinstance(extensions, dict | None):
        raise _bad("extensions 须为一个 JSON 对象。", "`extensions` must be a JSON object.")
    named, hashed = _named(given.get("documentId")), _hashed((extensions or {}).get("persistedQuery"))
    if named is not None and (query is not None or hashed not in (None, named)):
        raise _bad("query 与 documentId 只能有其一。", "A request has either `query` or `documentId`.")
    stored = named or hashed
    if stored is not None and not query:
        return "", stored
    if not isinstance(query, str) or not query:
        raise _bad("缺少 query（文本）。", "`query` is missing or not a text.")
    if hashed is not None and digest(query) != hashed:
        raise _bad("query 与 sha256Hash 不符，未执行。", "`query` does not fit `sha256Hash`; it was not run.")
    return query, None


def by_digest(extensions: object) -> bool:
    """Whether what stands beside a request names a document."""
    return isinstance(extensions, dict) and isinstance(extensions.get("persistedQuery"), dict)


def _named(id_: object) -> str | None:
    """The digest a document identifier holds: `sha256:` and 64 lower-case hexadecimal digits; BAD_REQUEST otherwise."""
    if id_ is None:
        return None
    if not isinstance(id_, str) or not DOCUMENT.fullmatch(id_):
        raise _bad(
            "documentId 须为 sha256: 加 64 位小写十六进制。", "`documentId` is sha256: and 64 hexadecimal digits."
        )
    return id_.partition(":")[2]


def _hashed(extension: object) -> str | None:
    """The digest the extension holds: `{"version": 1, "sha256Hash": ...}`; BAD_REQUEST for what is another."""
    if extension is None:
        return None
    sha = extension.get("sha256Hash") if isinstance(extension, dict) and extension.get("version") == 1 else None
    if not isinstance(sha, str) or not DIGEST.fullmatch(sha):
        raise _bad(
            "persistedQuery 须为 version 1 与 64 位小写十六进制的 sha256Hash。",
            "`persistedQuery` is version 1 and a `sha256Hash` of 64 hexadecimal digits.",
        )
    return sha


def _bad(zh: str, en: str) -> Refused:
    return Refused(Code.BAD_REQUEST, zh, en)
