"""A town for the tests of companies, compounds and branches, and the service over one."""

from tests.captains.conftest import town
from tests.writes.conftest import api, on, template

__all__ = ["api", "on", "template", "town"]
