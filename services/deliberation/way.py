"""The way a matter goes 提议—商议—践议—议评, declared once: which step leads to which, and who may take it.

Migration 0061 puts the same into the table `matter_way`, which moves refer to, so that a step cannot be skipped however
a move is written; a test compares the two.
"""

from typing import NamedTuple

from services.described import Described


class Step(Described):
    """议题所在环节 / The steps of a matter."""

    PROPOSED = "PROPOSED", "提议 / Proposed."
    CONSULTING = "CONSULTING", "商议 / Consulted on."
    ACTING = "ACTING", "践议 / Carried out."
    ASSESSING = "ASSESSING", "议评 / Assessed by those it is for."
    SETTLED = "SETTLED", "办结 / Settled."
    DROPPED = "DROPPED", "不予办理 / Not taken up."


class Pace(NamedTuple):
    """From one step to another: the action of `matter` in roles.csv, whether a reason is owed, what it is called."""

    from_step: Step
    to_step: Step
    action: str
    reason_owed: bool
    name: str

    @property
    def working_days(self) -> int | None:
        """In how many working days the new step is to be over; None for what is an end."""
        return DAYS.get(self.to_step)


DAYS = {Step.PROPOSED: 5, Step.CONSULTING: 20, Step.ACTING: 60, Step.ASSESSING: 10}
WAY = (
    Pace(Step.PROPOSED, Step.CONSULTING, "consult", False, "转入商议 / Take it to consultation"),
    Pace(Step.CONSULTING, Step.ACTING, "act", False, "转入践议 / Begin to carry it out"),
    Pace(Step.ACTING, Step.ASSESSING, "assess", False, "转入议评 / Begin the assessment"),
    Pace(Step.ASSESSING, Step.SETTLED, "settle", False, "办结 / Settle it"),
    Pace(Step.CONSULTING, Step.PROPOSED, "return", True, "退回提议 / Return it to who proposed it"),
    Pace(Step.ASSESSING, Step.ACTING, "return", True, "退回践议 / Carry it out once more"),
    Pace(Step.PROPOSED, Step.DROPPED, "drop", True, "不予办理 / Do not take it up"),
    Pace(Step.CONSULTING, Step.DROPPED, "drop", True, "不予办理 / Do not take it up"),
    Pace(Step.SETTLED, Step.ACTING, "reopen", True, "重新践议 / Take it up again"),
    Pace(Step.DROPPED, Step.PROPOSED, "reopen", True, "重新提议 / Propose it again"),
)


def leaving(action: str) -> dict[Step, Pace]:
    """The paces an action is the right to, each by the step it leads from: one at most."""
    return {pace.from_step: pace for pace in WAY if pace.action == action}
