"""What the record names: the types that have a history, and that entries and corrections lead to."""

from schema.access.accounts import Account, Grant
from schema.activities.activities import Activity
from schema.activities.teams import ResidentsTeam
from schema.appointments.posts import Post
from schema.captains.assignments import CaptainAssignment
from schema.catalog.items import ServiceItem
from schema.centres.bookings import VenueBooking
from schema.centres.centres import Centre
from schema.centres.facilities import Facility
from schema.centres.looks import CentreLook
from schema.centres.needs import NeedResponse
from schema.centres.offers import DepartmentOffer
from schema.centres.operations import OperationTerm
from schema.centres.resources import SharedResource
from schema.centres.schedules import Milestone
from schema.centres.scores import LookScore
from schema.centres.sheets import ScoringSheet
from schema.centres.surveys import NeedSurvey
from schema.centres.uses import ResourceUse
from schema.centres.venues import Venue
from schema.chairs.evaluations import ChairEvaluation
from schema.chairs.themes import ChairTheme
from schema.deliberation.agenda import MeetingItem
from schema.deliberation.agreements import AllianceAgreement
from schema.deliberation.alliances import Alliance, AllianceTerm
from schema.deliberation.analyses import AnalysisMeeting
from schema.deliberation.days import DeliberationDay
from schema.deliberation.disputes import Dispute
from schema.deliberation.joint import AllianceMeeting
from schema.deliberation.matters import Matter
from schema.deliberation.meetings import Meeting, MeetingPlace
from schema.deliberation.reports import DeliberationReport
from schema.deliberation.results import MatterResult
from schema.deliberation.whistles import Whistle
from schema.households.contacts import HouseholdContact
from schema.households.households import Household
from schema.members.grids import GridTerm
from schema.members.members import Member
from schema.organization.units import OrgUnit, PartyOrganization
from schema.points.claims import PointClaim
from schema.points.entries import PointEntry
from schema.points.pledges import Appraisal, Pledge
from schema.points.rules import PointRule
from schema.programs.programs import AccessToken, Program, StoredOperation
from schema.projects.contributions import ProjectContribution
from schema.projects.payments import ProjectPayment
from schema.projects.phases import ProjectPhase
from schema.projects.projects import Project
from schema.properties.branches import BranchCoverage
from schema.properties.companies import CompanyAssessment, ManagementContract, PropertyCompany
from schema.properties.compounds import Building, Compound, OwnersCommittee
from schema.properties.phases import CompoundPhase
from schema.properties.sharings import CompoundSharing
from schema.visits.reports import ResidentReport
from schema.visits.visits import InstructorVisit

