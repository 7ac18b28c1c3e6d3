"""The GraphiQL page in a real browser, against the real service, and every example query it offers.

Needs Chromium on the machine and the page built into `web/dist`; the tests of the browser are skipped without either.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect, sync_playwright

# What a browser sees does not depend on the server's version.
pytestmark = pytest.mark.parametrize("postgres", ["18"], indirect=True)

WEB = Path(__file__).parents[1] / "web"
EXAMPLES = sorted((WEB / "examples").glob("*.graphql"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Nothing of the browser's own may reach the network either.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOWN = "350521100"
COMMUNITY = "北关社区"
COMMUNITY_ID = '{ orgUnit(by: {code: "350521100001"}) { id } }'

in_browser = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not (WEB / "dist/index.html").is_file(), reason="web/dist is missing: the page is not built"),
]


class Service(Protocol):
    """The running service, from `conftest.py`."""

    url: str

    def token(self, role: str, code: str) -> str:
        """Return a bearer token for a role at a unit's code."""


@dataclass
class Browser:
    """One browser profile and everything it asked for or complained about."""

    context: BrowserContext
    url: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)

    def open(self) -> Page:
        """Open the page in a new tab and wait for its editor."""
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.url}/graphql")
        expect(page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
        return page

    def request(self, method: str, url: str) -> None:
        """Note a request to another origin, and every operation."""
        if not url.startswith((f"{self.url}/", "data:", "blob:")):
            self.foreign.append(url)
        elif method == "POST":
            self.operations.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


Start: TypeAlias = Callable[[str], Browser]


@pytest.fixture
def start(service: Service, tmp_path: Path) -> Iterator[Start]:
    """Start browsers, each with an empty profile, in the locale asked for; all are closed after the test."""
    with sync_playwright() as playwright:
        started: list[Browser] = []

        def launch(locale: str) -> Browser:
            context = playwright.chromium.launch_persistent_context(
                tmp_path / f"profile-{len(started)}",
                executable_path=CHROMIUM,
                args=FLAGS,
                locale=locale,
                # Editors draw only the lines in view: tall enough for a whole answer's beginning.
                viewport={"width": 1400, "height": 1800},
            )
            browser = Browser(context, service.url)
            context.on("request", lambda request: browser.request(request.method, request.url))
            started.append(browser)
            return browser

        yield launch
        for browser in started:
            browser.context.close()


def enter(page: Page, label: str, token: str) -> None:
    """Type a token into the labelled field and submit it."""
    page.get_by_label(label).fill(token)
    page.get_by_label(label).press("Enter")


def open_example(page: Page, name: str) -> None:
    """Turn to an example's tab and wait until GraphiQL has noticed which operation stands in the editor."""
    page.get_by_role("tab", name=name, exact=True).click()
    page.wait_for_function("name => localStorage['graphiql:query']?.includes(`query ${name}`)", arg=name)


def run(page: Page, button: str) -> None:
    """Press the button that runs what stands in the editor; its label ends in the shortcut."""
    page.get_by_role("button", name=re.compile(rf"^{button} \(")).click()


def tabs(page: Page) -> list[str]:
    """Return the titles of the open tabs."""
    return page.locator(".graphiql-tab-button").all_inner_texts()


class TestPage:
    """What an administrator sees and does."""

    pytestmark = in_browser

    def test_a_town_administrator_signs_in_and_runs_the_town_example(self, start: Start, service: Service) -> None:
        browser = start("zh-CN")
        page = browser.open()
        status = page.locator("#token-status")
        enter(page, "访问令牌", "jl_wrong")
        expect(status).to_have_text("未接受")
        expect(page.get_by_role("alert").filter(has_text="服务没有接受这个令牌")).to_be_visible()
        # The one complaint a browser cannot be kept from making: it logs every 401.
        assert [re.sub(r".*(401).*", r"\1", complaint) for complaint in browser.complaints] == ["401"]
        browser.complaints.clear()

        enter(page, "访问令牌", service.token("town_admin", TOWN))
        expect(status).to_have_text("已接受")
        open_example(page, "Town")
        run(page, "运行查询")
        expect(page.locator(".result-window")).to_contain_text(COMMUNITY)
        page.get_by_role("button", name="显示接口文档").click()
        expect(page.get_by_role("link", name="OrgUnit", exact=True)).to_be_visible()
        assert browser.complaints == []
        assert browser.foreign == []

    def test_the_page_speaks_english_and_remembers_a_switch(self, start: Start, service: Service) -> None:
        browser = start("en-US")
        page = browser.open()
        enter(page, "Access token", service.token("town_admin", TOWN))
        expect(page.locator("#token-status")).to_have_text("accepted")
        open_example(page, "Town")
        run(page, "Execute query")
        expect(page.locator(".result-window")).to_contain_text(COMMUNITY)
        page.get_by_role("button", name="中文").click()
        expect(page.get_by_label("访问令牌")).to_be_visible()
        expect(page.locator("#token-status")).to_have_text("已接受")
        page.reload()
        expect(page.get_by_role("button", name="English")).to_be_visible()
        assert browser.complaints == []
        assert browser.foreign == []

    def test_without_a_token_it_explains_and_asks_the_service_nothing(self, start: Start) -> None:
        browser = start("zh-CN")
        page = browser.open()
        expect(page.get_by_role("note")).to_contain_text("请先在上方填入访问令牌")
        run(page, "运行查询")
        expect(page.locator(".result-window")).to_contain_text("UNAUTHENTICATED")
        enter(page, "访问令牌", "令牌")
        expect(page.locator("#token-status")).to_have_text("未接受")
        assert browser.operations == []
        assert browser.complaints == []

    def test_the_token_stays_in_its_tab_until_it_is_cleared(self, start: Start, service: Service) -> None:
        browser = start("zh-CN")
        page = browser.open()
        token = service.token("town_admin", TOWN)
        enter(page, "访问令牌", token)
        expect(page.locator("#token-status")).to_have_text("已接受")
        page.reload()
        expect(page.locator("#token-status")).to_have_text("已接受")
        assert token not in page.evaluate("JSON.stringify(localStorage)")
        expect(browser.open().locator("#token-status")).to_have_text("未填写")
        page.get_by_role("button", name="清除").click()
        expect(page.locator("#token-status")).to_have_text("未填写")
        assert token not in page.evaluate("JSON.stringify(sessionStorage)")

    def test_headers_typed_by_hand_are_sent_but_never_stored(self, start: Start, service: Service) -> None:
        page = start("zh-CN").open()
        enter(page, "访问令牌", service.token("town_admin", TOWN))
        expect(page.locator("#token-status")).to_have_text("已接受")
        open_example(page, "Town")
        page.get_by_role("button", name="请求头", exact=True).click()
        page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines").click()
        page.keyboard.insert_text('{"X-Typed": "by-hand"}')
        # Editors report to their tab with the same delay, so once this later edit has arrived the header has too.
        page.locator(".graphiql-query-editor .view-lines").click()
        page.keyboard.insert_text("# later\n")
        page.wait_for_function("() => localStorage['graphiql:query'].includes('# later')")
        with page.expect_request(lambda request: request.headers.get("x-typed") == "by-hand"):
            run(page, "运行查询")
        page.wait_for_function("() => localStorage['graphiql:queries']?.includes('# later')")
        assert "by-hand" not in page.evaluate("JSON.stringify(localStorage)")

    def test_tabs_are_kept_and_the_examples_can_be_brought_back(self, start: Start) -> None:
        page = start("zh-CN").open()
        names = tabs(page)
        assert len(names) == len(EXAMPLES)
        page.get_by_role("button", name="关闭标签页").first.click()
        expect(page.locator(".graphiql-tab-button")).to_have_count(len(names) - 1)
        page.wait_for_function(
            "n => JSON.parse(localStorage['graphiql:tabState']).tabs.length === n", arg=len(names) - 1
        )
        page.reload()
        expect(page.locator(".graphiql-tab-button")).to_have_text(names[1:])
        page.get_by_role("button", name="示例").click()
        page.get_by_role("menuitem", name="打开全部示例").click()
        expect(page.locator(".graphiql-tab-button")).to_have_text(names[1:] + names)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_has_a_title_in_both_languages_and_an_answer(service: Service, path: Path) -> None:
    query = path.read_text(encoding="utf-8")
    assert re.match(r"# .*[\u4e00-\u9fff].*\n# [\x20-\x7e]+\n(query|mutation|subscription) \w+", query)
    variables = path.with_suffix(".json")
    given = json.loads(variables.read_text("utf-8")) if variables.exists() else {}
    if "mutation" in query:
        assert given["input"]["dryRun"]
        given["input"]["unitId"] = ask(service, COMMUNITY_ID, {})["data"]["orgUnit"]["id"]
    answer = ask(service, query, given)
    assert "errors" not in answer
    assert all(value is not None for value in answer["data"].values())


def ask(service: Service, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    request = Request(f"{service.url}/graphql", json.dumps({"query": query, "variables": variables}).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", f"Bearer {service.token('county_admin', '350521')}")
    with urlopen(request, timeout=10) as response:
        answer: dict[str, Any] = json.load(response)
    return answer
