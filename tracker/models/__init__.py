"""The tables. Importing this package registers all of them."""

from tracker.models.audit import AuditEvent, Submission, Suggestion
from tracker.models.batch import Batch, BatchSort, BatchState, Job, JobState
from tracker.models.campaign import Campaign, Kind
from tracker.models.member import Exemption, Member, Membership
from tracker.models.record import CoOrganiser, OwnerType, Participation, Record, Status
from tracker.models.tally import Tally, TallyCell
from tracker.models.unit import Unit, UnitCategory, UnitLevel
from tracker.models.user import Grant, Role, User

__all__ = [
    "AuditEvent",
    "Batch",
    "BatchSort",
    "BatchState",
    "Campaign",
    "CoOrganiser",
    "Exemption",
    "Grant",
    "Job",
    "JobState",
    "Kind",
    "Member",
    "Membership",
    "OwnerType",
    "Participation",
    "Record",
    "Role",
    "Status",
    "Submission",
    "Suggestion",
    "Tally",
    "TallyCell",
    "Unit",
    "UnitCategory",
    "UnitLevel",
    "User",
]
