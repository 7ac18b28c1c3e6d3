"""What helps while one writes: punctuation of a Chinese keyboard, the documentation's search, shortcuts.

Needs Chromium on the machine and the page built into `web/dist`; skipped, and said so, without either.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.page.browser import Person, Start, in_browser, problems, result, wait_for_query, write, write_tool
from tests.page.browser import run as press_run

pytestmark = in_browser
People = Callable[..., Person]


def editor(page: Page) -> str:
    """The query as it stands, with the blanks that the editor draws as others."""
    return page.locator(".graphiql-query-editor .view-lines").inner_text().replace("\xa0", " ")


def test_full_width_punctuation_is_told_and_replaced_with_one_click(start: Start, people: People) -> None:
    """Outside of texts and comments only; in variables as well; and the answer comes."""
    browser = start()
    page = browser.at_work(people("company_secretary"))
    hints = page.locator(".hints")
    expect(hints).to_be_empty()
    write(page, "query Wide（$t：String！）｛ viewer { name } search(text: $t) { totalCount } ｝ # （注释）")
    expect(hints).to_contain_text("查询 里有全角标点 （ ： ！ ） ｛ ｝")
    press_run(page)
    expect(problems(page)).to_contain_text("“（”是全角字符，请换成半角的“(”")
    page.get_by_role("button", name="全部换成半角").click()
    expect(hints).to_be_empty()
    wait_for_query(page, "query Wide($t:String!){ viewer")
    assert "# （注释）" in editor(page)
    write_tool(page, "变量", "｛“t”：“螺城，镇”｝")
    expect(hints).to_contain_text("变量 里有全角标点")
    page.get_by_role("button", name="全部换成半角").click()
    expect(page.locator(".graphiql-editor-tool").first).to_contain_text('{"t":"螺城，镇"}')
    expect(hints).to_be_empty()
    press_run(page)
    expect(result(page)).to_contain_text("演示 company_secretary")
    expect(problems(page)).to_be_empty()


@pytest.mark.parametrize(
    ("locale", "lookups"),
    [
        ("zh-CN", {"楼长": "Building.captain", "首三位": "Member.maskedPhone"}),
        ("en-US", {"capTAINless": None, "building captain": "CaptainAssignment"}),
    ],
)
def test_the_documentation_is_searched_by_name_and_by_description(
    start: Start, people: People, locale: str, lookups: dict[str, str | None]
) -> None:
    """In both languages; what is found is opened."""
    browser = start(locale)
    page = browser.at_work(people("town_admin"))
    page.locator('.graphiql-sidebar button[data-index="0"]').click()
    search = page.get_by_role("searchbox")
    expect(search).to_have_count(1)
    listed = page.locator(".documentation form li")
    for looked, found in lookups.items():
        search.fill(looked)
        if found is None:
            expect(listed).to_have_text("Nothing found")
            continue
        listed.locator("code").get_by_text(found, exact=True).click()
        expect(listed).to_have_count(0)
        expect(page.locator(".graphiql-doc-explorer-title")).to_have_text(found.rpartition(".")[2])
    assert browser.complaints == []


def test_every_advertised_shortcut_works(start: Start, people: People) -> None:
    """All that the dialogue lists, as a keyboard of Linux or Windows has them."""
    browser = start()
    browser.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=browser.url)
    page = browser.at_work(people("town_admin"))
    page.locator('[data-value="short-keys"]').click()
    listed = [row.replace(" ", "") for row in page.locator(".graphiql-table td:first-child").all_inner_texts()]
    page.locator(".graphiql-dialog").press("Escape")
    expect(page.locator(".graphiql-dialog")).to_have_count(0)
    tried = {
        "Ctrl+Enter": _runs,
        "F1": _opens_the_palette,
        "Shift+Ctrl+P": _prettifies,
        "Shift+Ctrl+C": _copies,
        "Shift+Ctrl+R": _reads_the_schema_again,
        "Ctrl+Alt+K": _searches_the_documentation,
        "Ctrl+F": _finds,
        "Shift+Ctrl+M": _merges,
    }
    assert set(listed) == set(tried)
    assert not browser.complaints
    for keys, works in tried.items():
        write(page, "query Keys { viewer { ...Own } } fragment Own on Viewer { name }")
        works(page, keys.replace("Ctrl", "Control"))


def _runs(page: Page, keys: str) -> None:
    page.keyboard.press(keys)
    expect(result(page)).to_contain_text("演示 town_admin")


def _opens_the_palette(page: Page, keys: str) -> None:
    page.keyboard.press(keys)
    expect(page.locator(".quick-input-widget")).to_be_visible()
    page.keyboard.press("Escape")


def _prettifies(page: Page, keys: str) -> None:
    page.keyboard.press(keys)
    wait_for_query(page, "query Keys {\n  viewer {\n")


def _copies(page: Page, keys: str) -> None:
    page.evaluate("navigator.clipboard.writeText('')")
    page.keyboard.press(keys)
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('query Keys')")


def _reads_the_schema_again(page: Page, keys: str) -> None:
    page.evaluate("addEventListener('keydown', (event) => { window.kept = event.defaultPrevented })")
    with page.expect_request(lambda request: "IntrospectionQuery" in (request.post_data or "")):
        page.keyboard.press(keys)
    assert page.evaluate("window.kept") is True


def _searches_the_documentation(page: Page, keys: str) -> None:
    page.keyboard.press(keys)
    expect(page.get_by_role("searchbox")).to_be_focused()


def _finds(page: Page, keys: str) -> None:
    page.keyboard.press(keys)
    expect(page.locator(".find-widget.visible")).to_be_visible()
    page.keyboard.press("Escape")


def _merges(page: Page, keys: str) -> None:
    page.keyboard.press(keys)
    wait_for_query(page, "query Keys {\n  viewer {\n    name")
