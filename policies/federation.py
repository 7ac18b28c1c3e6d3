"""Signing in through an identity provider: its word for who someone is, a file's word for what their groups may do.

Grants that come of groups are made by nobody, with the reason "oidc:<group>". At each sign-in they become what the
groups are by then: a group that was lost is a grant that was lost. What administrators granted is left alone, and what
they revoked is not given again while the group is unchanged.
"""

import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from uuid import UUID

import orjson

from policies.actor import SEATS
from policies.sessions import Browser, Opened, Sessions
from policies.tokens import Seat, grant, located
from services.access import identities
from services.access.provider import Flow, Identity, Provider, not_vouched
from services.errors import Refused
from services.settings import ProviderSettings, SettingError
from services.storage.database import Writer
from services.storage.transaction import Transaction

Mapped = Mapping[str, tuple[tuple[str, str], ...]]
"""By group: roles, each with the code of its seat."""
MARK = "oidc:"
LOG = logging.getLogger("jinlin")


class Federation:
    """Begins and ends sign-ins at the provider. What is under way is kept by the browser, signed; nothing is here."""

    patience = 600  # seconds a sign-in may take

    def __init__(self, settings: ProviderSettings, provider: Provider, sessions: Sessions, writer: Writer) -> None:
        self.name = settings.name
        self._mapped = read_mapping(settings)
        self._provider = provider
        self._sessions = sessions
        self._writer = writer

    async def start(self) -> tuple[str, str]:
        """Where to send the browser, and what it has to bring back."""
        flow = Flow(*(secrets.token_urlsafe(32) for _ in range(3)))
        return await self._provider.address(flow), await self._sealed(flow)

    async def finish(self, sealed: str, answer: Mapping[str, str], browser: Browser) -> Opened:
        """The session of whoever came back. Refused UNAUTHENTICATED for what this browser did not begin, or did before.

        UNAVAILABLE where the provider does not say.
        """
        flow = await self._opened(sealed)
        if flow is None or not hmac.compare_digest(flow.state.encode(), answer.get("state", "").encode()):
            raise not_vouched()
        if not answer.get("code"):
            raise not_vouched()
        identity = await self._provider.identity(answer["code"], flow, answer.get("iss"))
        async with self._writer.transaction() as connection:
            tx = Transaction(connection)
            if not await identities.finish(tx, hashlib.sha256(flow.state.encode()).digest(), self.patience):
                raise not_vouched()
            account = await identities.account_of(tx, identity.issuer, identity.subject, identity.name)
            if account is None:
                raise not_vouched()
            await self._regrant(tx, account, identity)
            return Opened(await self._sessions.begin(tx, account, browser, f"{MARK}{identity.issuer}"))

    async def _regrant(self, tx: Transaction, account: UUID, identity: Identity) -> None:
        """Make what came of groups what today's come to; all stays as it is where the provider says nothing of them.

        What an administrator took away since the last sign-in that told stays away, as long as the group was there
        then, too: it is given again to whoever left the group and came back.
        """
        if identity.groups is None:
            LOG.warning("the identity provider said nothing of groups that can be read: grants stay as they were")
            return
        groups = self._mapped.keys() & identity.groups
        before = await identities.groups_of(tx, identity.issuer, identity.subject)
        stayed = groups if before is None else groups & before
        came = await identities.came_of(tx, account, MARK)
        wanted = await self._wanted(tx, groups)
        for key in came.held.keys() - wanted:
            await identities.lose(tx, came.held[key], "oidc")
        kept_away = {key for key in came.taken if key[0].removeprefix(MARK) in stayed}
        for reason, role, kind, at in sorted(wanted - came.held.keys() - kept_away, key=str):
            await grant(tx.connection, account, role, kind, at, reason)
            if kind == "unit":
                await identities.settle(tx, account, str(at))
        await identities.remember(tx, identity.issuer, identity.subject, groups)

    async def _wanted(self, tx: Transaction, groups: Iterable[str]) -> set[identities.Key]:
        """What the groups come to; a seat that is not there gives nothing, and the log says so."""
        found: set[identities.Key] = set()
        for group in groups:
            for role, at in self._mapped.get(group, ()):
                try:
                    kind, place = await located(tx.connection, Seat(group, role, at))
                except Refused as refused:
                    LOG.warning("the mapping of a group gives nothing: %s", refused)
                    continue
                found.add((f"{MARK}{group}", role, kind, place))
        return found

    # --- what the browser keeps meanwhile ---

    async def _sealed(self, flow: Flow) -> str:
        said = json.dumps({**asdict(flow), "until": time.time() + self.patience}).encode()
        return f"{base64.urlsafe_b64encode(said).decode().rstrip('=')}.{await self._seal(said)}"  # "=" is no cookie's

    async def _opened(self, sealed: str) -> Flow | None:
        body, _, seal = sealed.partition(".")
        try:
            said = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        except ValueError:
            return None
        if not hmac.compare_digest(seal.encode(), (await self._seal(said)).encode()):
            return None
        found = json.loads(said)
        return Flow(found["state"], found["nonce"], found["verifier"]) if time.time() < found["until"] else None

    async def _seal(self, said: bytes) -> str:
        return hmac.digest(await self._sessions.key(), b"flow\0" + said, "sha256").hex()


def read_mapping(settings: ProviderSettings) -> Mapped:
    """The mapping file: {"group": [{"role": "town_admin", "at": "350521100"}]}; SettingError for anything else."""
    try:
        found = orjson.loads(settings.mapping.read_bytes())
        mapped = {group: tuple((each["role"], each["at"]) for each in listed) for group, listed in found.items()}
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise _unreadable(error) from None
    for role, at in (each for listed in mapped.values() for each in listed):
        if role not in SEATS or not isinstance(at, str):
            raise _unreadable(f"{role} at {at}")
    return mapped


def _unreadable(why: object) -> SettingError:
    return SettingError(
        "\n".join(
            (
                f'JINLIN_OIDC_MAPPING 须为 {{"组": [{{"role": 角色, "at": 代码}}]}}：{why}',
                f'JINLIN_OIDC_MAPPING must be {{"group": [{{"role": ROLE, "at": CODE}}]}}: {why}',
            )
        )
    )
