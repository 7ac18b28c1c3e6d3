"""Serving the application: uvicorn, in one process or in several that share a socket."""

import gc
import logging
import multiprocessing.connection
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from schema.application import application
from schema.pipeline import deadline
from schema.pipeline.line import Line
from services.settings import SettingError, Settings


def serve_on(url: str, settings: Settings, listener: socket.socket) -> None:
    """Serve on the socket, with as many processes as there shall be, until stopped."""
    config = uvicorn.Config(
        partial(worker, url, settings),
        factory=True,
        workers=settings.workers,
        timeout_worker_healthcheck=60,  # one that is still starting on a busy machine does not answer either
        http=deadline.protocol(settings.limits.deadline_ms / 1000, settings.limits.header_bytes),
        ws=Line,
        ws_max_size=settings.limits.message_bytes,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        date_header=False,
        timeout_graceful_shutdown=5,
    )
    if settings.workers > 1:
        Multiprocess(config, [listener]).run()
    else:
        uvicorn.Server(config).run([listener])


def worker(url: str, settings: Settings) -> ASGIApp:
    """The service in one process; where several share a socket, none outlives the one that started them."""
    if (parent := multiprocessing.parent_process()) is not None:
        logging.basicConfig(level=logging.WARNING)
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    app = application(url, settings)
    gc.collect()
    gc.freeze()  # what is here now stays; collections need not look at it again
    return app


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket to serve on, taken before anything is started or promised; SettingError when it cannot be had."""
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise SettingError(
            f"无法监听 {settings.host}:{settings.port}（{reason}），可用 HOST、PORT 另选。\n"
            f"Cannot listen on {settings.host}:{settings.port} ({reason}); choose with HOST and PORT."
        ) from None
    with listener:
        yield listener
