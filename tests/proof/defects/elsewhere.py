"""Faults of what is told, by trying days, of a member's terms in another town."""

from tests.proof.defects.words import Defect

COMMANDS, LEAVING = (f"services/members/{name}.py" for name in ("grid_commands", "leaving"))
LEFT = ("tests/members/test_left.py",)

ELSEWHERE = (
    Defect(
        "the day somebody left tells when a term in another town was over",
        LEAVING,
        "    unseen = await _unseen(tx, terms)\n",
        "    unseen: Collection[UUID] = set()\n",
        LEFT,
    ),
    Defect(
        "what is over in another town refuses the days it holds",
        LEAVING,
        " and any(_over(each) > earliest for each in hidden)",
        " and any(_over(each) > max(last, earliest) for each in hidden)",
        LEFT,
    ),
    Defect(
        "what lasts in another town is not told, and refused by what the database says",
        LEAVING,
        "    _refuse(field, (each for each in hidden if _lasts(each, today)))\n",
        "",
        LEFT,
    ),
    Defect(
        "the day somebody comes to a grid tells when they left one in another town",
        COMMANDS,
        '    if since < today and terms and terms[-1]["id"] in unseen:\n',
        "    if False:\n",
        LEFT,
    ),
    Defect(
        "before a term in another town a first day is refused for it",
        COMMANDS,
        '    if any(each["since"] > since for each in seen):\n',
        '    if any(each["since"] > since for each in terms):\n',
        LEFT,
    ),
)
