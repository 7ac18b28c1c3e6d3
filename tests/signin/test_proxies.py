"""Whose word counts on where a client is: a trusted proxy's, and nobody else's."""

from collections.abc import Iterator

import pytest

from services.errors import Code
from services.settings import SettingError, Settings
from services.site import Site, networks
from tests.conftest import Service, start_service, stop_service
from tests.http.asking import refusal
from tests.signin.browser import Browser, value

PROXIES = "10.0.0.1, 10.1.0.0/16, fd00::/8, fe80::/10"
SITE = Site(proxies=networks(each.strip() for each in PROXIES.split(",")))

HEARD: dict[str, tuple[str, list[str], str]] = {
    "no header": ("10.0.0.1", [], "10.0.0.1"),
    "one proxy": ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
    "what the client wrote": ("10.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
    "a proxy of ours, as the client says": ("10.0.0.1", ["198.51.100.1, 10.0.0.1, 203.0.113.7"], "203.0.113.7"),
    "a client, and no proxy": ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
    "a client that names a proxy": ("203.0.113.7", ["198.51.100.1, 10.0.0.1"], "203.0.113.7"),
    "several proxies": ("10.0.0.1", ["198.51.100.1,203.0.113.7 ,10.1.2.3, fd00::5"], "203.0.113.7"),
    "nobody but proxies": ("10.0.0.1", ["10.1.0.9, 10.1.2.3"], "10.1.0.9"),
    "two lines": ("10.0.0.1", ["198.51.100.1", "203.0.113.7, 10.1.2.3"], "203.0.113.7"),
    "two lines, the last a proxy's": ("10.0.0.1", ["198.51.100.1, 203.0.113.7", "10.1.2.3"], "203.0.113.7"),
    "garbage at the left": ("10.0.0.1", ["<script>, 203.0.113.7"], "203.0.113.7"),
    "garbage at the right": ("10.0.0.1", ["203.0.113.7, unknown"], "10.0.0.1"),
    "garbage behind a second proxy": ("10.0.0.1", ["203.0.113.7, ?, 10.1.2.3"], "10.1.2.3"),
    "nothing at the right": ("10.0.0.1", ["203.0.113.7,"], "10.0.0.1"),
    "an empty line": ("10.0.0.1", ["203.0.113.7", ""], "10.0.0.1"),
    "a number": ("10.0.0.1", ["3405803783"], "10.0.0.1"),
    "with a port": ("10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
    "of IPv6": ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::"),
    "of IPv6 with a port": ("fd00::1", ["[2001:db8:1:2::9]:443"], "2001:db8:1:2::"),
    "of IPv6, and no proxy": ("2001:db8::1", ["203.0.113.7"], "2001:db8::"),
    "of a link": ("fe80::1%eth0", ["203.0.113.7"], "203.0.113.7"),
    "IPv4 in IPv6, a proxy": ("::ffff:10.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
    "IPv4 in IPv6, and no proxy": ("::ffff:203.0.113.8", ["203.0.113.7"], "203.0.113.8"),
    "a peer without an address": ("", ["203.0.113.7"], ""),
}


@pytest.mark.parametrize("how", HEARD)
def test_where_a_client_is(how: str) -> None:
    peer, forwarded, found = HEARD[how]
    assert SITE.address(peer, forwarded) == found


@pytest.mark.parametrize("forwarded", [["198.51.100.1"], ["198.51.100.1, 127.0.0.1"], ["?", ""]])
def test_without_proxies_nobody_is_believed(forwarded: list[str]) -> None:
    assert Site().address("127.0.0.1", forwarded) == "127.0.0.1"


async def counted_as(browser: Browser, *headers: tuple[str, str]) -> str:
    """The address a failure to sign in is on record with."""
    answer = browser.send("POST", "/session", json={"login": "x", "password": "y"}, headers=list(headers))
    refusal(answer, Code.UNAUTHENTICATED)
    last = "SELECT detail ->> 'address' FROM audit_entry WHERE command = 'signInFailed' ORDER BY at DESC LIMIT 1"
    return str(await value(browser.service, last))


SAYING = "X-Forwarded-For"


@pytest.fixture(scope="module")
def behind(world_url: str) -> Iterator[Service]:
    """A service behind three proxies."""
    started = start_service(world_url, TRUSTED_PROXIES="127.2.0.1,127.2.0.2,127.2.0.3")
    yield started
    stop_service(started)


async def test_a_client_gains_nothing(town: Service, behind: Service) -> None:
    """With and without a proxy: it is counted as who it is, whatever it says."""
    direct = Browser(town)
    for header in (SAYING, "X-Real-IP", "Forwarded", "X-Client-IP"):
        assert await counted_as(direct, (header, "198.51.100.1")) == direct.address
    direct, proxy = Browser(behind), Browser(behind, address="127.2.0.1")
    assert await counted_as(direct, (SAYING, "198.51.100.1, 127.2.0.1")) == direct.address
    assert await counted_as(proxy, (SAYING, "198.51.100.1, 203.0.113.7")) == "203.0.113.7"
    assert await counted_as(proxy, (SAYING, "198.51.100.1, 203.0.113.7, 127.2.0.2")) == "203.0.113.7"
    assert await counted_as(proxy, (SAYING, "198.51.100.1"), (SAYING, "203.0.113.7")) == "203.0.113.7"
    assert await counted_as(proxy, (SAYING, "203.0.113.7, nonsense")) == "127.2.0.1"
    assert await counted_as(proxy, ("X-Real-IP", "198.51.100.1")) == "127.2.0.1"


async def test_clients_of_one_proxy_are_counted_apart(behind: Service) -> None:
    """Who fails keeps no other out, and does not begin anew under a made-up address."""
    proxy = Browser(behind, address="127.2.0.3")

    def tries(address: str) -> int:
        return proxy.sign_in("behind-a-proxy", "a wrong password", headers={SAYING: address}).status_code

    made_up = [tries(f"198.51.100.{number}, 203.0.113.1") for number in range(6)]
    assert made_up == [401] * 5 + [429]
    assert tries("203.0.113.2") == 401


@pytest.mark.parametrize(
    "text",
    ["x", "10.0.0.1;10.0.0.2", "10.0.0.1 10.0.0.2", "10.0.0.1,", ",", " ", "10.0.0.1/8", "10.0.0.1/33", "10.0.0.0/-1",
     "0.0.0.0/0", "::/0", "*", "::ffff:10.0.0.1", "proxy.example", "10.0.0.1:80"],
)  # fmt: skip
def test_no_proxies(text: str) -> None:
    with pytest.raises(SettingError, match="TRUSTED_PROXIES") as raised:
        Settings.read({"TRUSTED_PROXIES": text})
    assert len(str(raised.value).splitlines()) == 2  # one in each language


def test_proxies() -> None:
    assert Settings.read({"TRUSTED_PROXIES": PROXIES}).site.proxies == SITE.proxies
    assert Settings.read({"TRUSTED_PROXIES": ""}).site.proxies == ()


@pytest.mark.parametrize(
    ("text", "public", "secure"),
    [
        ("https://jinlin.example", "https://jinlin.example", True),
        ("HTTPS://Jinlin.Example:443/", "https://jinlin.example", True),
        ("http://jinlin.example:80", "http://jinlin.example", False),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443", True),
        ("https://County.example/Jinlin/", "https://county.example", True),
        ("http://county.example:8080/a.b/jin-lin", "http://county.example:8080", False),
    ],
)
def test_where_the_service_is(text: str, public: str, secure: bool) -> None:
    site = Settings.read({"PUBLIC_URL": text}).site
    assert (site.public, site.secure) == (public, secure)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [("https://x", ""), ("https://x/", ""), ("https://x/jinlin", "/jinlin"), ("https://x/a/B.c/", "/a/B.c")],
)
def test_below_which_path(text: str, prefix: str) -> None:
    assert Settings.read({"PUBLIC_URL": text}).site.prefix == prefix


@pytest.mark.parametrize(
    "text",
    ["jinlin.example", "ftp://jinlin.example", "https://", "https://a b", "https://*.example", "https://x/a b",
     "https://x?y", "https://u@x", "https://x:99999", "https://x//", "https://a,b", "null", "https://x/a//b",
     "https://x//a", "https://x/../a", "https://x/a/.", "https://x/%2e", "https://x/a?b", "https://x/a#b", "https://x/近",
     "https://x/a;b", "https://x/graphql", "https://x/session/a", "https://x/assets", "https://x/health"],
)  # fmt: skip
def test_nowhere(text: str) -> None:
    with pytest.raises(SettingError, match="PUBLIC_URL") as raised:
        Settings.read({"PUBLIC_URL": text})
    assert len(str(raised.value).splitlines()) == 2
