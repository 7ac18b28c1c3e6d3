"""Services of a test's own over a demo it may change."""

from tests.http.conftest import start

__all__ = ["start"]
