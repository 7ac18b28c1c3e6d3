"""Activities 活动 and home days 回家日: published, signed up for, checked in to; residents' teams 居民队伍."""

from schema.activities.area import AREA as AREA
