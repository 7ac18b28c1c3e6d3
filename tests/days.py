"""The day it is for the service, asked whenever it is wanted: midnight may come while the tests run."""

from datetime import date, datetime, timedelta

from services.terms import CHINA


def today() -> date:
    """The day it is in Asia/Shanghai, as for every session of the service."""
    return datetime.now(CHINA).date()


def day(offset: int) -> str:
    """An ISO date so many days from today."""
    return (today() + timedelta(days=offset)).isoformat()
