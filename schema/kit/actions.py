"""The rights of roles.csv on rows as clients name them: `Action`, one value for each entity and action."""

from enum import Enum

from policies import decide
from services.errors import Refused, bad_input

Right = tuple[str, str]  # entity and action, as in roles.csv

ABILITIES = "viewerCan"  # the field of every node that names the caller's rights on it
EXPLAIN: Right = ("access", "explain")  # to ask who may do something to a row, and why


def action_name(right: Right) -> str:
    """What clients call a right: `member.contact, read` is MEMBER_CONTACT_READ."""
    entity, action = right
    return f"{entity}_{action}".replace(".", "_").upper()


def _actions() -> dict[str, Right]:
    named: dict[str, Right] = {}
    for right in decide.rights_on_rows():
        if (other := named.setdefault(action_name(right), right)) != right:
            raise _alike(other, right)
    return dict(sorted(named.items()))


def _alike(*rights: Right) -> Refused:
    """Why two rights cannot both be: clients would call them by one name."""
    lines = ", ".join(str(rule.number) for rule in decide.rules() if rule.words[1:] in rights)
    name = action_name(rights[0])
    zh = f"{decide.RULES} 第 {lines} 行：两项权限的名称同为 {name}"
    return bad_input(zh, f"{decide.RULES}, lines {lines}: two rights would both be called {name}")


Action = Enum("Action", _actions())  # type: ignore[misc]
Action.__doc__ = "权限：policies/roles.csv 中的实体与操作 / A right: an entity and an action of policies/roles.csv."
