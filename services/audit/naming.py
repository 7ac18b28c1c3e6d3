"""Which entries of the trail name nobody: it is read further up than what they tell of.

What was done then is kept with the entry all the same, and told to the person themselves.
"""

from typing import Any

from sqlalchemy import ColumnElement

# Who signed up, who came and who visited: whoever is above counts that. Pledges and claims are no auditor's to read.
UNNAMED = (
    *("signUpForActivity", "cancelSignUp", "checkIn", "recordHomeVisit", "recordEarlierVisit"),
    "recordVisitInGridTerm",
    *("makePledge", "claimPoints"),
)


def names_its_row(entry: Any) -> ColumnElement[bool]:
    """Whether whoever reads an entry is told which row it was about."""
    named: ColumnElement[bool] = entry.command.not_in(UNNAMED)
    return named
