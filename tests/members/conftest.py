"""A town for the tests of members, and the service over one."""

from tests.captains.conftest import town
from tests.writes.conftest import api

__all__ = ["api", "town"]
