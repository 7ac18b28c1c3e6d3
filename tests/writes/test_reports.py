"""What a command reports of rows: what its caller may read of them, and no more."""

from uuid import UUID, uuid4

import pytest

from policies.actor import Authenticator
from schema.pipeline.run.authorize import Authority
from schema.pipeline.run.payloads import reported
from services.access.passwords import Passwords
from services.storage.database import Reader
from services.storage.transaction import Transaction
from tests.built import CATALOGUE
from tests.writes.api import LIMITS, Api
from tests.writes.street import COUNTY, COUNTY_ADMIN, Street

MADE = (
    "INSERT INTO account (id, name, folded, unit_path) VALUES ($1, $2, $2, (SELECT path FROM org_unit WHERE code = $3))"
)


@pytest.mark.parametrize(
    ("role", "told"),
    [("property_committee", {"compound", "gone"}), ("county_admin", {"compound", "account", "gone"})],
)
async def test_rows_that_are_not_the_caller_s_to_read_are_left_out(
    api: Api, on: Street, role: str, told: set[str]
) -> None:
    """By their own scope; what was removed meanwhile and what is only counted stays, a table nobody reads does not."""
    rows = {"account": uuid4(), "homeless": uuid4(), "gone": uuid4(), "compound": UUID(on.compound.partition("_")[2])}
    await api.connection.execute(MADE, rows["account"], "演示账号", COUNTY)
    await api.connection.execute(MADE, rows["homeless"], "无归属账号", None)
    kinds = {"account": "account", "homeless": "account", "gone": "org_unit", "compound": "compound"}
    report = [{"kind": kinds[name], "id": row, "name": name} for name, row in rows.items()]
    report.append({"kind": "sign_in_failure", "id": uuid4(), "name": "table"})
    total = {"kind": "account", "id": None, "name": None, "count": 2}
    actor = await Authenticator(reader := Reader(api.service_url, LIMITS)).reload(await api.token(role, COUNTY))

    async def cost_of(_: str) -> int:
        return 1

    async def runs(*_: object) -> bool:
        return True

    authority = Authority(CATALOGUE, actor, actor, Transaction(api.connection), Passwords(), cost_of, runs)
    kept = await authority.readable([*report, total])
    await reader.close()
    assert {row["name"] for row in kept if row["id"] is not None} == told
    assert total in kept


async def test_a_merger_names_what_its_caller_reads(api: Api) -> None:
    """An account without a home there is none of it; one at home in the merged unit is."""
    found = await api.data(COUNTY_ADMIN, "{ orgUnits(filter: {level: [COMMUNITY]}) { nodes { id code } } }")
    stays, gone, *_ = found["orgUnits"]["nodes"]
    await api.connection.execute(MADE, uuid4(), "演示账号", gone["code"])
    given = {"id": stays["id"], "others": [{"id": gone["id"], "version": 1}], "dryRun": True}
    moved = (await api.do(COUNTY_ADMIN, "mergeUnits", "moved { kind name id }", **given))["moved"]
    assert "演示账号" in {row["name"] for row in moved if row["kind"] == "Account"}


def test_a_report_speaks_of_types_and_of_no_table() -> None:
    """Rows of a type without ids are told by its name; of those of no type there is nothing to tell."""
    total = {"id": None, "name": None, "count": 1}
    told = reported(CATALOGUE, [{"kind": each, **total} for each in ("compound_position", "survey_box", "compound")])
    assert [row["kind"] for row in told] == ["CompoundPosition", "Compound"]
