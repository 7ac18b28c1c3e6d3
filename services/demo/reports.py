"""The demo's reports of residents to the captains of their buildings, and what became of them."""

from dataclasses import dataclass

from services.demo.compounds import Compound
from services.demo.days import DAY, Days
from services.demo.rows import Rows
from services.visits.tables import ReportKind, ReportStatus, reports

REPORTED = (
    (ReportKind.REPAIR, "楼道照明不亮", "一单元三层楼道", "物业已更换灯具"),
    (ReportKind.SANITATION, "垃圾桶未及时清运", "楼前", "已请保洁增加清运次数"),
    (ReportKind.NEIGHBOURS, "夜间噪声影响休息", None, "楼长上门劝说，双方约定作息时间"),
    (ReportKind.SAFETY, "电动车停放在消防通道", "二单元门厅", "已请社区协调增设充电车棚"),
    (ReportKind.OTHER, "希望了解加装电梯的办法", None, "已告知办理流程"),
)
TURN = (ReportStatus.DONE, ReportStatus.IN_HAND, ReportStatus.DONE, ReportStatus.REFERRED, ReportStatus.OPEN)
COMPOUNDS = 20  # in which somebody reported something


@dataclass(frozen=True, slots=True)
class Reports:
    """Adds what was reported last year, and in the last months, in the first buildings of compounds."""

    rows: Rows
    days: Days

    def of(self, number: int, compound: Compound) -> None:
        """Two reports in the first building of the `number`th compound, each a kind and a state further."""
        for turn in range(number * 2, number * 2 + 2):
            kind, text, spot, outcome = REPORTED[turn % len(REPORTED)]
            status = TURN[(turn + turn // len(TURN)) % len(TURN)]
            day = self.days.ago(10 + 3 * turn) if turn % 2 else self.days.year(-1, 200 + turn)
            place = {"building_id": compound.buildings[0], "unit_path": compound.path}
            said = {"kind": kind, "text": text, "spot": spot, "reported_on": day}
            answer = {"outcome": outcome, "answered_on": day + 7 * DAY}
            self.rows.add(reports, **place, **said, status=status, **(answer if status != ReportStatus.OPEN else {}))
