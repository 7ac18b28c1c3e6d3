"""The conditions every filter of terms has: which of them held on a day, are over, began or end in a range of days."""

from datetime import date

from schema.kit.ranges import DateRange, days
from schema.kit.texts import FIRST, LAST
from schema.kit.words import ended, held_on

LEFT = "是否已卸任 / Whether the term is over."


class TermFilter:
    """What a filter of terms derives from; it may say in its own words what `ended` means of them."""

    as_of: date = held_on()
    ended: bool = ended("是否已终止 / Whether it is over.")
    since: DateRange = days("since", FIRST)
    until: DateRange = days("until", LAST)
