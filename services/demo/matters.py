"""The demo's government matters: 15 categories, 130 subjects handled at the window, 3,746 items applied for online.

The county reports give the numbers and name no item; what they are called is made up from common subjects.
"""

from collections.abc import Iterator
from itertools import islice, product

ONLINE = 3746

SUBJECTS = {
    "社会保险": "城乡居民养老保险 灵活就业养老保险 企业职工养老保险 失业保险 工伤保险 "
    "社会保障卡 养老待遇资格认证 退役军人社保接续 被征地人员养老保障",
    "医疗保障": "城乡居民医疗保险 职工医疗保险 异地就医备案 医疗费用报销 生育保险 "
    "门诊慢特病 医疗救助 长期护理保险 家庭共济账户",
    "社会救助": "最低生活保障 特困人员供养 临时救助 残疾儿童救助 孤儿基本生活保障 "
    "事实无人抚养儿童保障 流浪乞讨救助 低收入家庭认定 困难职工帮扶",
    "养老服务": "高龄津贴 老年人优待证 养老服务补贴 护理补贴 居家适老化改造 "
    "养老机构备案 失能评估 家庭养老床位 计划生育家庭奖励",
    "残疾人服务": "残疾人证 困难残疾人生活补贴 重度残疾人护理补贴 辅助器具适配 残疾人就业 "
    "无障碍改造 机动轮椅车燃油补贴 康复服务 残疾人培训",
    "优抚安置": "优待证 优抚对象抚恤 义务兵家庭优待金 退役士兵登记 烈士遗属抚恤 "
    "伤残等级评定 退役军人就业 光荣牌 退役士兵学历提升",
    "就业创业": "失业登记 就业困难人员认定 创业担保贷款 创业补贴 社保补贴 "
    "公益性岗位 职业培训补贴 高校毕业生报到 职称评审",
    "户籍身份": "出生登记 户口迁移 居民身份证 居住证 户口簿 姓名变更 死亡登记 无犯罪记录证明 边境通行证",
    "婚育健康": "生育登记 婚姻登记预约 婚前检查 孕前检查 预防接种证 健康证明 母子健康手册 独生子女证明 无偿献血优待",
    "教育入学": "小学入学 初中入学 幼儿园入园 转学 学生资助 教师资格 生源地助学贷款 学历认证 校外培训备案",
    "住房保障": "公共租赁住房 住房租赁补贴 农村危房改造 住房公积金 物业维修资金 "
    "住房困难认定 既有住宅增设电梯 老旧小区改造",
    "不动产登记": "不动产权证 抵押登记 房屋转移登记 预告登记 异议登记 宅基地登记 继承登记 查档证明",
    "市场经营": "个体工商户 食品经营许可 小餐饮登记 小作坊登记 广告发布 烟草零售许可 公共场所卫生许可 年度报告",
    "农业农村": "农业补贴 农机补贴 农村宅基地 土地承包 农产品证明 林木采伐 动物防疫条件 渔业船舶",
    "公共事业": "用水 用电 用气 有线电视 公交优待卡 停车泊位 垃圾处理费 法律援助",
}
_ACTIONS = ("办理", "变更", "延续", "补办", "注销", "查询", "预约", "撤回申请", "更正", "复核")
_APPLICANTS = ("本人", "代办", "单位")


def at_window() -> Iterator[tuple[str, str]]:
    """(category, subject) of what is handled at the window."""
    return ((category, subject) for category, subjects in SUBJECTS.items() for subject in subjects.split())


def online() -> Iterator[tuple[str, str]]:
    """(category, name) of what can be applied for online alone: all but the subjects that are both."""
    both = sum(1 for number, _ in enumerate(at_window()) if is_online(number))
    named = ((category, f"{subject}{action}（{who}）") for action, who, (category, subject) in _products())
    return islice(named, ONLINE - both)


def is_online(number: int) -> bool:
    """Whether the subject of this number, handled at the window, can be applied for online too: four of five."""
    return number % 5 != 4


def _products() -> Iterator[tuple[str, str, tuple[str, str]]]:
    return product(_ACTIONS, _APPLICANTS, tuple(at_window()))
