"""Building captains 楼长 and their terms."""
