"""Changing one's own password on the page, in a real browser against the real service."""

import re
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from policies.people import register
from policies.tokens import Seat
from services.storage.database import connected
from tests.conftest import Service, run
from tests.page.browser import Person, Start, in_browser, ready, sign_in, stored, use_token
from tests.page.conftest import Seats

pytestmark = in_browser

NUMBERS = count(1)
NEW = "a word of my own"
LOGGED = re.compile(r"status of 40[01]")  # the complaints a browser cannot be kept from making


@pytest.fixture
def person(service: Service, seats: Seats) -> Person:
    """Somebody whose password only this test changes."""
    return _registered(service, seats, temporary=False)


def _registered(service: Service, seats: Seats, *, temporary: bool) -> Person:
    made = Person(f"350521-changes-{next(NUMBERS)}", "correct horse battery")

    async def register_() -> None:
        async with connected(service.database_url) as connection:
            seat = Seat(made.name, "town_admin", seats["town_admin"])
            await register(connection, seat, made.login, made.password, temporary=temporary)

    run(register_())
    return made


def fill(dialog: Locator, *typed: str) -> None:
    """Fill in the current password, the new one and the new one again, and press Enter in the last."""
    fields = dialog.locator("input")
    for number, text in enumerate(typed):
        fields.nth(number).fill(text)
    fields.last.press("Enter")


def again(page: Page, person: Person, password: str) -> None:
    """Sign out, and in by this password."""
    page.get_by_role("button", name=re.compile("^(退出|Sign out)$")).click()
    sign_in(page, person.login, password)


@pytest.mark.parametrize(
    ("locale", "opens", "differ", "wrong", "short", "changed"),
    [
        ("zh-CN", "修改密码", "两次输入的新密码不一致", "当前密码不正确", "密码须为 10 至 200 个字符", "密码已修改"),
        (
            *("en-US", "Change password", "The two new passwords differ", "The current password is not right"),
            *("A password has 10 to 200 characters", "Password changed"),
        ),
    ],
)
def test_someone_changes_their_password(
    start: Start, person: Person, locale: str, opens: str, differ: str, wrong: str, short: str, changed: str
) -> None:
    """What is wrong is said in the reader's language, in the field to type again; then only the new one opens."""
    browser = start(locale)
    page = browser.at_work(person)
    page.get_by_role("button", name=opens).click()
    dialog = page.get_by_role("dialog", name=opens)
    current, new, repeated = (dialog.locator("input").nth(number) for number in range(3))
    expect(current).to_be_focused()
    said = dialog.get_by_role("alert")
    fill(dialog, person.password, NEW, "something else")
    expect(said).to_contain_text(differ)
    expect(repeated).to_be_focused()
    fill(dialog, "not my password", NEW, NEW)
    expect(said).to_contain_text(wrong)
    expect(current).to_be_focused()
    fill(dialog, person.password, "short", "short")
    expect(said).to_contain_text(short)
    expect(new).to_be_focused()
    fill(dialog, person.password, NEW, NEW)
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text=changed)).to_be_visible()
    assert NEW not in stored(page)
    carrying = {(each.method, each.url) for each in browser.requests if NEW in (each.post_data or each.url)}
    assert carrying == {("PUT", f"{browser.url}/session/password")}
    again(page, person, person.password)
    expect(page.locator("#said")).not_to_be_empty()
    sign_in(page, person.login, NEW)
    ready(page)
    assert all(LOGGED.search(complaint) for complaint in browser.complaints)
    assert browser.foreign == []


def test_who_was_given_a_password_is_asked_for_another(start: Start, service: Service, seats: Seats) -> None:
    """At every visit until it is changed; it can be put off, and Escape puts it off as well."""
    given = _registered(service, seats, temporary=True)
    page = start().at_work(given)
    dialog = page.get_by_role("dialog", name="修改密码")
    expect(dialog).to_contain_text("您的密码由他人生成")
    dialog.get_by_role("button", name="以后再说").click()
    expect(dialog).to_have_count(0)
    page.reload()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="修改密码").click()
    fill(dialog, given.password, NEW, NEW)
    expect(dialog).to_have_count(0)
    page.reload()
    ready(page)
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="修改密码").click()
    expect(dialog).not_to_contain_text("您的密码由他人生成")


def test_a_program_has_no_password_to_change(start: Start, service: Service, seats: Seats) -> None:
    page = start().open(".card")
    use_token(page, service.token("partner", seats["partner"]))
    ready(page)
    expect(page.get_by_role("button", name="移除令牌")).to_be_visible()
    expect(page.get_by_role("button", name="修改密码")).to_have_count(0)
