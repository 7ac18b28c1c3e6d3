"""The commands on what is held on one person: its export and its deletion; `schema.audit.entries` offers them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_

from schema.access.commands import CASCADE, KEEP, DependentGrant
from schema.access.delegating import may_delete
from schema.kit.commands import Caller, command, given, reference, target, version
from services.audit import erasure, persons
from services.audit.naming import names_its_row
from services.audit.persons import Sight
from services.members.tables import unrestricted
from services.storage.transaction import Record

__all__ = ["COMMANDS"]


async def may_export(caller: Caller, target: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of the person's goes with it: what the caller may read."""

    def readable(entity: str, row: Any) -> ColumnElement[bool]:
        seen = caller.reads(entity, row)
        return and_(seen, names_its_row(row)) if entity == "AuditEntry" else seen

    return {"sight": Sight(readable, caller.actor.account_id)}


class ExportMemberInput:
    """导出一人的全部数据（留记录） / Export everything held on one person; it is recorded.

    `withheld` names the lists that hold only what whoever asks may read; none where the person asks. It is made by one
    seat, as every command, whatever the account's others read: that of the grant the header `Jinlin-Grant` names by its
    id, or else, of the grants that may export this member, of the one that lasts longest.
    """

    member: Record = target("Member", "党员 / The member.")


class DeletePersonInput:
    """删除一人的个人数据，不可恢复；须先卸任 / Delete a person's data for good; they must hold no office."""

    member: Record = target("Member", "党员 / The member.")
    version: int = version()
    keep: list[Record] | None = reference("Grant", KEEP, action="grant:revoke", changed=True)
    cascade: bool | None = given(CASCADE)


class TextNaming:
    """提及此人的文字，按类型与字段计数 / Texts that name the person, counted by type and field."""

    kind: str = given("类型名 / The type, by its name.")
    field: str = given("字段名 / The field, by its name.")
    count: int = given("条数 / How many.")
    stays: bool = given(
        "是否保留：事物的名称、他人的单位与简介等不改，请人工核对"
        " / Whether they stay: names of things, employers and profiles of others do, and are looked through by hand."
    )


COMMANDS = {
    "export_member": command(
        persons.export,
        ExportMemberInput,
        "member:export",
        returns="Member",
        may=may_export,
        shown_once="data",
    ),
    "delete_person": command(
        erasure.delete_person,
        DeletePersonInput,
        "member:delete",
        returns="Member",
        report=("dependents", DependentGrant),
        counts=("texts", TextNaming),
        may=may_delete,
        when=unrestricted,
    ),
}
