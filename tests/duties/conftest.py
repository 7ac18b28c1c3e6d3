"""A town for the tests of duties, and the API over it."""

from tests.captains.conftest import api, town

__all__ = ["api", "town"]
