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

# What changes of some rows what those who follow the trail do not read, and of others does not: whom help or a visit
# names, who is signed in. That such an entry is not there would tell of it; so none of them is there for who follows.
UNFOLLOWED = ("deletePerson", "closeAccount", "resetPassword")


def names_its_row(entry: Any) -> ColumnElement[bool]:
    """Whether whoever reads an entry is told which row it was about."""
    named: ColumnElement[bool] = entry.command.not_in(UNNAMED)
    return named


def may_be_followed(command: Any) -> ColumnElement[bool]:
    """Whether an entry of a command is told to whoever may read all that it changed."""
    told: ColumnElement[bool] = command.not_in(UNFOLLOWED)
    return told
