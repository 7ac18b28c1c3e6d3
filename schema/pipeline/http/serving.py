"""Serving the application: uvicorn, in one process or in several that share a socket."""

import ctypes
import gc
import logging
import multiprocessing.connection
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from functools import partial

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from schema.pipeline.http import deadline, line
from schema.pipeline.http.application import application
from services.settings import Settings

SWITCH = 0.0005  # seconds after which who prepares an operation lets those answer who need the processor for less
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of mallopt(3)
LARGE = 128 * 1024  # bytes
LEAVING = 10.0  # seconds for a process to close its connections to the database, after the grace


def serve_on(url: str, settings: Settings, listener: socket.socket) -> None:
    """Serve on the socket, with as many processes as there shall be, until stopped."""
    config = uvicorn.Config(
        partial(worker, url, settings),
        factory=True,
        workers=settings.workers,
        timeout_worker_healthcheck=60,  # one that is still starting on a busy machine does not answer either
        http=deadline.protocol(settings.limits),
        ws=line.protocol(settings.limits),
        ws_per_message_deflate=False,  # one socket carries secrets and what others wrote, see `coding`
        ws_max_size=settings.limits.message_bytes,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        date_header=False,
        headers=[("X-Content-Type-Options", "nosniff")],  # on whatever is answered, by whomever
        timeout_graceful_shutdown=-(-settings.limits.grace_ms // 1000),
    )
    if settings.workers > 1:
        Several(config, [listener]).run()
    else:
        uvicorn.Server(config).run([listener])


class Several(Multiprocess):
    """uvicorn's supervisor, which also stops taking connections, and waits for no process longer than promised."""

    def terminate_all(self) -> None:
        """The processes share our socket: as long as it is open here, the kernel accepts for nobody."""
        for each in self.sockets:
            each.close()
        super().terminate_all()

    def join_all(self) -> None:
        """One that hangs is ended."""
        until = time.monotonic() + (self.config.timeout_graceful_shutdown or 0) + LEAVING
        for each in self.processes:
            each.process.join(max(0.0, until - time.monotonic()))
            if each.process.is_alive():
                each.process.kill()
                each.process.join()


def worker(url: str, settings: Settings) -> ASGIApp:
    """The service in one process; where several share a socket, none outlives the one that started them."""
    if (parent := multiprocessing.parent_process()) is not None:
        logging.basicConfig(level=logging.WARNING)
        patience = settings.limits.grace_ms / 1000 + LEAVING
        threading.Thread(target=_end_with, args=(parent.sentinel, patience), daemon=True).start()
    sys.setswitchinterval(SWITCH)
    frugal()
    app = application(url, settings)
    gc.collect()
    gc.freeze()  # what is here now stays; collections need not look at it again
    gc.collect()  # the next full one comes after a quarter of what this one finds, which is nothing
    return app


def frugal() -> None:
    """Have glibc give memory back. To be asked for before any thread begins, and anything large is freed.

    It keeps the threads' memory apart, and what one has freed from the others: a fifth of what is in use here. An arena
    that once was is taken again by the next. And whatever large was freed once it takes from the common memory the next
    time, where it cannot be given back for what came to lie behind it.
    """
    with suppress(AttributeError):  # another libc
        libc = ctypes.CDLL(None)
        libc.mallopt(M_ARENA_MAX, 1)
        libc.mallopt(M_MMAP_THRESHOLD, LARGE)
        libc.mallopt(M_TRIM_THRESHOLD, LARGE)


def _end_with(sentinel: int, patience: float) -> None:
    multiprocessing.connection.wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(patience)
    os.kill(os.getpid(), signal.SIGKILL)
