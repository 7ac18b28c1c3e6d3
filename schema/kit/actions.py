"""The rights of roles.csv on rows as clients name them: `Action`, one value for each entity and action."""

from enum import Enum

from policies import decide

Right = tuple[str, str]  # entity and action, as in roles.csv

ABILITIES = "viewerCan"  # the field of every node that names the caller's rights on it
EXPLAIN: Right = ("access", "explain")  # to ask who may do something to a row, and why


def action_name(right: Right) -> str:
    """What clients call a right: `member.contact, read` is MEMBER_CONTACT_READ."""
    entity, action = right
    return f"{entity}_{action}".replace(".", "_").upper()


def _actions() -> dict[str, Right]:
    named = {action_name(right): right for right in decide.rights_on_rows()}
    if len(named) != len(decide.rights_on_rows()):
        raise ValueError("two rights of roles.csv have the same name as actions")
    return dict(sorted(named.items()))


Action = Enum("Action", _actions())  # type: ignore[misc]
Action.__doc__ = "权限：policies/roles.csv 中的实体与操作 / A right: an entity and an action of policies/roles.csv."
