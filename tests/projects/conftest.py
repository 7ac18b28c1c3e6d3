"""A town for the tests of projects, and the API over it."""

from tests.captains.conftest import api, town

__all__ = ["api", "town"]
