"""What neighbour funds add to units and compounds, and to the indicators."""

from policies.scope import Way
from schema.kit.entities import connection, edge_to, listing
from schema.organization.counted import counted, of_unit
from schema.organization.under import under
from schema.projects import fund_entries, funds
from schema.projects.fund_entries import FundAward, FundEntry
from schema.projects.funds import Fund, FundYear
from services.projects.amounts import in_fen
from services.projects.fund_reading import begun, in_its_year
from services.projects.fund_tables import IN, FundEntryKind

ENTITIES = (FundYear, Fund, FundEntry, FundAward)
OF_UNITS = {
    "funds": of_unit(Fund, "本单元及所有下级的近邻基金 / The neighbour funds of this unit and all below it."),
}
OF_COMPOUNDS = {
    "funds": edge_to(
        Fund,
        connection(
            lambda compound, fund: fund.compound_id == compound.id,
            "近邻基金，含已关闭的 / Its neighbour fund, and any that was closed.",
        ),
    ),
}
OWN = {
    "Fund": {
        "entries": edge_to(
            FundEntry,
            connection(
                lambda fund, entry: entry.fund_id == fund.id,
                "收支记录（公示） / What came in and went out.",
                alike=(Way.BUILDING, Way.CAPTAIN, Way.MEMBER),
            ),
        ),
        "awards": edge_to(
            FundAward,
            connection(lambda fund, award: award.fund_id == fund.id, "支出提议，限可见的 / What is proposed."),
        ),
    },
}
INDICATORS = {
    "funds": counted(
        "近邻基金 / Neighbour funds.",
        holding=begun,
        of=Fund,
    ),
    "donated_fen": counted(
        "当年捐赠，以分计，含更正 / What was given in the year of the day, until it, in fen 分.",
        where=lambda entry: entry.kind.in_(IN),
        total=lambda entry: in_fen(entry.amount),
        holding=in_its_year,
        of=FundEntry,
    ),
    "scholarships_fen": counted(
        "当年奖学支出，以分计，含更正 / What was paid for scholarships in that year, in fen 分.",
        where=lambda entry: entry.kind == FundEntryKind.SCHOLARSHIP,
        total=lambda entry: in_fen(entry.amount),
        holding=in_its_year,
        of=FundEntry,
    ),
    "scholarships": counted(
        "当年奖学人次 / How many scholarships that was.",
        where=lambda entry: entry.kind == FundEntryKind.SCHOLARSHIP,
        total=lambda entry: entry.persons,
        holding=in_its_year,
        of=FundEntry,
    ),
    "aid_fen": counted(
        "当年困难帮扶支出，以分计，含更正 / What was paid to families in hardship in that year, in fen 分.",
        where=lambda entry: entry.kind == FundEntryKind.AID,
        total=lambda entry: in_fen(entry.amount),
        holding=in_its_year,
        of=FundEntry,
    ),
}
ROOTS = {
    "funds": listing(Fund, "可见的全部近邻基金 / Every neighbour fund you may see.", under=under()),
    "fund_entries": listing(FundEntry, "可见的全部基金收支 / Every entry of a fund you may see.", under=under()),
    "fund_awards": listing(FundAward, "可见的全部支出提议 / Everything proposed you may see.", under=under()),
}
COMMANDS = {**funds.COMMANDS, **fund_entries.COMMANDS}