# Visits to households are not among them, nor who signed up and who came: the trail is read from above, and tells
# nothing of these.
NODES: dict[str, tuple[type, str]] = {
    "OrgUnit": (
        OrgUnit,
        "单元；已撤并的，为并入的单元 / The unit it was about, or the one that has what was that one's.",
    ),
    "PartyOrganization": (PartyOrganization, "党组织 / The party organization it was about."),
    "Member": (Member, "党员 / The member it was about."),
    "Compound": (Compound, "小区 / The compound it was about."),
    "CompoundPhase": (CompoundPhase, "小区分期 / The phase it was about."),
    "CompoundSharing": (CompoundSharing, "小区共享 / The sharing it was about."),
    "Building": (Building, "楼栋 / The building it was about."),
    "PropertyCompany": (PropertyCompany, "物业企业 / The company it was about."),
    "CaptainAssignment": (CaptainAssignment, "楼长任职 / The captain's term it was about."),
    "GridTerm": (GridTerm, "在网格任期 / The term in a grid it was about."),
    "Post": (Post, "任职 / The post it was about."),
    "ServiceItem": (ServiceItem, "服务事项 / The service it was about."),
    "ManagementContract": (ManagementContract, "物业合同 / The contract it was about."),
    "BranchCoverage": (BranchCoverage, "党组织覆盖 / The coverage it was about."),
    "OwnersCommittee": (OwnersCommittee, "业委会 / The owners' committee it was about."),
    "CompanyAssessment": (CompanyAssessment, "年度考评 / The assessment it was about."),
    "InstructorVisit": (InstructorVisit, "指导员走访 / The visit it was about."),
    "ResidentReport": (ResidentReport, "居民反映 / The report it was about."),
    "ChairTheme": (ChairTheme, "轮值主题 / The theme it was about."),
    "Household": (Household, "住户 / The household it was about."),
    "HouseholdContact": (HouseholdContact, "党员联系户 / The contact with a household it was about."),
    "Facility": (Facility, "设施 / The facility it was about."),
    "Centre": (Centre, "邻里中心 / The centre it was about."),
    "OperationTerm": (OperationTerm, "服务运营 / The operation it was about."),
    "Milestone": (Milestone, "节点 / The milestone it was about."),
    "ScoringSheet": (ScoringSheet, "评分表 / The scoring sheet it was about."),
    "CentreLook": (CentreLook, "走看记录 / The look it was about."),
    "DepartmentOffer": (DepartmentOffer, "对接事项 / What a department brings that it was about."),
    "LookScore": (LookScore, "评分 / The score it was about."),
    "Venue": (Venue, "场地 / The venue it was about."),
    "VenueBooking": (VenueBooking, "预订 / The booking it was about."),
    "SharedResource": (SharedResource, "共享资源 / The resource it was about."),
    "NeedSurvey": (NeedSurvey, "问卷 / The survey it was about."),
    "NeedResponse": (NeedResponse, "需求回应 / The response it was about."),
    "ResourceUse": (ResourceUse, "使用记录 / The use it was about."),
    "Matter": (Matter, "议题 / The matter it was about."),
    "MatterResult": (MatterResult, "成效 / The result it was about."),
    "Meeting": (Meeting, "会议 / The meeting it was about."),
    "MeetingItem": (MeetingItem, "议程项 / The item it was about."),
    "MeetingPlace": (MeetingPlace, "会议场所 / The place for meetings it was about."),
    "Whistle": (Whistle, "哨 / The whistle it was about."),
    "DeliberationDay": (DeliberationDay, "议事日 / The deliberation day it was about."),
    "DeliberationReport": (DeliberationReport, "议事报告 / The report on deliberation it was about."),
    "AnalysisMeeting": (AnalysisMeeting, "分析研判会 / The analysis meeting it was about."),
    "Dispute": (Dispute, "矛盾纠纷 / The dispute it was about."),
    "Alliance": (Alliance, "党建联盟 / The alliance it was about."),
    "AllianceTerm": (AllianceTerm, "成员单位 / The term in an alliance it was about."),
    "AllianceMeeting": (AllianceMeeting, "联席会议 / The joint meeting it was about."),
    "AllianceAgreement": (AllianceAgreement, "议定事项 / The agreement it was about."),
    "Activity": (Activity, "活动 / The activity it was about."),
    "ResidentsTeam": (ResidentsTeam, "居民队伍 / The residents' team it was about."),
    "PointRule": (PointRule, "积分规则 / The rule of points it was about."),
    "Project": (Project, "项目 / The project it was about."),
    "ProjectPhase": (ProjectPhase, "项目阶段 / The phase it was about."),
    "ProjectPayment": (ProjectPayment, "项目支出 / The payment it was about."),
    "ProjectContribution": (ProjectContribution, "部门支持 / The contribution it was about."),
    "PointClaim": (PointClaim, "积分申报 / The claim of points it was about."),
    "PointEntry": (PointEntry, "积分记录 / The entry of points it was about."),
    "Pledge": (Pledge, "承诺 / The pledge it was about."),
    "Appraisal": (Appraisal, "民主评议 / The appraisal it was about."),
    "Account": (Account, "账号 / The account it was about."),
    "Grant": (Grant, "授权 / The grant it was about."),
    "Program": (Program, "程序 / The program it was about."),
    "AccessToken": (AccessToken, "令牌 / The token it was about."),
    "StoredOperation": (StoredOperation, "存储查询 / The stored operation it was about."),
    "ChairEvaluation": (ChairEvaluation, "轮值评价 / The evaluation it was about."),
}
