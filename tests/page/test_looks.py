"""How the page looks: on a narrow screen, and to those who read it with other means than good eyes and a mouse.

Needs Chromium on the machine and the page built into `web/dist`; skipped, and said so, without either.
"""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.page.browser import WEB, Person, Start, in_browser, ready, result, sign_in
from tests.page.browser import run as press_run

pytestmark = in_browser
People = Callable[..., Person]
AXE = WEB / "node_modules/axe-core/axe.min.js"
VIOLATIONS = "async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes.map(({html}) => html)])"
PARTS = [
    "header",
    ".graphiql-session-header",
    ".graphiql-query-editor",
    ".graphiql-editor-tools",
    ".graphiql-editor-tool",
    ".graphiql-response",
    ".graphiql-sidebar",
]


def violations(page: Page) -> Any:
    """What axe finds wrong with the page as it stands."""
    page.evaluate(AXE.read_text("utf-8"))
    return page.evaluate(VIOLATIONS)


@pytest.mark.parametrize(
    ("role", "scheme", "width"),
    [
        ("county_admin", "light", 1280),
        ("company_secretary", "dark", 390),
    ],
)
def test_axe_finds_nothing_on_the_card_the_workbench_and_the_documentation(
    start: Start, people: People, role: str, scheme: Any, width: int
) -> None:
    """No rule of axe's own set is violated, nested controls and contrast among them."""
    person = people(role)
    page = start(width=width, height=900).open(".card")
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []
    sign_in(page, person.login, person.password)
    ready(page)
    press_run(page)
    expect(result(page)).to_contain_text(role)
    assert violations(page) == []
    page.locator('.graphiql-sidebar button[data-index="0"]').click()
    expect(page.locator(".graphiql-doc-explorer-root-type").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("role", "locale"), [("town_admin", "en-US"), ("company_secretary", "zh-CN")])
def test_it_works_on_a_narrow_screen(start: Start, people: People, role: str, locale: str) -> None:
    """At 390 px one signs in, runs and reads; nothing hangs out sideways or lies over another part."""
    person = people(role)
    page = start(locale, width=390, height=844).open(".card")
    sign_in(page, person.login, person.password)
    ready(page)
    expect(page.locator(".seat")).to_be_in_viewport()
    expect(page.locator(".graphiql-execute-button")).to_be_in_viewport()
    press_run(page)
    expect(result(page)).to_contain_text(role)
    assert_apart(page)
    result(page).scroll_into_view_if_needed()
    expect(result(page)).to_be_in_viewport()
    assert result(page).bounding_box()["width"] > 300  # type: ignore[index]
    # Playwright presses only what nothing else lies over.
    page.locator('.graphiql-sidebar button[data-index="0"]').click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    assert_apart(page, ".graphiql-plugin")
    press_run(page)
    page.get_by_role("button", name="退出" if locale == "zh-CN" else "Sign out", exact=True).click()
    expect(page.locator(".card")).to_be_visible()


def assert_apart(page: Page, *more: str) -> None:
    """No part lies over another, none hangs out of the screen, and each editor stays within its part."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes: dict[str, Any] = {part: page.locator(part).first.bounding_box() for part in [*PARTS[1:], *more]}
    for (first, one), (second, other) in combinations(boxes.items(), 2):
        if "editor-tool" in first and "editor-tool" in second:
            continue
        below = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
        assert below <= 1, (first, second, one, other)
    for part in (".graphiql-query-editor", ".graphiql-response"):
        outer, inner = boxes[part], page.locator(f"{part} .monaco-editor").first.bounding_box()
        assert inner is not None
        assert inner["y"] >= outer["y"] - 1, part
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1, part
