"""The unit that a code on the command line leads to, as `orgUnit(by:)` finds it for the API."""

import asyncpg

from services.errors import bad_input
from services.organization.recoding import Standing

_LEADING = """
select unit.id, unit.code, unit.name, unit.level::text, unit.path, unit.parent_path from org_unit as unit
where unit.code = $1
    or unit.id in (select former.unit_id from org_unit_former_code as former where former.code = $1)
order by unit.code <> $1, unit.path
"""


async def leading(connection: asyncpg.Connection, code: str) -> Standing | None:
    """The unit that has a code in its short form, else the one that gave it up; None where there is neither.

    Refused BAD_USER_INPUT where several gave it up: of what is read the first would do, but rights are given here.
    """
    found = [Standing(*row) for row in await connection.fetch(_LEADING, code)]
    if len(found) > 1 and found[0].code != code:
        now = ", ".join(unit.code for unit in found)
        raise bad_input(
            f"曾用代码 {code} 指向多个单元：{now}。", f"The code {code} leads to several units by now: {now}."
        )
    return found[0] if found else None
