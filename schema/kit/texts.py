"""Descriptions that many areas share, in Chinese and English, so that one thing is called one way everywhere."""

NAME = "名称 / Its name."
NAME_CONTAINS = "名称包含 / The name contains this text."
HOW_MANY = "个数 / How many."
PLACE = "所在地，自县级起 / The names from the county down to its unit."
UNIT = "所在单元 / The unit it lies in."
VERSION = "版本，修改时须注明 / Its version; an update names the one it was decided on."
CHANGES = "版本，每次变更加一 / Its version; counts every change."
FIRST = "首日 / The first day."
LAST = "末日（含当日），未定为空 / The last day, included; null as long as none is set."
ENDING = "末日（含当日），最多可追溯 92 天 / The last day, included; 92 days back at most."
CLOSING = "停用日期，不晚于今天，最多可追溯 92 天 / The day it is closed: not to come, and 92 days back at most."
CLOSED = "停用日期 / When it was closed."
IS_CLOSED = "是否已停用；默认仅列未停用者，null 为全部 / Whether it has been closed: by default it is not; null: all."

# What rows can be ordered by, wherever they can.
ORDERS = {
    "ANSWERED_ON": "办理日期 / When it was answered.",
    "ASKED_ON": "求助日期 / When it was asked.",
    "AT": "时间 / When it was.",
    "BOOKED_ON": "入账日期 / By the day it counts on.",
    "CATEGORY": "类别 / By the category.",
    "BEGINS_AT": "开始时间 / When it begins.",
    "BEGUN_ON": "成立日期 / When it began.",
    "BLOWN_ON": "吹哨日期 / When it was blown.",
    "CAPACITY": "可容纳人数 / By how many people it holds.",
    "CLOSES_ON": "截止之日 / By the last day.",
    "CODE": "代码 / By the code.",
    "COMPLETED_ON": "建成日期 / When it was completed.",
    "COST": "费用 / By the cost.",
    "CREATED_AT": "创建时间 / When it was made.",
    "CREDIT": "信用分 / By the credit.",
    "CREDIT_CODE": "统一社会信用代码 / By the credit code.",
    "DONE_ON": "完成日期 / When it was done.",
    "EARNED_ON": "完成日期 / When it was earned.",
    "ENDED_ON": "化解或转出日期，未了的最后 / When it was settled or passed on; what is neither last.",
    "EXPIRES_AT": "到期时间 / When it expires.",
    "FUNCTION": "功能 / By the function.",
    "GRADE": "等级 / By the grade, the best first.",
    "HELD_ON": "开展日期 / When it was held.",
    "HOUSEHOLDS": "户数 / By how many households.",
    "KIND": "类别 / By the kind.",
    "LEVEL": "层级 / By the level, the highest first.",
    "MATCHED_ON": "对接日期 / By the day it was matched.",
    "METRES": "步行距离，近的在前 / By the distance on foot, the nearest first.",
    "MOVED_ON": "流转日期 / By the day of the move.",
    "NAME": "名称拼音 / By the name, in pinyin.",
    "NUMBER": "第几期，不编期的最后 / By the number; what has none last.",
    "OPENED_ON": "启用日期，未定者最后 / By the day it opens; without one last.",
    "DELIVERED_ON": "落实日期，未落实的最后 / By the day it was delivered; what is not last.",
    "DEADLINE": "完成期限，未定者最后 / By the deadline; without one last.",
    "DUE_ON": "应完成日期 / By the day it is due.",
    "PLACE": "所在地 / By where it lies.",
    "PLANNED_ON": "计划日期 / The day it is planned for.",
    "PROPOSED_ON": "提议日期 / When it was proposed.",
    "RANK": "最合适的在前 / The best first.",
    "POINTS": "积分 / By the points.",
    "RECEIVED_ON": "受理日期 / When it came in.",
    "RECORDED_ON": "登记日期 / When it was recorded.",
    "REPORTED_ON": "反映日期 / When it was reported.",
    "SCORE": "得分，无评分的最后 / By the score; without one last.",
    "PEOPLE": "人数 / By how many people.",
    "SINCE": "首日 / By the first day.",
    "TAKEN_ON": "办理日期 / When it was done.",
    "STANDING": "身份 / By the standing.",
    "STATE": "状态 / By the state.",
    "STATUS": "状态 / By the status.",
    "STEP": "所在环节 / By the step.",
    "SURVEYED_ON": "普查日期 / When it was surveyed.",
    "TIER": "层级 / By the tier.",
    "UNTIL": "末日，未定者最后 / By the last day; those without one last.",
    "USED_ON": "使用日期 / When it was used.",
    "VISITED_ON": "走访日期 / When the visit was.",
    "YEAR": "年度 / By the year.",
}
