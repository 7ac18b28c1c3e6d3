"""The words of every correction of a term, so that all are asked for and answered alike."""

from datetime import date

import strawberry

from schema.kit.commands import given, row_id

REASON = "原因，最多一百个字符，记入审计 / Why; at most 100 characters, kept with the audit trail."
SINCE = (
    "正确的首日；相邻任期的界限随之移动，前一任期已另行办理终止的不延长；前一任期不归您更正的，只能推后，该任期不变"
    " / The right first day; a boundary shared with the term before moves along. One that was ended for itself is not"
    " prolonged. Where that term is not yours to correct, only a later day is accepted, and it stays as it is."
)
UNTIL = (
    "正确的末日（含当日），null 为未定；相邻任期的界限随之移动；后一任期不归您更正的，只能提前，该任期不变"
    " / The right last day, included; null for none. A boundary shared with the term after moves along. Where that term"
    " is not yours to correct, only an earlier day is accepted, and it stays as it is."
)


class TermChange:
    """变更的任期：所办理的在前，相邻的在后 / A term that changed: the one asked about, then those beside it."""

    kind: str = given("类型名 / Its type's name.")
    id: strawberry.ID | None = row_id("全局标识 / Its global id.")
    struck_out: bool = given("是否已删除 / Whether it is gone.")
    holder_before: strawberry.ID | None = row_id(
        "原任职者、企业、党组织或共享单元的全局标识 / Whose it was: its global id."
    )
    holder: strawberry.ID | None = row_id(
        "任职者、企业、党组织或共享单元的全局标识，已删除为空 / Whose it is: its global id; null where it is gone."
    )
    since_before: date = given("原首日 / Its first day before.")
    until_before: date | None = given("原末日，未定为空 / Its last day before; null for none.")
    since: date | None = given("首日，已删除为空 / Its first day; null where it is gone.")
    until: date | None = given("末日，未定或已删除为空 / Its last day; null for none, and where it is gone.")


CHANGED = ("changed", TermChange)
