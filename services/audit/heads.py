"""Heads of the audit trail's chains, kept in a file elsewhere: what the database's owner cannot make anew unseen.

The service appends them now and then (JINLIN_AUDIT_HEADS), and `audit verify` compares. Nothing waits for it: a disk
that is full, or gone, is told to the log, and the heads of the next minute stand for those that were not written.
"""

import asyncio
import errno
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from services.audit.trail import Head, Known, heads, kept
from services.errors import Text, bad_input

LOG = logging.getLogger("jinlin")
A_MONTH, OF_MONTHS = "heads-%Y-%m.txt", "heads-*.txt"  # of the files in a directory
EVERY = 60  # seconds, of all processes together
TAIL = 256 * 1024  # bytes that are looked through for what was written last
LINE = re.compile(r"[0-9a-f-]{36} [0-9]+ [0-9a-f]{64}\b.*")

Opening = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]


def file_of(place: Path) -> Path:
    """The file heads are appended to: the one that is named, or one of this month in the directory that is."""
    return place / datetime.now(UTC).strftime(A_MONTH) if place.is_dir() else place


class Keeping:
    """Keeps the heads there are in a file; `opening` gives a connection to read them by."""

    def __init__(self, place: Path, opening: Opening) -> None:
        self._place = place
        self._opening = opening

    async def keep(self) -> None:
        """Append the heads, unless some process did within the last minute."""
        if not await asyncio.to_thread(_due, file_of(self._place)):
            return
        async with self._opening() as connection:
            found = await heads(connection)
        await asyncio.to_thread(append, self._place, found)


def _due(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime >= EVERY
    except OSError:  # not there yet, or not to be looked at, which appending will tell
        return True


def append(place: Path, found: Sequence[Head]) -> bool:
    """Append the heads that the file does not end with, and see that they are on the disk; whether they are."""
    file = file_of(place)
    try:
        with file.open("a+b", buffering=0) as opened:
            _append(opened.fileno(), found)
    except OSError as error:
        LOG.error("the heads of the audit trail are not kept: %s: %s", file, error.strerror)  # noqa: TRY400
        return False
    return True


def _append(to: int, found: Sequence[Head]) -> None:
    before = os.pread(to, TAIL, max(0, os.fstat(to).st_size - TAIL)).decode("utf-8", "replace")
    last = _last_of(before.splitlines())
    new = [f"{head}\n" for head in found if last.get(str(head.chain)) != f"{head.number} {head.hash}"]
    # What a full disk cut off stays a line of its own.
    said = "".join(["" if not before or before.endswith("\n") else "\n", *new]).encode()
    if new and os.write(to, said) < len(said):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(to)
    os.utime(to)


def _last_of(lines: Iterable[str]) -> dict[str, str]:
    told = (line.split()[:3] for line in lines if LINE.fullmatch(line))
    return {chain: f"{number} {digest}" for chain, number, digest in told}


@dataclass(frozen=True, slots=True)
class Kept:
    """Heads as they were kept; the lines that are none, as a full disk leaves them; whether a file ends with such."""

    known: list[Known]
    cut: list[Text]
    ends_cut: bool


def kept_in(place: Path) -> Kept:
    """The heads kept there, and which lines were cut off: these are no proof either way.

    BAD_USER_INPUT where there are no heads: without any, verifying would tell less than it is asked.
    """
    found, cut, ends_cut = [], [], False
    for file in sorted(place.glob(OF_MONTHS)) if place.is_dir() else [place]:
        lines = _lines(file)
        whole = [not line.strip() or LINE.fullmatch(line) is not None for line in lines]
        found += [line for line, good in zip(lines, whole, strict=True) if good]
        cut += [_cut(file, number) for number, good in enumerate(whole, 1) if not good]
        ends_cut = not all(whole[-1:])
    if not "".join(found).strip():
        raise bad_input(f"{place} 中没有链头。", f"There are no heads in {place}.")
    return Kept(kept("\n".join(found)), cut, ends_cut)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8", "replace").splitlines()
    except OSError as error:
        zh, en = (
            f"{file} 中的链头无法读取：{error.strerror}。",
            f"The heads in {file} cannot be read: {error.strerror}.",
        )
        raise bad_input(zh, en) from None


def _cut(file: Path, number: int) -> Text:
    zh, en = "不是完整的链头，未作比对", "is no whole head, and was not compared: no proof either way"
    return Text(f"{file} 第 {number} 行{zh}", f"{file}, line {number}, {en}")
