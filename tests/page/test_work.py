"""Working on the page: grants, errors, the explorer, tabs and a narrow screen, in a real browser.

Needs Chromium on the machine and the page built into `web/dist`; skipped, and said so, without either.
"""

from collections.abc import Callable

import pytest
from graphql import get_introspection_query
from playwright.sync_api import Page, Route, expect

from services.storage.database import connected
from tests.conftest import Service, run
from tests.page import examples
from tests.page.browser import (
    Person,
    Start,
    in_browser,
    open_example,
    problems,
    ready,
    result,
    tabs,
    write,
    write_tool,
)
from tests.page.browser import run as press_run
from tests.page.conftest import Asking

pytestmark = in_browser
People = Callable[..., Person]


def sent_with(page: Page, act: Callable[[], None]) -> dict[str, str]:
    """The headers of the operation that an action sends."""
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/graphql")) as asked:
        act()
    headers: dict[str, str] = asked.value.headers
    return headers


def test_switching_grants_narrows_every_request_and_is_remembered_in_its_tab(start: Start, people: People) -> None:
    """One of two grants: its header, its schema asked anew, its ready operations; another tab keeps them all."""
    browser = start()
    page = browser.at_work(people("town_admin", "company_secretary"))
    choice = page.get_by_label("当前授权")
    expect(choice.locator("option:checked")).to_have_text("全部授权（2 项）")
    expect(tabs(page).filter(has_text="Town")).to_have_count(1)
    expect(tabs(page).filter(has_text="MaintainCompany")).to_have_count(1)
    assert "jinlin-grant" not in sent_with(page, lambda: press_run(page))

    write(page, "query Units { orgUnits(first: 1) { totalCount } propertyCompanies(first: 9) { nodes { name } } }")
    with page.expect_request(lambda request: "IntrospectionQuery" in (request.post_data or "")) as introspected:
        choice.select_option(label="物业企业党支部书记 · 演示物业01公司")
    grant = introspected.value.headers["jinlin-grant"]
    assert grant == choice.input_value()
    assert sent_with(page, lambda: press_run(page))["jinlin-grant"] == grant
    expect(result(page)).to_contain_text('"totalCount": 0')
    page.get_by_role("button", name="示例").click()
    expect(page.get_by_role("menuitem", name="更新企业的党建信息")).to_be_visible()
    expect(page.get_by_role("menuitem", name="一个乡镇")).to_have_count(0)
    page.keyboard.press("Escape")

    page.reload()
    ready(page)
    expect(choice).to_have_value(grant)
    expect(browser.open().get_by_label("当前授权")).to_have_value("")
    choice.select_option(label="全部授权（2 项）")
    assert "jinlin-grant" not in sent_with(page, lambda: press_run(page))
    assert browser.complaints == []


def test_whoever_is_revoked_while_signed_in_is_told_and_the_header_follows(
    start: Start, people: People, service: Service
) -> None:
    """First the grant chosen, by a refusal; then the other one, by a mutation that finds nothing."""
    browser = start()
    person = people("captain", "community_admin", "company_secretary")
    page = browser.at_work(person)
    page.get_by_label("当前授权").select_option(label="物业企业党支部书记 · 演示物业01公司")
    run(withdraw(service.database_url, person.login, "company_secretary"))
    write(page, "query Mine { viewer { name } }")
    press_run(page)
    expect(page.locator(".who")).to_contain_text("授权“物业企业党支部书记 · 演示物业01公司”已被撤销")
    expect(page.get_by_label("当前授权").locator("option")).to_have_count(3)
    expect(page.get_by_label("当前授权").locator("option:checked")).to_have_text("全部授权（2 项）")
    press_run(page)
    expect(result(page)).to_contain_text(person.name)
    run(withdraw(service.database_url, person.login, "captain", "community_admin"))
    open_example(page, "Survey")
    press_run(page)
    expect(page.locator(".seat")).to_have_text("目前没有任何授权，请联系上级管理员")


async def withdraw(url: str, login: str, *roles: str) -> None:
    """Revoke grants of an account."""
    async with connected(url) as connection:
        await connection.execute(
            "UPDATE role_grant SET revoked_at = now() FROM account"
            " WHERE account.id = account_id AND login = $1 AND role = ANY ($2)",
            *(login, roles),
        )


@pytest.mark.parametrize(
    ("locale", "message", "meaning", "corrected"),
    [
        ("zh-CN", "first 须在 1 至 100 之间", "有一个值不合要求", "按提示修改这一项"),
        ("en-US", "first", "A value is not what it must be", "correct this field as the message says"),
    ],
)
def test_errors_are_read_in_the_readers_language_with_what_to_do(
    start: Start, people: People, locale: str, message: str, meaning: str, corrected: str
) -> None:
    """Those of an operation and those a command asks to correct; the next run clears them."""
    page = start(locale).at_work(people("community_admin"))
    write(page, "query TooMany { orgUnits(first: 1000) { totalCount } }")
    press_run(page)
    for part in (message, meaning, "BAD_USER_INPUT", "orgUnits.first"):
        expect(problems(page)).to_contain_text(part)
    open_example(page, "Survey")
    write(page, page.evaluate(EMPTY_NAME))
    press_run(page)
    for part in (corrected, "INVALID", "createCompound.input.name"):
        expect(problems(page)).to_contain_text(part)
    write(page, "query Fine { viewer { name } }")
    press_run(page)
    expect(problems(page)).to_be_empty()


