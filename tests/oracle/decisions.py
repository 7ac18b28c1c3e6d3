"""Casbin's decisions about single rows, each asked for once."""

from collections.abc import Iterable

from policies import decide
from policies.decide import Seat
from policies.scope import Address, admits

_KNOWN: dict[tuple[str, str, str, bool], bool] = {}


def enforced(seats: Iterable[Seat], entity: str, action: str, row: Address) -> bool:
    """What `decide.enforce` says of a row.

    Its matcher knows a row only by whether the seat reaches it, so for a role and a right there are two answers; asking
    Casbin for each of thousands of rows would take most of the tests' time. `test_scope` holds the two together.
    """
    return any(_decided(seat, entity, action, row) for seat in seats)


def _decided(seat: Seat, entity: str, action: str, row: Address) -> bool:
    role, term = seat
    key = (role, entity, action, admits(term, row, action))
    if key not in _KNOWN:
        _KNOWN[key] = decide.enforce([seat], entity, action, row)
    return _KNOWN[key]
