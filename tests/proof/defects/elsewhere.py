"""Faults of what is told, by trying days, of a member's terms in another town, and of who changes them."""

from tests.proof.defects.words import WRITE, Defect

COMMANDS, LEAVING = (f"services/members/{name}.py" for name in ("grid_commands", "leaving"))
CORRECTING, SEEN = "services/storage/correcting.py", ("tests/members/test_elsewhere.py",)
LEFT = ("tests/members/test_left.py",)
DUTIES, WALKED = "services/duties/serving.py", ("tests/members/test_walk.py",)
SERVING, SERVED = "services/members/serving.py", ("tests/members/test_served.py",)

ELSEWHERE = (
    Defect(
        "days that are refused tell where the term in another town ends",
        CORRECTING,
        "    _no_nearer(row, since, until, others, beyond)\n",
        "",
        SEEN,
    ),
    Defect(
        "a correction tells the days of a term in another town that lies beyond their own",
        CORRECTING,
        "    apart = {*beyond, *(",
        "    apart = {*(",
        SEEN,
    ),
    Defect(
        "a correction reaches the terms in another town",
        WRITE,
        "        tx.beyond = authority.unseen",
        "        authority.unseen",
        SEEN,
    ),
    Defect(
        "a correction reaches the terms in another town that a second seat reads",
        WRITE,
        "        tx.beyond = authority.unseen",
        "        tx.beyond = whole.unseen",
        SEEN,
    ),
    Defect(
        "a correction ends what somebody did in another town on another day",
        "services/members/moving.py",
        '        if row["id"] in not_theirs:\n            continue\n',
        "",
        SEEN,
    ),
    Defect(
        "what never was is struck out beside a term in another town",
        CORRECTING,
        "    if await tx.beyond(of.table.name, beside):\n        raise conflict(*BESIDE, field)\n",
        "",
        SEEN,
    ),
    Defect(
        "to strike out gives back what ended in another town",
        COMMANDS,
        '    if await beyond(tx, ended):\n        raise conflict(*correcting.BESIDE, "grid_term")\n',
        "",
        SEEN,
    ),
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
    Defect(
        "where somebody served on a day is told by a term in another town",
        SERVING,
        "    seen, _ = await parted(tx, grid_terms, found)\n",
        "    seen = found\n",
        SERVED,
    ),
    Defect(
        "a duty that is taken tells when the same one in another town was over",
        DUTIES,
        '    await _apart(tx, need, member, said["since"])\n',
        "",
        WALKED,
    ),
    Defect(
        "what lasts in another town refuses only the days it holds",
        DUTIES,
        '        if since < today or (each["until"] or today) >= today:\n',
        "        if since < today:\n",
        WALKED,
    ),
    Defect(
        "a duty that is corrected tells when the same one in another town began or was over",
        "services/duties/tables.py",
        ', apart=("member_id", "item_id")',
        "",
        WALKED,
    ),
    Defect(
        "a term that is made longer tells when its holder left the other town",
        CORRECTING,
        "    await _none_left(tx, row, moved)\n",
        "",
        (*SEEN, *WALKED),
    ),
    Defect(
        "who moves a member within a town ends what they do for another",
        "services/members/moving.py",
        ' for row in left if row["id"] not in not_theirs]',
        " for row in left]",
        ("tests/households/test_leaving.py",),
    ),
)
