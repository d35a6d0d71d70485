"""What this installation asks of passwords and of the second step, and whether somebody still owes it."""

from __future__ import annotations

from flask import current_app

from tracker.clock import now
from tracker.models import User
from tracker.rules.passwords import PROFILES, Profile, has_run_out


def profile_here() -> Profile:
    """What is asked of passwords here (TRACKER_PASSWORD_PROFILE)."""
    return PROFILES[current_app.config["TRACKER"].profile]


def runs_out(user: User) -> bool:
    """Whether a password has to be changed because of its age."""
    return has_run_out(user.password_at, now(), profile_here())


def owes_password(user: User) -> bool:
    """Whether they must choose a password before anything else: after a slip, or because of its age."""
    return user.must_change or runs_out(user)


def must_turn_on(user: User) -> bool:
    """Whether one of their roles asks for the second step (TRACKER_SECOND_FACTOR_ROLES), and it is off."""
    asked = current_app.config["TRACKER"].second_factor_roles
    return not user.totp_secret and any(grant.role in asked for grant in user.grants)
