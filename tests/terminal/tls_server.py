"""A PostgreSQL as an installation has it: over TCP and TLS, with certificates of its own authority, and by a socket."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from signal import SIGQUIT
from subprocess import DEVNULL
from urllib.parse import quote

import asyncpg
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.storage.embedded.cluster import OWNER, make_cluster
from services.storage.embedded.process import Account
from tests.conftest import run

PASSWORD = "p@ss/w?rd#% 近"
KEY_WORD = "of the key"
OPEN, CLOSED, BEARER = "open 林", "closed", "bearer"  # roles: without TLS only, with TLS only, by a certificate
OWNERS = "owners"
DATABASE = "近 d/b"


@dataclass(frozen=True)
class Issuer:
    """A certificate authority of the test's own."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def made(cls, folder: Path, name: str) -> "Issuer":
        """With its certificate in `folder`/`name`.crt."""
        issuer = cls(_named(name), ec.generate_private_key(ec.SECP256R1()))
        own = issuer._certificate(name, issuer.key, ca=True)
        (folder / f"{name}.crt").write_bytes(own.public_bytes(Encoding.PEM))
        return issuer

    def issue(self, folder: Path, name: str, *addresses: str, word: str = "") -> None:
        """`folder`/`name`.crt and .key, for these addresses; the key under a password, where there is one."""
        key = ec.generate_private_key(ec.SECP256R1())
        sealing = BestAvailableEncryption(word.encode()) if word else NoEncryption()
        (folder / f"{name}.crt").write_bytes(self._certificate(name, key, *addresses).public_bytes(Encoding.PEM))
        (folder / f"{name}.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing))
        (folder / f"{name}.key").chmod(0o600)

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, *addresses: str, ca: bool = False
    ) -> x509.Certificate:
        day, now = timedelta(days=1), datetime.now(UTC)
        made = (
            x509.CertificateBuilder(self.name, _named(name), key.public_key(), x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
        )
        if addresses:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(each)) for each in addresses])
            made = made.add_extension(names, critical=False)
        return made.sign(self.key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass(frozen=True)
class TlsServer:
    """Where it listens, and the folder of certificates."""

    port: int
    files: Path
    socket: Path

    def url(self, role: str, *, hosts: str = "127.0.0.1", password: str = PASSWORD, **parameters: str) -> str:
        """The URL of a role; `hosts` are given the port."""
        with_ports = ",".join(f"{host}:{self.port}" for host in hosts.split(",")) if hosts else ""
        asked = "&".join(f"{name}={quote(value, safe='/,')}" for name, value in parameters.items())
        word = f":{quote(password, safe='')}" if password else ""
        return f"postgresql://{quote(role)}{word}@{with_ports}/{quote(DATABASE, safe='')}?{asked}"


@contextmanager
def tls_server(programs: Path, home: Path) -> Iterator[TlsServer]:
    """Run one below `home`, which any user may enter."""
    account, data, files = Account.choose(), home / "pg", home / "files"
    account.take(home)
    files.mkdir()
    authority = Issuer.made(files, "authority")
    Issuer.made(files, "stranger")
    authority.issue(home, "server", "127.0.0.1")
    authority.issue(files, BEARER, word=KEY_WORD)
    for file in (home / "server.crt", home / "server.key"):
        account.take(file)
    make_cluster(data, home / "password", programs, account, durable=False)
    access = home / "access"
    access.write_text(
        "local all all scram-sha-256\n"
        f'hostnossl all "{OPEN}" 127.0.0.0/8 scram-sha-256\n'
        f"hostssl all {CLOSED} 127.0.0.0/8 scram-sha-256\n"
        f"hostssl all {BEARER} 127.0.0.0/8 cert\n"
    )
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = {
        "fsync": "off",
        "listen_addresses": "127.0.0.1,127.0.0.2",
        "port": str(port),
        "unix_socket_directories": str(home),
        "hba_file": str(access),
        "ssl": "on",
        "ssl_ca_file": str(files / "authority.crt"),
        "ssl_cert_file": str(home / "server.crt"),
        "ssl_key_file": str(home / "server.key"),
    }
    words = (word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
    process = account.spawn(programs / "postgres", "-D", data, *words, orphaned=SIGQUIT, output=DEVNULL)
    try:
        secret = (home / "password").read_text()
        run(_fill(f"postgresql://{OWNER}:{secret}@/{OWNER}?host={home}&port={port}"))
        yield TlsServer(port, files, home)
    finally:
        process.send_signal(SIGQUIT)
        process.wait(timeout=60)


async def _fill(owner: str) -> None:
    """Roles that differ in how they sign in only, and a database that belongs to all of them."""
    connection = await _connected(owner)
    await connection.execute(f"CREATE ROLE {OWNERS}; GRANT {OWNERS} TO {OWNER}")
    for role in (OPEN, CLOSED, BEARER):
        made = f"CREATE ROLE %1$I LOGIN PASSWORD %2$L; GRANT {OWNERS} TO %1$I; ALTER ROLE %1$I SET role = {OWNERS}"
        await connection.execute(
            await connection.fetchval("SELECT format($1, $2::text, $3::text)", made, role, PASSWORD)
        )
    await connection.execute(f'CREATE DATABASE "{DATABASE}" OWNER {OWNERS}')
    await connection.close()


async def _connected(url: str) -> asyncpg.Connection:
    """Once it is there."""
    deadline = time.monotonic() + 90
    while True:
        with suppress(OSError, asyncpg.CannotConnectNowError):
            return await asyncpg.connect(url)
        assert time.monotonic() < deadline
