"""Whoever leaves takes everything along: nothing of theirs is left in any tab of the browser for the next person.

Needs Chromium on the machine and the page built into `web/dist`; skipped, and said so, without either.
"""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import Service, run
from tests.page.browser import (
    EDITOR,
    Person,
    Start,
    in_browser,
    ready,
    result,
    sign_in,
    tabs,
    traces,
    use_token,
    write,
    write_tool,
)
from tests.page.browser import run as press_run
from tests.page.conftest import Seats, revoke

pytestmark = in_browser
People = Callable[..., Person]

OPERATION, PHONE, HEADER = "MineAlone", "13800001234", "by-hand"


def work(page: Page, person: str) -> None:
    """Leave a trace wherever one can be left: query, variables, headers, history, answer; and see that it is there."""
    page.bring_to_front()  # a tab behind another draws once a second
    write_tool(page, "请求头", f'{{"X-Typed": "{HEADER}"}}')
    write_tool(page, "变量", f'{{"phone": "{PHONE}"}}')
    write(page, f"query {OPERATION} {{ viewer {{ name }} }}")
    press_run(page)
    expect(result(page)).to_contain_text(person)
    page.wait_for_function(
        "part => Object.entries(sessionStorage).some(([k, v]) => k.endsWith(':queries') && v.includes(part))", arg=PHONE
    )
    page.get_by_role("button", name="显示历史记录").click()
    expect(page.locator(".graphiql-history-item").first).to_contain_text(OPERATION)


def assert_nothing_left(page: Page, person: str) -> None:
    """Not now, and not after a reload either; the page's own language may stay."""
    page.bring_to_front()
    expect(page.locator(".card")).to_be_visible()
    for found in (traces(page), _later(page)):
        assert [part for part in (OPERATION, PHONE, HEADER, person) if part in found] == []
    assert set(page.evaluate("Object.keys(localStorage)")) <= {"jinlin:language"}
    assert page.evaluate("Object.keys(sessionStorage)") == []


def _later(page: Page) -> str:
    page.reload()
    expect(page.locator(".card")).to_be_visible()
    return traces(page)


def test_who_signs_out_leaves_nothing_in_any_tab(start: Start, people: People) -> None:
    """Both tabs of the browser hold work of the person, one signs out; the next visit begins anew."""
    browser = start()
    person = people("company_secretary")
    name = person.name
    first, second = browser.at_work(person), browser.open(EDITOR)
    for page in (first, second):
        work(page, name)
    with second.expect_event("load"):
        first.get_by_role("button", name="退出").click()
    for page in (first, second):
        assert_nothing_left(page, name)
    sign_in(first, person.login, person.password)
    ready(first)
    ready(second)
    assert [page for page in (first, second) if OPERATION in traces(page)] == []
    assert browser.complaints == []
    assert browser.foreign == []


def test_one_signs_out_in_every_browser_at_once(start: Start, people: People) -> None:
    """The other browser's session is over as well, and its page says so when next it asks."""
    person = people("town_admin")
    here, elsewhere = start("en-US").at_work(person), start().at_work(person)
    here.get_by_role("button", name="Sign out everywhere").click()
    expect(here.locator(".card")).to_be_visible()
    press_run(elsewhere)
    expect(elsewhere.get_by_role("dialog")).to_contain_text("登录已经结束")


def test_who_would_sign_out_everywhere_by_a_session_that_is_over_signs_in_first(
    start: Start, people: People, service: Service
) -> None:
    """One that is over is no one's word, and nobody is to believe that the others have ended."""
    person = people("town_admin")
    page = start().at_work(person)
    run(revoke(service.database_url, person.login))
    page.get_by_role("button", name="结束全部登录").click()
    expect(page.get_by_role("dialog")).to_contain_text("登录已经结束")


def test_the_last_of_ones_work_is_not_stored_after_one_has_left(start: Start, people: People) -> None:
    """Editors and storage follow typing with a delay; leaving is faster."""
    page = start().at_work(people("town_admin"))
    page.locator(".graphiql-query-editor .view-lines").click()
    page.evaluate(
        "() => { const set = Storage.prototype.setItem;"
        " Storage.prototype.setItem = function (key, value) {"
        "   set.call(this, key, value); if (document.querySelector('main .asking, .card')) localStorage.late = key; } }"
    )
    page.keyboard.insert_text(f"# {OPERATION}")
    page.get_by_role("button", name="退出").click()
    expect(page.locator(".card")).to_be_visible()
    assert page.evaluate("localStorage.late") is None
    assert OPERATION not in traces(page)


def test_the_next_token_finds_nothing_of_the_one_before(start: Start, service: Service, seats: Seats) -> None:
    """Neither the answer nor a tab, although no session was there to end."""
    page = start().open(".card")
    use_token(page, service.token("partner", seats["partner"]))
    ready(page)
    work(page, "partner")
    page.get_by_role("button", name="移除令牌").click()
    expect(page.locator(".card")).to_be_visible()
    assert_nothing_left(page, "演示")
    use_token(page, service.token("auditor", seats["auditor"]))
    ready(page)
    expect(tabs(page).filter(has_text="Grants")).to_have_count(1)
    assert [part for part in (OPERATION, PHONE, HEADER) if part in traces(page)] == []
    expect(result(page)).not_to_contain_text("partner")


def test_who_signs_in_where_anothers_session_has_ended_finds_nothing(
    start: Start, people: People, service: Service
) -> None:
    """The work waits covered for its owner alone: it goes when somebody else signs in, in all tabs."""
    browser = start()
    gone, came = people("community_admin"), people("town_admin")
    name = gone.name
    page, second = browser.at_work(gone), browser.open(EDITOR)
    for each in (page, second):
        work(each, name)
    run(revoke(service.database_url, gone.login))
    press_run(page)
    expect(page.get_by_role("dialog")).to_contain_text("登录已经结束")
    sign_in(page, came.login, came.password)
    for each in (page, second):
        expect(each.locator(".seat")).to_contain_text("乡镇管理员")
        ready(each)
        expect(tabs(each).filter(has_text="Town")).to_have_count(1)
        assert [part for part in (OPERATION, PHONE, HEADER, name) if part in traces(each)] == []


def test_a_reload_while_signed_in_keeps_ones_work_and_another_tab_has_its_own(start: Start, people: People) -> None:
    """It is kept in the tab it was typed in, so closing that is enough."""
    browser = start()
    page = browser.at_work(people("county_admin"))
    work(page, "演示 county_admin")
    stored = "of => Object.entries(sessionStorage).some(([k, v]) => k.endsWith('graphiql:tabState') && v.includes(of))"
    page.wait_for_function(stored, arg=PHONE)  # GraphiQL stores what is typed with a delay
    page.reload()
    expect(tabs(page).filter(has_text=OPERATION)).to_have_count(1)
    expect(page.locator(".graphiql-editor-tool").first).to_contain_text(PHONE)
    page.close()
    assert OPERATION not in traces(browser.open(EDITOR))
