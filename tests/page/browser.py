"""A real browser on the page: what it is started with, and the few things its tests do all the time."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

WEB = Path(__file__).parents[2] / "web"
EDITOR = ".graphiql-query-editor .view-line"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Nothing of the browser's own may reach the network either; and its address bar's pop-ups, which nobody sees here, are
# pages as well: making them for every tab takes a quarter of all that the tabs take. Of two lists Chromium takes the
# last, so this one holds what Playwright would switch off, too.
UNUSED = [
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable"),
    *("HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin", "ThirdPartyStoragePartitioning"),
]
FLAGS = [
    f"--disable-features={','.join(UNUSED)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# On a machine that is busy otherwise the editor takes its time; what never comes is still noticed.
expect.set_options(timeout=60_000)

in_browser = [
    # What a browser sees does not depend on the server's version.
    pytest.mark.parametrize("postgres", ["18"], indirect=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not (WEB / "dist/index.html").is_file(), reason="web/dist is missing: the page is not built"),
]


@dataclass(frozen=True)
class Person:
    """Someone who can sign in."""

    login: str
    password: str

    @property
    def name(self) -> str:
        """What the account is called: after its login, the county's code left out."""
        return f"演示 {self.login.removeprefix('350521-')}"


@dataclass
class Browser:
    """One browser profile and everything it asked for or complained about."""

    context: BrowserContext
    url: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def open(self, shown: str = f".card, {EDITOR}", *, at: str = "/graphql") -> Page:
        """Open the page in a new tab and wait for the sign-in card or the editor."""
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.url}{at}")
        expect(page.locator(shown).first).to_be_visible()
        return page

    def signed_in(self, person: Person) -> Page:
        """Open the page and sign in."""
        page = self.open(".card")
        sign_in(page, person.login, person.password)
        ready(page)
        return page

    def at_work(self, person: Person) -> Page:
        """Open the page as somebody who has signed in before: without the card, which takes half of a visit's time."""
        words = {"login": person.login, "password": person.password}
        assert self.context.request.post(f"{self.url}/session", data=words).status == 204
        return self.open(EDITOR)

    def emptied(self) -> None:
        """Close the tabs and forget all but the page's own files, which everybody is given alike."""
        for page in self.context.pages or [self.context.new_page()]:
            storage = self.context.new_cdp_session(page)
            storage.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
            page.close()
        self.context.remove_listener("request", self.note)
        self.context.clear_permissions()
        self.context.clear_cookies()

    def note(self, request: Request) -> None:
        """Note a request; one to another origin is foreign."""
        self.requests.append(request)
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


Start: TypeAlias = Callable[..., Browser]


def sign_in(page: Page, login: str, password: str) -> None:
    """Fill in the card and press Enter in it."""
    page.locator("#username").fill(login)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")


def ready(page: Page) -> None:
    """Wait until the editor is there."""
    expect(page.locator(EDITOR).first).to_be_visible()


def use_token(page: Page, token: str) -> None:
    """Unfold the card's second part and submit a token."""
    if page.locator("details[open]").count() == 0:
        page.locator("summary").click()
    page.locator("#token").fill(token)
    page.locator("#token").press("Enter")


def open_example(page: Page, name: str) -> None:
    """Turn to an example's tab and wait until GraphiQL has noticed which operation stands in the editor."""
    tabs(page).get_by_text(name, exact=True).click()
    wait_for_query(page, f" {name}")


def write(page: Page, document: str) -> None:
    """Put a document into the editor in place of what is there, and wait until GraphiQL has noticed."""
    page.locator(".graphiql-query-editor .inputarea").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(document)
    wait_for_query(page, document)


def write_tool(page: Page, name: str, text: str) -> None:
    """Write the variables or the headers, whichever button is named, in place of what is there."""
    page.get_by_role("button", name=name, exact=True).click()
    page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def wait_for_query(page: Page, part: str) -> None:
    """Wait until the stored query contains this; GraphiQL stores what is typed with a delay."""
    page.wait_for_function(
        "part => Object.entries(sessionStorage).some(([k, v]) => k.endsWith('graphiql:query') && v.includes(part))",
        arg=part,
    )


def run(page: Page) -> None:
    """Press the button that runs what stands in the editor; while something runs, the same one would stop that."""
    button = page.locator(".graphiql-execute-button")
    expect(button).to_have_attribute("aria-label", re.compile("^(运行查询|Execute query)"))
    button.click()


def result(page: Page) -> Locator:
    """The pane that shows the answer."""
    return page.locator(".result-window")


def problems(page: Page) -> Locator:
    """The panel that says what went wrong."""
    return page.locator(".problems")


def tabs(page: Page) -> Locator:
    """The open tabs."""
    return page.locator(".graphiql-tab-button")


def traces(page: Page) -> str:
    """Everything the next person at this browser could find in a tab."""
    return stored(page) + page.content()


def stored(page: Page) -> str:
    """Everything scripts of the page could read later."""
    places = (
        "{...localStorage}, {...sessionStorage}, document.cookie, location.href, await indexedDB.databases(), "
        "await caches.keys()"
    )
    kept: str = page.evaluate(f"async () => JSON.stringify([{places}])")
    return kept
