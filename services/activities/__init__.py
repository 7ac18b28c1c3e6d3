"""Activities 活动 of units, home day 回家日 among them; sign-ups, check-ins, and residents' teams."""
