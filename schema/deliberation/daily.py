"""What deliberation days, their analysis meetings and reports add to the area."""

from collections.abc import Mapping
from typing import Any

from policies.scope import Way
from schema.deliberation import analyses, days, reports
from schema.deliberation.analyses import AnalysisMeeting
from schema.deliberation.days import DeliberationDay
from schema.deliberation.matters import Matter
from schema.deliberation.reports import DeliberationReport
from schema.kit.commands import Command
from schema.kit.entities import Edge, connection, edge_to, listing
from schema.kit.numbers import count
from schema.organization.under import under
from services.deliberation.day_tables import RULES as DAY_RULES
from services.deliberation.day_tables import in_its_month, met, was_held
from services.deliberation.report_tables import RULES as REPORT_RULES
from services.deliberation.report_tables import is_latest
from services.organization.paths import at_or_beneath

ENTITIES = (DeliberationDay, AnalysisMeeting, DeliberationReport)
OF_UNITS: Mapping[str, Edge] = {
    "deliberation_days": edge_to(
        DeliberationDay,
        connection(
            lambda unit, row: at_or_beneath(row.unit_path, unit.path),
            "本单元及所有下级的议事日 / The deliberation days of this unit and all below it.",
        ),
    ),
    "analysis_meetings": edge_to(
        AnalysisMeeting,
        connection(
            lambda unit, row: at_or_beneath(row.unit_path, unit.path),
            "本单元及所有下级的分析研判会 / The analysis meetings of this unit and all below it.",
        ),
    ),
    "deliberation_reports": edge_to(
        DeliberationReport,
        connection(
            lambda unit, row: at_or_beneath(row.unit_path, unit.path),
            "本单元及所有下级的议事报告 / The reports on deliberation of this unit and all below it.",
        ),
    ),
}
OF_DAYS: Mapping[str, Edge] = {
    "analysis_meetings": edge_to(
        AnalysisMeeting,
        connection(
            lambda day, row: row.day_id == day.id,
            "其分析研判会 / The analysis meetings of it.",
            alike=(Way.ABOVE, Way.MEMBER),
        ),
    ),
    "matters": edge_to(
        Matter,
        connection(
            lambda day, row: at_or_beneath(row.unit_path, day.unit_path) & in_its_month(day, row.proposed_on),
            "当月提议、现在此单元及所有下级的议题；当时的件数见 proposed / The matters proposed in that month that are"
            " its unit's or of one below it now; how many there were then is in `proposed`.",
        ),
    ),
}
INDICATORS: Mapping[str, Any] = {
    "deliberation_days_held": count(
        DeliberationDay,
        lambda unit, row: at_or_beneath(row.unit_path, unit.path),
        "已举行并登记的议事日 / Deliberation days that were held, by what is on record.",
        holding=was_held,
    ),
    "deliberation_people": count(
        DeliberationDay,
        lambda unit, row: at_or_beneath(row.unit_path, unit.path),
        "议事日到场人次 / People who came to these, together.",
        holding=was_held,
        total=lambda row: row.came,
    ),
    "analysis_meetings": count(
        AnalysisMeeting,
        lambda unit, row: at_or_beneath(row.unit_path, unit.path),
        "分析研判会 / Analysis meetings.",
        holding=met,
    ),
    "deliberation_reports": count(
        DeliberationReport,
        lambda unit, row: at_or_beneath(row.unit_path, unit.path),
        "已发布的议事报告，更正的不重复计 / Reports that were published; further editions do not count twice.",
        holding=is_latest,
    ),
}
ROOTS: Mapping[str, Edge] = {
    "deliberation_days": listing(
        DeliberationDay, "可见的全部议事日 / Every deliberation day you may see.", under=under()
    ),
    "analysis_meetings": listing(
        AnalysisMeeting, "可见的全部分析研判会 / Every analysis meeting you may see.", under=under()
    ),
    "deliberation_reports": listing(
        DeliberationReport, "可见的全部议事报告 / Every report on deliberation you may see.", under=under()
    ),
}
COMMANDS: Mapping[str, Command] = {**days.COMMANDS, **analyses.COMMANDS, **reports.COMMANDS}
RULES = {**DAY_RULES, **REPORT_RULES}
