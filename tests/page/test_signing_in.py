"""Signing in and out on the page, in a real browser against the real service.

Needs Chromium on the machine and the page built into `web/dist`; skipped, and said so, without either.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Service, run, start_service, stop_service
from tests.page.browser import (
    EDITOR,
    Person,
    Start,
    in_browser,
    open_example,
    problems,
    ready,
    result,
    sign_in,
    stored,
    use_token,
    write,
)
from tests.page.browser import run as press_run
from tests.page.conftest import Seats, revoke

pytestmark = in_browser
People = Callable[..., Person]

LOGGED_401 = re.compile(r"status of 401")  # the one complaint a browser cannot be kept from making


@pytest.mark.parametrize(
    ("role", "locale", "shown", "example", "found"),
    [
        ("county_admin", "zh-CN", "县级管理员 · 惠安县", "Coverage", "螺城镇"),
        ("company_secretary", "en-US", "Company secretary · 演示物业01公司", "Company", "北关社区演示1号小区"),
    ],
)
def test_a_person_signs_in_sees_role_and_seat_runs_a_ready_operation_and_signs_out(
    start: Start, people: People, role: str, locale: str, shown: str, example: str, found: str
) -> None:
    """The whole visit, without a request to another host or a complaint in the console."""
    browser = start(locale)
    page = browser.signed_in(people(role))
    expect(page.locator(".seat")).to_contain_text(shown)
    open_example(page, example)
    press_run(page)
    expect(result(page)).to_contain_text(found)
    expect(problems(page)).to_be_empty()
    page.get_by_role("button", name="退出" if locale == "zh-CN" else "Sign out", exact=True).click()
    expect(page.locator(".card")).to_be_visible()
    assert found not in page.content()
    page.reload()
    expect(page.locator(".card")).to_be_visible()
    assert browser.complaints == []
    assert browser.foreign == []


@pytest.mark.parametrize(
    ("locale", "wrong", "locked"),
    [("zh-CN", "登录名或密码不正确。", r"请在 \d+ 秒后重试"), ("en-US", "is not right.", r"try again in \d+ seconds")],
)
def test_a_wrong_password_and_a_lock_are_explained_in_the_readers_language(
    start: Start, locale: str, wrong: str, locked: str
) -> None:
    """A name that does not exist is answered alike, so none is needed here."""
    page = start(locale).open(".card")
    said = page.locator("#said")
    sign_in(page, f"nobody-{locale}", "not the password")
    expect(said).to_contain_text(wrong)
    expect(page.locator("#password")).to_be_focused()
    for _ in range(8):
        with page.expect_response(lambda response: response.url.endswith("/session")) as answered:
            page.locator("#password").press("Enter")
        if answered.value.status == 429:
            break
        expect(page.locator("form[aria-busy=false]").first).to_be_visible()
    expect(said).to_contain_text(re.compile(locked))


def test_the_password_is_sent_once_and_kept_nowhere(start: Start, people: People) -> None:
    """Neither the address nor storage nor a cookie scripts can read holds the password or the session."""
    browser = start()
    person = people("town_admin")
    page = browser.signed_in(person)
    assert person.password not in stored(page)
    assert "js_" not in stored(page)
    assert all(person.password not in request.url for request in browser.requests)
    carrying = [request for request in browser.requests if person.password in (request.post_data or "")]
    assert [(request.method, request.url) for request in carrying] == [("POST", f"{browser.url}/session")]
    [cookie] = [each for each in browser.context.cookies() if each["value"].startswith("js_")]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"


def test_it_can_be_used_by_keyboard_and_by_password_managers(start: Start, people: People) -> None:
    """The login has the focus, Tab leads on, Enter submits; fields say what they are for."""
    page = start("en-US").open(".card")
    person = people("town_admin")
    expect(page.get_by_label("Login")).to_be_focused()
    expect(page.get_by_label("Login")).to_have_attribute("autocomplete", "username")
    expect(page.get_by_label("Login")).to_have_accessible_description(re.compile("county's code, like 350521-lin.xiao"))
    expect(page.get_by_label("Password")).to_have_attribute("autocomplete", "current-password")
    page.keyboard.type(person.login)
    page.keyboard.press("Tab")
    page.keyboard.type(person.password)
    page.keyboard.press("Enter")
    ready(page)


def test_the_back_button_shows_nothing_after_signing_out(start: Start, people: People) -> None:
    """Not of a page that was left while it showed an answer, either."""
    browser = start()
    page = browser.signed_in(people("town_admin"))
    press_run(page)
    expect(result(page)).to_contain_text("螺城镇")
    page.goto(f"{browser.url}/health")
    other = browser.open(EDITOR)
    other.get_by_role("button", name="退出").click()
    expect(other.locator(".card")).to_be_visible()
    page.go_back()
    expect(page.locator(".card")).to_be_visible()
    assert "螺城镇" not in page.content()


def test_a_session_that_ended_is_told_and_what_was_typed_is_kept(
    start: Start, people: People, service: Service
) -> None:
    """The workbench is covered, its answers out of reach, until someone signs in; then it is as it was."""
    browser = start()
    person = people("community_admin")
    page = browser.signed_in(person)
    write(page, "query Typed { viewer { name } }")
    run(revoke(service.database_url, person.login))
    press_run(page)
    again = page.get_by_role("dialog")
    expect(again).to_contain_text("登录已经结束")
    page.keyboard.press("Escape")
    expect(again).to_be_visible()
    sign_in(page, person.login, person.password)
    expect(again).to_have_count(0)
    expect(page.locator(".graphiql-query-editor")).to_contain_text("query Typed")
    press_run(page)
    expect(result(page)).to_contain_text(person.name)
    assert all(LOGGED_401.search(complaint) for complaint in browser.complaints)


def test_a_programs_token_works_in_its_tab_alone_and_never_beside_a_cookie(
    start: Start, service: Service, seats: Seats
) -> None:
    """It is sent as a header without the cookie, kept for this tab, and gone when it is removed."""
    browser = start()
    browser.context.add_cookies([{"name": "witness", "value": "sent", "url": browser.url}])
    page = browser.open(".card")
    use_token(page, "jl_wrong")
    expect(page.locator("#token-said")).to_contain_text("服务没有接受这个令牌")
    use_token(page, "令牌")
    expect(page.locator("#token-said")).to_contain_text("可能没有复制完整")
    token = service.token("partner", seats["partner"])
    use_token(page, token)
    ready(page)
    expect(page.locator(".seat")).to_contain_text("合作单位 · 螺城镇")
    press_run(page)
    expect(result(page)).to_contain_text("partner")
    page.reload()
    ready(page)
    with_token = [request for request in browser.requests if "authorization" in request.headers]
    assert with_token
    assert any("cookie" in request.all_headers() for request in browser.requests)
    assert all("cookie" not in request.all_headers() for request in with_token)
    assert token not in page.evaluate("JSON.stringify({...localStorage})")
    expect(browser.open(".card").locator(".card")).to_be_visible()
    page.get_by_role("button", name="移除令牌").click()
    expect(page.locator(".card")).to_be_visible()
    assert token not in stored(page)


def test_a_service_that_is_away_is_told_from_a_wrong_password(service: Service, start: Start) -> None:
    """Nobody shall doubt their password because a cable is loose."""
    away = start_service(service.database_url)
    try:
        page = start("en-US", url=away.url).open(".card")
    finally:
        stop_service(away)
    sign_in(page, "town_admin", "whatever it is")
    expect(page.locator("#said")).to_contain_text("The service cannot be reached")


def test_an_identity_provider_is_offered_where_there_is_one(service: Service, start: Start, tmp_path: Path) -> None:
    """As a plain link to this origin: what follows is the service's."""
    mapping = tmp_path / "mapping.json"
    mapping.write_text("{}")
    with_provider = start_service(
        service.database_url,
        PUBLIC_URL="http://127.0.0.1:9",
        JINLIN_OIDC_DISCOVERY="http://127.0.0.1:9/.well-known/openid-configuration",
        JINLIN_OIDC_CLIENT_ID="jinlin",
        JINLIN_OIDC_MAPPING=str(mapping),
        JINLIN_OIDC_NAME="县政务平台",
    )
    try:
        page: Page = start(url=with_provider.url).open(".card")
        expect(page.get_by_role("link", name="用县政务平台登录")).to_have_attribute("href", "/session/oidc")
    finally:
        stop_service(with_provider)
