"""The small world of those who sign in."""

from tests.signin.conftest import world_url as world_url  # a fixture
