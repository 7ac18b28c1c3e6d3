"""The demo's service posts 选岗定岗: 8 categories and 45 duties, what communities need, and who took it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.demo.days import Days
from services.demo.rows import Rows
from services.demo.territory import Community, Grid
from services.duties.tables import duty_terms, items, needs, profiles

# Categories with the occupation and the skill that suit them, and their duties.
DUTIES = (
    ("政策宣传", "机关事业", "宣讲", "政策宣讲员 普法宣传员 反诈宣传员 文明劝导员 党史讲解员 信息采集员"),
    ("治安巡逻", "政法", "急救", "平安巡逻员 消防安全员 交通劝导员 防溺水巡查员 隐患排查员 夜间守护员"),
    ("矛盾调解", "法律服务", "调解", "邻里调解员 物业纠纷调解员 家事调解员 法律咨询员 信访代办员"),
    ("环境卫生", "城市管理", "园艺", "楼道清洁员 垃圾分类指导员 绿化养护员 河道巡查员 文明养犬劝导员 控烟劝导员"),
    ("帮老助困", "民政", "陪护", "独居老人探访员 助餐配送员 残疾人帮扶员 代购代办员 心愿认领员 心理陪伴员"),
    ("健康服务", "医疗卫生", "护理", "血压测量员 健康讲座员 家庭医生联络员 康复指导员 心理疏导员"),
    ("助学育人", "教育", "辅导", "课业辅导员 阅读领读员 书法教员 假期托管员 科普讲解员 家庭教育指导员"),
    ("便民服务", "个体经营", "维修", "家电维修员 义务理发员 水电检修员 磨刀缝补员 手机使用指导员"),
)  # fmt: skip
EACH, PLACES = 6, 4  # duties a community needs, and how many members for each


@dataclass(slots=True)
class Duties:
    """Lists a county's duties, lets communities need some of them, and members take one each."""

    rows: Rows
    days: Days
    listed: list[tuple[UUID, int, str]] = field(default_factory=list)
    places: dict[str, list[tuple[UUID, UUID, int, str]]] = field(default_factory=dict)

    def listing(self, path: str) -> None:
        """The county's 45."""
        for number, (category, occupation, skill, names) in enumerate(DUTIES):
            for name in names.split():
                suits = {"occupations": [occupation], "skills": [skill]}
                made = self.rows.add(items, unit_path=path, category=category, name=name, **suits, withdrawn_on=None)
                self.listed.append((made, number, name))

    def needed(self, number: int, community: Community) -> None:
        """What the `number`th community needs: six duties of different categories, four members each."""
        path = community.place.path
        since = self.days.year(-1, 59)
        for turn in range(EACH):
            item, category, name = self.listed[(number * EACH + turn * 7) % len(self.listed)]
            need = self.rows.add(needs, item_id=item, unit_path=path, needed=PLACES, since=since, until=None)
            self.places.setdefault(path, []).extend([(need, item, category, name)] * PLACES)

    def taken(self, community: Community, grid: Grid, members: Sequence[UUID]) -> None:
        """Members of a grid say what they can, and take the places left in turn; every ninth is done by now."""
        left = self.places[community.place.path]
        for member in members:
            if not left:
                return
            need, item, category, name = left.pop(0)
            _, occupation, skill, _ = DUTIES[category]
            said = {"occupation": occupation, "skills": [skill], "wishes": [name]}
            self.rows.add(profiles, member_id=member, unit_path=grid.place.path, **said)
            over = len(left) % 9 == 0
            term = {"since": self.days.year(-1, 100), "until": self.days.ago(20) if over else None}
            place = {"need_id": need, "item_id": item, "unit_path": community.place.path}
            self.rows.add(duty_terms, member_id=member, **place, **term, end_reason="换岗" if over else None)
