"""The API over the small world, as the tests of writing have it."""

from tests.writes.conftest import api, on, template

__all__ = ["api", "on", "template"]
