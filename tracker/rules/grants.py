"""Which roles go together, and who may give an account a new first password."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tracker.models.unit import UnitLevel
from tracker.models.user import LEVELS, Role
from tracker.rules.refusal import N_, Refused

# What a secretary's own people may be without ceasing to be theirs to help.
ORDINARY = {Role.MEMBER, Role.GROUP_LEADER}


def check_roles(roles: Collection[Role]) -> None:
    """Raises Refused if one account may not hold these roles together."""
    if Role.ADMINISTRATOR in roles and set(roles) != {Role.ADMINISTRATOR}:
        raise Refused(
            N_("Whoever runs the machine sees no records: an administrator's account has no other role."),
            "role",
        )
    if Role.AUDITOR in roles and set(roles) != {Role.AUDITOR}:
        raise Refused(
            N_(
                "Whoever audits changes nothing: an auditor's account has no other role. "
                "Give the person a second account."
            ),
            "role",
        )


def check_place(role: Role, level: UnitLevel | None, *, is_member: bool) -> None:
    """Raises Refused if a role cannot be held at such a unit, or by an account of nobody on the roster.

    level: of the unit where the role shall be held; None for no unit.
    """
    if LEVELS.get(role) is not level:
        raise Refused(N_("This role is held at another sort of unit, or at none."), "unit")
    if role is Role.MEMBER and not is_member:
        raise Refused(N_("Say which member the account belongs to."), "member")


def may_issue(
    held: Iterable[tuple[Role, int | None]],
    *,
    is_office: bool,
    branches: Collection[int],
    is_own: bool,
) -> bool:
    """Whether somebody may draw a new first password for an account.

    held:     its roles, each with the branch above the unit where it is held (None: no unit).
    branches: those that the one who asks keeps.
    is_own:   whether it is the account of the one who asks: a password of one's own is changed, not drawn.
    """
    if is_own:
        return False
    return is_office or all(
        role in ORDINARY and (branch_id is None or branch_id in branches) for role, branch_id in held
    )
