"""The pool of the floor and of the twin: opened as the service opens its own, so that no setting differs."""

import os

import asyncpg

from services.settings import Settings
from services.storage.database import reading_pool


async def open_pool() -> asyncpg.Pool:
    """The service's pool over DATABASE_URL, without the service's handling of what can go wrong."""
    settings = Settings.read(os.environ)
    assert settings.database_url is not None
    return await reading_pool(settings.database_url, settings.limits).get()
