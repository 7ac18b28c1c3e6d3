"""A town for the tests of projects and funds, and the API over it."""

from tests.captains.conftest import api, town

__all__ = ["api", "town"]
