"""A town whose county has departments, and the API over it."""

from tests.captains.conftest import api, town

__all__ = ["api", "town"]
