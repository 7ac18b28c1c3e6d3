"""Departments 部门 of a county, as its housing bureau: whoever works for one is seated at it (decision 17)."""
