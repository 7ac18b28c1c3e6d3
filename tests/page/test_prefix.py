"""The page below a path of a host that is not its own: all it fetches, sends and is given stays below that path."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.conftest import Service, start_service, stop_service
from tests.page.browser import Person, Start, in_browser, open_example, ready, result, sign_in, write
from tests.page.browser import run as press_run
from tests.page.proxy import proxy

pytestmark = in_browser
PREFIX = "/county/jinlin"


@dataclass(frozen=True)
class Below:
    """Where the service is for browsers, and somebody who signs in."""

    url: str
    person: Person


@pytest.fixture(params=[True, False], ids=["stripped", "kept"])
def below(request: pytest.FixtureRequest, service: Service, people: Callable[..., Person]) -> Iterator[Below]:
    """A service over the same database behind a proxy."""
    with proxy(PREFIX, strips=request.param) as before:
        url = f"http://127.0.0.1:{before.server_address[1]}{PREFIX}"
        behind = start_service(service.database_url, PUBLIC_URL=url, TRUSTED_PROXIES="127.0.0.1")
        before.upstream = int(behind.url.rpartition(":")[2])
        try:
            yield Below(url, people("town_admin"))
        finally:
            stop_service(behind)


def test_the_page_lives_below_a_path(start: Start, below: Below) -> None:
    """Its files, signing in, an operation, a subscription and signing out; nothing else of the host is asked."""
    browser = start(url=below.url)
    sockets: list[str] = []
    page = browser.open(".card", at="/")  # the way in leads to the page, by the path alone
    page.on("websocket", lambda socket: sockets.append(socket.url))
    sign_in(page, below.person.login, below.person.password)
    ready(page)
    assert page.url == f"{below.url}/graphql"
    cookies = browser.context.cookies(f"{below.url}/graphql")
    assert {each["path"] for each in cookies} == {PREFIX}
    assert browser.context.cookies(below.url.removesuffix(PREFIX)) == []
    open_example(page, "Town")
    press_run(page)
    expect(result(page)).to_contain_text("北关社区居委会")
    write(page, 'subscription Live { orgUnit(by: { code: "350521100" }) { name } }')
    press_run(page)
    expect(result(page)).to_contain_text("螺城镇")
    expect(result(page)).not_to_contain_text("北关")
    assert sockets == [f"{below.url.replace('http', 'ws', 1)}/graphql"]
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.locator(".card")).to_be_visible()
    assert not [each for each in browser.context.cookies() if each["value"].startswith("js_")]
    assert browser.foreign == []
    assert browser.complaints == []
