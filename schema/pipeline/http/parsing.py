"""What of HTTP/1.1 the parser leaves to its user: an upgrade there is none of is ignored, and a request names one host.

httptools takes whatever follows a header with `Upgrade` for the other protocol, the request's own body too, which then
would be read as a request of its own. So such a request is parsed once more, without its wish (RFC 9110, 7.8).
"""

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

VERSIONS = frozenset({"1.0", "1.1"})


class Improper(Exception):
    """A request as no client of this version of HTTP sends it; answered with 400."""


class Parser:
    """httptools' parser of requests, which reads on where an upgrade is asked for that its protocol does not offer."""

    def __init__(self, protocol: "Parsing") -> None:
        self._protocol = protocol
        self._renew()

    def __getattr__(self, name: str) -> Any:
        """Everything else is as it is."""
        return getattr(self._parser, name)

    def feed_data(self, data: bytes) -> None:
        """Parse what has come; HttpParserUpgrade where another protocol takes over."""
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                if not self._protocol.parsed_again:
                    raise
                head = self._protocol.plain_head()
                self._renew()
                data = head + data[upgrade.args[0] :]
            else:
                return

    def _renew(self) -> None:
        self._parser = httptools.HttpRequestParser(self._protocol)
        # As uvicorn has it: what follows the last request of a connection is no reason not to answer that one.
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)


class Parsing(HttpToolsProtocol):
    """uvicorn's HTTP protocol over that parser."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.parser = Parser(self)  # type: ignore[assignment]

    def on_headers_complete(self) -> None:
        """The request begins, unless it is to be parsed once more; Improper."""
        version, hosts = self.parser.get_http_version(), [value for name, value in self.headers if name == b"host"]
        if version not in VERSIONS or len(hosts) > 1 or (version == "1.1" and not hosts):
            raise Improper
        if self.parser.get_method() == b"CONNECT":
            raise Improper
        if not self.parsed_again:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """And ends."""
        if not self.parsed_again:
            super().on_message_complete()

    @property
    def parsed_again(self) -> bool:
        """Whether the request that is parsed asks for a protocol there is none of."""
        return bool(self.parser.should_upgrade()) and not self._should_upgrade()

    def plain_head(self) -> bytes:
        """The header that was parsed, as one that asks for no other protocol."""
        lines = [b" ".join((self.parser.get_method(), self.url, b"HTTP/" + self.parser.get_http_version().encode()))]
        for name, value in self.headers:
            kept = b",".join(each for each in value.split(b",") if each.strip().lower() != b"upgrade")
            if name != b"upgrade":
                lines.append(name + b": " + (kept if name == b"connection" else value))
        return b"\r\n".join([*lines, b"", b""])
