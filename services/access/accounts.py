"""Accounts: made, changed, given a password and closed. What they may is granted to them; see `granting`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import func, select, update

from services.access.logins import county_code, elsewhere, within
from services.access.passwords import made_up, proper_login
from services.access.revoking import Ending, end
from services.access.sessions import change_password
from services.access.tables import accounts, credentials, grants, identities
from services.errors import ProblemCode, Rule, rejected
from services.names import proper
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import LINE, valid

# Sign-in names are unique across all there is, because whoever signs in is not yet anybody; they begin with the code of
# a county (services/access/logins.py), so that what is taken is only ever told of one's own.
RULES: Mapping[str, Rule] = {
    "role_grant_building_id_fkey": Rule(
        "building",
        "该楼栋是（或曾是）授权的席位，不能删除，可以停用。",
        "The building is, or was, the seat of a grant: it can be closed, and not struck out.",
        ProblemCode.CLOSED,
    ),
    "account_login_key": Rule("login", "该登录名已被使用。", "This login is taken.", ProblemCode.TAKEN),
    "account_program_check": Rule(
        "account",
        "程序账号不能登录，也不属于党员。",
        "A program neither signs in nor is a member.",
        ProblemCode.INVALID,
    ),
}


class AccountChanges(TypedDict, total=False):
    """What an update may change of an account; `unit` is its home from now on."""

    unit: Record
    name: str
    login: str | None
    member: Record | None


async def create(
    tx: Transaction, *, unit: Record, name: str, login: str | None = None, member: Record | None = None
) -> UUID:
    """A person's account at home in a unit, that may nothing yet; its id."""
    if login is not None:
        login = within(await county_code(tx, unit["path"]), login)
    return await tx.insert(accounts, **_valid({"unit": unit, "name": name, "login": login, "member": member}))


async def change(tx: Transaction, *, account: Record, **changes: Unpack[AccountChanges]) -> UUID:
    """Change what is given of an account; its id. CLOSED where it is closed.

    Rejected INVALID for a login of another county, and where the account moves to another county without a new one.
    """
    _check_open(account)
    values = _valid(changes)
    values.update(await _login(tx, account, values))
    return await tx.update(accounts, account["id"], **values)


async def close(
    tx: Transaction,
    *,
    account: Record,
    reason: str,
    ending: Ending,
    keep: Sequence[Record] | None = None,
    cascade: bool | None = None,
) -> Outcome:
    """Close an account for good: its credentials and its grants end at once; see `end` for what rests on those."""
    said = proper("reason", reason, LINE)
    _check_open(account)
    report = await end(tx, ending, said, keep, cascade)
    return Outcome(await shut(tx, account["id"]), report)


async def shut(tx: Transaction, account: UUID) -> UUID:
    """Close an account whose grants are over, with its credentials; its id."""
    standing = update(credentials).where(credentials.c.account_id == account, credentials.c.revoked_at.is_(None))
    await tx.rows(standing.values(revoked_at=func.now()))
    return await tx.update(accounts, account, closed_at=func.now())


async def reset_password(
    tx: Transaction, *, account: Record, reason: str, hashed: Callable[[str], Awaitable[str]]
) -> Outcome:
    """Give an account a password that is made up and temporary, and end its sessions; its id, and the password.

    Rejected CLOSED where it is closed, INVALID where nobody signs in to it by a password. `hashed` may take a while.
    """
    said = proper("reason", reason, LINE)
    _check_open(account)
    await check_signs_in_here(tx, account["id"], account["login"])
    password = made_up()
    await change_password(tx, account["id"], await hashed(password), temporary=True, reset_for=said)
    return Outcome(account["id"], secret=password)


async def unrevoked(tx: Transaction, account: UUID) -> list[Record]:
    """The grants an account holds or will hold."""
    held = grants.c
    lasting = func.coalesce(held.until > func.now(), True)
    found = select(grants).where(held.account_id == account, held.revoked_at.is_(None), lasting)
    return await tx.rows(found.order_by(held.id))


async def _login(tx: Transaction, account: Record, changes: Mapping[str, Any]) -> Mapping[str, str]:
    """The login that goes with the changes, where one is given anew or must be.

    One that stands from before its county had this code goes on as long as the account stays in the county.
    """
    login = changes.get("login", account["login"])
    home = changes.get("unit_path", account["unit_path"])
    if login is None or ("login" not in changes and home == account["unit_path"]):
        return {}
    if home is None:
        zh, en = "账号没有归属单元，请先设置。", "The account has no home unit; give it one first."
        raise rejected(ProblemCode.INVALID, "login", zh, en)
    code = await county_code(tx, home)
    before = account["unit_path"] and await county_code(tx, account["unit_path"])
    if login == account["login"] and (code == before or login.startswith(f"{code}-")):
        return {}
    if "login" not in changes:
        raise elsewhere(code)
    return {"login": within(code, login)}


def _check_open(account: Record) -> None:
    if account["closed_at"] is not None:
        raise rejected(ProblemCode.CLOSED, "account", "账号已停用。", "The account is closed.")


async def check_signs_in_here(tx: Transaction, account: UUID, login: str | None) -> None:
    """Rejected INVALID unless an account has a login, and nobody comes to it through a provider.

    Who does would by a password keep what the provider's groups give them no more.
    """
    known = select(identities.c.account_id).where(identities.c.account_id == account).limit(1)
    if await tx.value(known) is not None:
        zh, en = "该账号通过身份提供方登录，没有密码。", "This account signs in through an identity provider."
        raise rejected(ProblemCode.INVALID, "account", zh, en)
    if login is None:
        zh, en = "该账号没有登录名，请先设置。", "This account has no login; give it one first."
        raise rejected(ProblemCode.INVALID, "account", zh, en)


def _valid(given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    if "unit" in values:
        unit = values.pop("unit")
        if unit is None:
            raise rejected(ProblemCode.INVALID, "unit", "不能为空。", "This must not be empty.")
        values["unit_path"] = unit["path"]
    if "member" in values:
        member = values.pop("member")
        values["member_id"] = member and member["id"]
    if values.get("login") is not None:
        values["login"] = proper_login(values["login"])  # as it is looked for when someone signs in
    return valid(accounts, values)
