"""Work in a process that ends: what Python has taken of memory it seldom gives back, and serving needs little."""

import asyncio
import os
import sys
from subprocess import PIPE

from services.settings import PROJECT


class AsideError(Exception):
    """It did not end well; the text is what it said."""


async def aside(module: str, url: str) -> None:
    """`python -m module` for the database at `url`; AsideError where it ends with another status than 0."""
    environment = {**os.environ, "DATABASE_URL": url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=PROJECT, env=environment, stderr=PIPE
    )
    try:
        _, said = await process.communicate()
        if process.returncode:
            raise AsideError(said.decode(errors="replace").strip() or f"{module}: {process.returncode}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
