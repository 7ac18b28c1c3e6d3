"""Heads that are kept elsewhere: appended once a minute, whatever the disk does, and compared with every chain."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from services.audit import heads
from services.audit.events import Event
from services.audit.heads import EVERY, Keeping, append, file_of, kept_in
from services.audit.tables import event
from services.audit.trail import CUT, verify
from services.audit.trail import heads as heads_of
from services.errors import Refused
from services.storage.database import connect
from tests.audit.test_chain import tampered
from tests.writes.api import Api
from tests.writes.street import COUNTY


async def happen(api: Api) -> None:
    """One more link on the county's chain."""
    unit = await api.connection.fetchval("SELECT id FROM org_unit WHERE code = $1", COUNTY)
    await event(api.connection, Event.SIGN_IN, unit_id=unit)


def aged(file: Path) -> None:
    """As if it had been written a minute ago."""
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime - EVERY))


async def test_the_service_appends_what_is_new_at_most_once_a_minute(api: Api, tmp_path: Path) -> None:
    """As its own role; nothing where nothing is, and one line for each chain that has grown."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[asyncpg.Connection]:
        connection = await connect(api.service_url)
        try:
            yield connection
        finally:
            await connection.close()

    await happen(api)
    keeping, file = Keeping(tmp_path, opened), file_of(tmp_path)
    assert file.parent == tmp_path
    lengths = []
    for grows, later in ((False, False), (True, False), (False, True), (False, True)):
        if grows:
            await happen(api)
        if later:
            aged(file)
        await keeping.keep()
        lengths.append(len(file.read_text().splitlines()))
    assert lengths == [1, 1, 2, 2]
    assert file.read_text().splitlines()[-1] == str((await heads_of(api.connection))[0])
    assert await verify(api.connection, known=kept_in(tmp_path).known) == []


async def test_whatever_was_made_anew_since_is_named(api: Api, tmp_path: Path) -> None:
    """The first link that does not fit; also when heads of what was made anew are kept beside the old ones."""
    file = tmp_path / "kept"
    for _ in range(3):
        await happen(api)
        assert append(file, await heads_of(api.connection))
    await tampered(
        api.connection,
        "DELETE FROM audit_link",
        "UPDATE audit_entry SET request_id = 'other' WHERE at = (SELECT max(at) FROM audit_entry)",
        "SELECT append_audit_link(id, chain) FROM (SELECT id, chain FROM audit_entry ORDER BY at, id) AS made_anew",
    )
    assert await verify(api.connection) == []
    for _ in range(2):
        (broken,) = await verify(api.connection, known=kept_in(file).known)
        assert (broken.number, broken.en) == (3, CUT[1])
        assert append(file, await heads_of(api.connection))


async def test_a_full_disk_stops_nothing(api: Api, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is told to the log; a line that was cut off says nothing, and the next ones stand apart from it."""
    await happen(api)
    found = await heads_of(api.connection)
    assert not append(Path("/dev/full"), found)
    assert "not kept: /dev/full" in caplog.text
    assert not append(tmp_path / "nowhere" / "file", found)
    file = tmp_path / "kept"
    with pytest.raises(Refused, match="cannot be read"):
        kept_in(file)
    file.write_text(str(found[0])[:60])
    with pytest.raises(Refused, match="no heads"):
        kept_in(file)
    assert append(file, found)
    assert kept_in(file).known == [(found[0].chain, found[0].number, found[0].hash)]
    assert heads.LINE.fullmatch(str(found[0]))
