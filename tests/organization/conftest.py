"""A county to reorganize."""

import asyncpg
import pytest

from tests.conftest import Database
from tests.organization.land import Land


@pytest.fixture
async def land(golden: Database, world: asyncpg.Connection) -> Land:
    """The golden world, with nothing in it yet."""
    return Land(world, golden.url)
