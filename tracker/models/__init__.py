"""The tables. Importing this package registers all of them."""

from tracker.models.absence import Absence
from tracker.models.archive import CampaignArchive
from tracker.models.arrival import Arrival, PlanSheet
from tracker.models.assignment import Assignment, AssignmentState, AssignmentStep, MeetingAssignment
from tracker.models.audit import AuditEvent, AuditSeal, Submission, Suggestion
from tracker.models.backup import Backup
from tracker.models.batch import Batch, BatchSort, BatchState
from tracker.models.bulletin import (
    Bulletin,
    BulletinBasis,
    BulletinCorrection,
    BulletinFigure,
    BulletinState,
)
from tracker.models.campaign import Campaign, Kind
from tracker.models.certificate import Certificate
from tracker.models.close import Close
from tracker.models.comment import Comment
from tracker.models.confirmation import Confirmation, Heard
from tracker.models.deadline import DeadlineChange
from tracker.models.draft import Draft
from tracker.models.evidence import Evidence
from tracker.models.factor_reset import FactorReset, ResetState
from tracker.models.heartbeat import Beat, Heartbeat
from tracker.models.job import Job, JobState
from tracker.models.layout import Layout
from tracker.models.mapping import Mapping
from tracker.models.meeting import Meeting
from tracker.models.member import Exemption, Member, Membership
from tracker.models.own_figure import OwnFigure
from tracker.models.pairing import DeletedWhy, NoteSort, OpenedWhy, PairingNote, SealedOpening, SealedPerson
from tracker.models.paper import Paper
from tracker.models.plan import DaySort, Holiday, Plan, PlanOrganiser
from tracker.models.quoted import Quoted
from tracker.models.record import CoOrganiser, OwnerType, Participation, Record, Status
from tracker.models.recovery_code import RecoveryCode
from tracker.models.reminder import Matter, Reminder
from tracker.models.resolution import AgendaItem, Resolution
from tracker.models.result import Result
from tracker.models.sample import Fault, Sample, SampleReopening, SampleRow, Verdict
from tracker.models.saved_filter import SavedFilter
from tracker.models.screen import ScreenLink
from tracker.models.series import Every, Series
from tracker.models.session import KnownDevice, TryCount, UserSession
from tracker.models.share import Share
from tracker.models.shingle import Shingle
from tracker.models.statement import Said, Statement
from tracker.models.story import Story
from tracker.models.tally import Tally, TallyCell
from tracker.models.term import Term
from tracker.models.twin import ToldApart
from tracker.models.unit import Unit, UnitCategory, UnitLevel
from tracker.models.user import LEVELS, Grant, Role, User
from tracker.models.work import Work

__all__ = [
    "LEVELS",
    "Absence",
    "AgendaItem",
    "Arrival",
    "Assignment",
    "AssignmentState",
    "AssignmentStep",
    "AuditEvent",
    "AuditSeal",
    "Backup",
    "Batch",
    "BatchSort",
    "BatchState",
    "Beat",
    "Bulletin",
    "BulletinBasis",
    "BulletinCorrection",
    "BulletinFigure",
    "BulletinState",
    "Campaign",
    "CampaignArchive",
    "Certificate",
    "Close",
    "CoOrganiser",
    "Comment",
    "Confirmation",
    "DaySort",
    "DeadlineChange",
    "DeletedWhy",
    "Draft",
    "Every",
    "Evidence",
    "Exemption",
    "FactorReset",
    "Fault",
    "Grant",
    "Heard",
    "Heartbeat",
    "Holiday",
    "Job",
    "JobState",
    "Kind",
    "KnownDevice",
    "Layout",
    "Mapping",
    "Matter",
    "Meeting",
    "MeetingAssignment",
    "Member",
    "Membership",
    "NoteSort",
    "OpenedWhy",
    "OwnFigure",
    "OwnerType",
    "PairingNote",
    "Paper",
    "Participation",
    "Plan",
    "PlanOrganiser",
    "PlanSheet",
    "Quoted",
    "Record",
    "RecoveryCode",
    "Reminder",
    "ResetState",
    "Resolution",
    "Result",
    "Role",
    "Said",
    "Sample",
    "SampleReopening",
    "SampleRow",
    "SavedFilter",
    "ScreenLink",
    "SealedOpening",
    "SealedPerson",
    "Series",
    "Share",
    "Shingle",
    "Statement",
    "Status",
    "Story",
    "Submission",
    "Suggestion",
    "Tally",
    "TallyCell",
    "Term",
    "ToldApart",
    "TryCount",
    "Unit",
    "UnitCategory",
    "UnitLevel",
    "User",
    "UserSession",
    "Verdict",
    "Work",
]