def test_the_schema_that_comes_late_does_not_clear_what_is_told_of_a_run(start: Start, people: People) -> None:
    page = start().at_work(people("community_admin"))
    held: list[Route] = []
    page.route(
        "**/graphql",
        lambda route: (
            held.append(route) if "IntrospectionQuery" in (route.request.post_data or "") else route.continue_()
        ),
    )
    page.get_by_role("button", name="重新读取接口文档").click()
    write(page, "query TooMany { orgUnits(first: 1000) { totalCount } }")
    press_run(page)
    expect(problems(page)).to_contain_text("BAD_USER_INPUT")
    spinning = page.locator(".graphiql-spin")
    expect(spinning).to_have_count(1)
    held[0].continue_()
    expect(spinning).to_have_count(0)  # it is here
    expect(problems(page)).to_contain_text("BAD_USER_INPUT")


# The ready operation that surveys a compound, with a name that is none.
EMPTY_NAME = """() => {
    const [, tabs] = Object.entries(sessionStorage).find(([key]) => key.endsWith(':graphiql:tabState'))
    const survey = JSON.parse(tabs).tabs.find((tab) => tab.query.includes('mutation Survey'))
    const {unitId} = JSON.parse(survey.variables).input
    return 'mutation Empty { createCompound(input: {unitId: "' + unitId + '", name: "", dryRun: true}) '
        + '{ userErrors { code field message } } }'
}"""


def test_the_explorer_and_the_documentation_show_the_callers_own_schema(
    start: Start, people: People, person: Callable[[str], Asking]
) -> None:
    """As introspection has it for that person, root by root; a field is clicked together and runs."""
    role = "company_secretary"
    own = person(role)(get_introspection_query(descriptions=False), {})["data"]["__schema"]
    roots = next(each for each in own["types"] if each["name"] == "Query")["fields"]
    page = start().at_work(people(role))
    page.get_by_role("button", name="显示接口文档").click()
    page.get_by_role("link", name="Query", exact=True).click()
    shown = page.locator(".graphiql-doc-explorer-field-name")
    expect(shown).to_have_count(len(roots))
    assert set(shown.all_inner_texts()) == {field["name"] for field in roots}

    write(page, "query Clicked { __typename }")
    page.get_by_role("button", name="显示查询生成器").click()
    page.locator(".graphiql-explorer-root").get_by_text("viewer", exact=True).click()
    page.locator(".graphiql-explorer-root").get_by_text("name", exact=True).first.click()
    expect(page.locator(".graphiql-query-editor")).to_contain_text("viewer")
    press_run(page)
    expect(result(page)).to_contain_text(f"演示 {role}")


def test_variables_are_filled_in_with_ones_own(start: Start, people: People) -> None:
    """Nobody has to look up the code of their own unit to begin."""
    page = start().at_work(people("town_admin"))
    open_example(page, "Town")
    expect(page.locator(".graphiql-editor-tool").first).to_contain_text('"town": "350521100"')


def test_the_language_is_switched_and_remembered(start: Start, people: People) -> None:
    """The page's words, GraphiQL's own, and the language the service is asked to answer in."""
    browser = start("en-US")
    page = browser.at_work(people("town_admin"))
    assert sent_with(page, lambda: press_run(page))["accept-language"] == "en"
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    ready(page)
    assert sent_with(page, lambda: press_run(page))["accept-language"] == "zh"
    page.reload()
    expect(page.get_by_role("button", name="English")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert browser.complaints == []
    assert browser.foreign == []


def test_headers_typed_by_hand_are_sent_but_never_stored(start: Start, people: People) -> None:
    """One of them may be a token."""
    page = start().at_work(people("town_admin"))
    open_example(page, "Town")
    write_tool(page, "请求头", '{"X-Typed": "by-hand"}')
    # Editors report to their tab with the same delay, so once this later edit has arrived the header has too.
    write(page, "query Later { viewer { name } }")
    assert sent_with(page, lambda: press_run(page))["x-typed"] == "by-hand"
    page.wait_for_function(
        "() => Object.entries(sessionStorage).some(([k, v]) => k.endsWith(':queries') && v.includes('query Later'))"
    )
    assert "by-hand" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_tabs_are_kept_and_the_ready_operations_can_be_brought_back(start: Start, people: People) -> None:
    """What was closed stays closed after a reload; the menu opens all of them again beside it."""
    page = start().at_work(people("town_admin"))
    expect(tabs(page)).to_have_count(len(examples.ROLES["town_admin"]))
    names = tabs(page).all_inner_texts()
    page.get_by_role("button", name="关闭标签页").first.click()
    expect(tabs(page)).to_have_text(names[1:])
    page.wait_for_function(
        "n => Object.entries(sessionStorage)"
        ".some(([k, v]) => k.endsWith(':graphiql:tabState') && JSON.parse(v).tabs.length === n)",
        arg=len(names) - 1,
    )
    page.reload()
    expect(tabs(page)).to_have_text(names[1:])
    page.get_by_role("button", name="示例").click()
    page.get_by_role("menuitem", name="打开全部示例").click()
    expect(tabs(page)).to_have_text(names[1:] + names)
