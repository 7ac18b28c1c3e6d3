"""Compounds that may be one entered twice: a community's clerks call 和平小区 what the land office calls 和平花园."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import literal, select

from services.names import fold
from services.organization.paths import at_or_beneath
from services.organization.tables import OrgLevel
from services.properties.tables import compounds
from services.storage.tables import BYTEWISE
from services.storage.transaction import Record, Transaction

# What compounds are called beside their own names, by one and not by the other.
_KIND = re.compile("(?:小区|住宅区|居住区|社区|花园|花苑|家园|公寓|新村)+$")
_APART = re.compile(r"[\W_]+")  # punctuation, which folding keeps, and what space it leaves


async def alike(tx: Transaction, unit: Record, made: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A line for each open compound of the unit's community that has the name or the address of one about to be."""
    community = unit["path"] if unit["level"] == OrgLevel.COMMUNITY else unit["parent_path"]
    of = compounds.c
    inside = at_or_beneath(of.unit_path, literal(community, BYTEWISE))
    found = select(compounds).where(inside, of.closed_on.is_(None)).order_by(of.folded, of.id)
    return [line for other in await tx.rows(found) for line in _line(made, other)]


def _line(made: Mapping[str, Any], other: Record) -> Iterator[dict[str, Any]]:
    name = _own(made["name"]) == _own(other["name"])
    address = bool(_plain(made.get("address"))) and _plain(made.get("address")) == _plain(other["address"])
    if name or address:
        same = {"same_name": name, "same_address": address}
        yield {"kind": compounds.name, "id": other["id"], "name": other["name"], **same}


def _own(name: str) -> str:
    """A compound's own name, without what kind of place it is called; all of it where it is called nothing else."""
    plain = _plain(name)
    return _KIND.sub("", plain) or plain


def _plain(text: str | None) -> str:
    return _APART.sub("", fold(text or ""))
