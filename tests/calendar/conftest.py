"""A county for the tests of working days, and the API over it."""

from tests.captains.conftest import api, town

__all__ = ["api", "town"]
