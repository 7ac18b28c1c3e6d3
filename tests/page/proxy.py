"""A reverse proxy, the least there can be: it puts a service below a path of a host, and takes the path away or not."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

END = b"\r\n\r\n"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128
    upstream = 0  # a port
    prefix = b""
    strips = True


class _Passing(socketserver.BaseRequestHandler):
    """One request a connection, and whatever follows an upgrade."""

    server: _Server

    def handle(self) -> None:
        head = b""
        while END not in head:
            part = self.request.recv(65536)
            if not part:
                return
            head += part
        line, _, rest = head.partition(b"\r\n")
        method, path, version = line.split(b" ")
        if not f"{path.decode()}/".startswith(f"{self.server.prefix.decode()}/"):  # another application of the host
            self.request.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close" + END)
            return
        if self.server.strips:
            path = path[len(self.server.prefix) :] or b"/"
        if b"\nupgrade:" not in rest.lower():
            rest = b"Connection: close\r\n" + rest.replace(b"Connection: keep-alive\r\n", b"")
        with socket.create_connection(("127.0.0.1", self.server.upstream)) as service:
            service.sendall(b" ".join((method, path, version)) + b"\r\n" + rest)
            threading.Thread(target=_pass, args=(self.request, service), daemon=True).start()
            _pass(service, self.request)


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def proxy(prefix: str, *, strips: bool) -> Iterator[_Server]:
    """A proxy at a port of its own; its `upstream` is told when it is there."""
    with _Server(("127.0.0.1", 0), _Passing) as server:
        server.prefix, server.strips = prefix.encode(), strips
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
