"""The demo's log of instructors' visits: what they did at the companies they are dispatched to."""

from dataclasses import dataclass
from uuid import UUID

from services.demo.companies import Company
from services.demo.days import Days
from services.demo.rows import Rows
from services.visits.tables import visits

# The tasks of an instructor: policies, organization, organized life; and what comes next.
DONE = (
    ("宣讲物业行业党建政策", "下次走访时检查学习记录"),
    ("指导企业党支部召开组织生活会", None),
    ("梳理企业党员和入党积极分子名单", "协助落实单列发展党员指标"),
    ("协助企业将党建工作写入章程", "跟进章程修订进度"),
)
VISITS = 3  # in a dispatch, since last year's March; the last one in these weeks


@dataclass(frozen=True, slots=True)
class Visits:
    """Keeps the log of the dispatches that run."""

    rows: Rows
    days: Days

    def of(self, number: int, post: UUID, company: Company) -> None:
        """What the `number`th instructor did in one dispatch, which began last year on 1 March."""
        for turn in range(VISITS):
            done, then = DONE[(number + turn) % len(DONE)]
            last = turn == VISITS - 1
            day = self.days.ago(5 + number) if last else self.days.year(-1, 80 + 90 * turn + number)
            place = {"post_id": post, "company_id": company.id, "unit_path": company.path}
            self.rows.add(visits, **place, visited_on=day, done=done, next_step=then, recorded_on=day)
