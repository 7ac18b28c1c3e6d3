"""A service that trusts a provider, and the way there and back."""

import json
from pathlib import Path

import httpx

from tests.conftest import Service
from tests.signin.browser import Browser, value
from tests.signin.provider import CLIENT, SECRET, Rogue

PUBLIC = "http://jinlin.localhost"
MAPPING = {
    "town": [{"role": "town_admin", "at": "350521100"}],
    "county": [{"role": "county_admin", "at": "350521"}, {"role": "auditor", "at": "350521"}],
    "nowhere": [{"role": "town_admin", "at": "999999999"}],
    "wrong level": [{"role": "county_admin", "at": "350521100"}],
}
CALLBACK = "/session/oidc/callback"


def trusting(discovery: str, folder: Path) -> dict[str, str]:
    """The settings of a service that trusts a provider."""
    (folder / "mapping.json").write_text(json.dumps(MAPPING))
    (folder / "secret").write_text(SECRET + "\n")
    return {
        "PUBLIC_URL": PUBLIC,
        "JINLIN_OIDC_DISCOVERY": discovery,
        "JINLIN_OIDC_CLIENT_ID": CLIENT,
        "JINLIN_OIDC_SECRET_FILE": str(folder / "secret"),
        "JINLIN_OIDC_MAPPING": str(folder / "mapping.json"),
    }


def begin(browser: Browser) -> str:
    """Where the browser is sent."""
    answer = browser.send("GET", "/session/oidc")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(browser: Browser, code: str, state: str) -> httpx.Response:
    """The provider sends the browser back: a navigation that another site began."""
    params = {"code": code, "state": state}
    return browser.send("GET", CALLBACK, params=params, headers={"Origin": "", "Sec-Fetch-Site": "cross-site"})


async def grants(service: Service, subject: str) -> str:
    """The grants in force of a subject, as text."""
    found = await value(
        service,
        "SELECT string_agg(role || ' ' || unit_path || ' ' || reason, ', ' ORDER BY role) FROM role_grant g"
        " JOIN external_identity i ON i.account_id = g.account_id WHERE subject = $1 AND revoked_at IS NULL",
        subject,
    )
    return str(found or "")


def through(service: Service, rogue: Rogue) -> Browser:
    """Someone who signs in there."""
    browser = Browser(service, origin=PUBLIC)
    answer = back(browser, *rogue.code(begin(browser)))
    assert (answer.status_code, answer.headers.get("location")) == (303, "/graphql"), answer.text
    return browser
