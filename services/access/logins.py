"""Logins begin with the code of the county their account is at home in, so that one that is taken tells nothing of
another county: 350521-lin.xiao. Above the counties it is the city's or the province's."""

from sqlalchemy import literal, select

from services.access.passwords import CODED, proper_login
from services.errors import ProblemCode, Rejected, rejected
from services.organization.paths import on_the_way
from services.organization.tables import OrgLevel, units
from services.storage.tables import BYTEWISE
from services.storage.transaction import Transaction

ABOVE = frozenset((OrgLevel.PROVINCE, OrgLevel.CITY, OrgLevel.COUNTY))


async def county_code(tx: Transaction, path: str) -> str:
    """The code that logins of accounts at home at this path begin with.

    Where the tree begins below the counties, it is the county's part of the code it begins with.
    """
    own = units.c
    on_it = select(own.code, own.level).where(on_the_way(own.code, literal(path, BYTEWISE))).order_by(own.path)
    rows = await tx.rows(on_it)
    codes = [row["code"] for row in rows if row["level"] in ABOVE]
    code: str = codes[-1] if codes else rows[0]["code"][:6]
    return code


def within(code: str, login: str) -> str:
    """The login as it is stored: with the code in front where it was left out.

    Rejected INVALID, for the field `login`, for what cannot be one and for another county's code.
    """
    name = proper_login(login)
    coded = CODED.match(name)
    if coded is None:
        return proper_login(f"{code}-{name}")
    if coded[1] != code or name == coded[0]:
        raise elsewhere(code)
    return name


def elsewhere(code: str) -> Rejected:
    """The refusal of a login that is not of the account's own county."""
    zh = f"登录名以本县代码开头：{code}-。"
    return rejected(ProblemCode.INVALID, "login", zh, f"A login begins with the county's own code: {code}-.")
