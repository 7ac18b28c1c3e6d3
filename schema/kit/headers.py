"""Headers in which a client says what it takes and what it sends, read by the grammar of RFC 9110 (werkzeug's)."""

from functools import lru_cache

from werkzeug.http import parse_accept_header, parse_list_header, parse_options_header

KEPT = 1000  # characters of such a header that are looked at, and remembered


def weights(header: str) -> dict[str, float]:
    """The choices of an Accept header, in lower case and without parameters, and how much each is wanted.

    What is no choice, or has a weight that is none, is left out. Of a choice that is there twice the better counts.
    """
    return dict(_weights(header[:KEPT]))


@lru_cache(maxsize=256)
def _weights(header: str) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for choice, weight in parse_accept_header(header):
        if name := parse_options_header(choice)[0].lower():
            found[name] = max(found.get(name, 0.0), float(weight))
    return tuple(found.items())


def codings(header: str) -> list[str]:
    """The codings of a Content-Encoding header in lower case, in the order in which they were applied."""
    return [each.lower() for each in parse_list_header(header) if each]


def media_type(header: str) -> tuple[str, dict[str, str]]:
    """The media type of a Content-Type header in lower case, and its parameters; those that are none are left out."""
    name, parameters = parse_options_header(header)
    return name.lower(), parameters
