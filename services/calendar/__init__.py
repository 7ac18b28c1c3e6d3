"""The calendar 日历: which days are worked, by the State Council's announcements or a county's own."""
