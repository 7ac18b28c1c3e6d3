"""A county to publish services in."""

from tests.organization.conftest import land

__all__ = ["land"]
