"""The second step of a sign-in: a code from the owner's device (TOTP, RFC 6238), sealed in the database."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
from collections.abc import Sequence

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import or_, update

from tracker.db import db
from tracker.models import FactorReset, ResetState, User
from tracker.rules.cells import plain
from tracker.rules.refusal import N_, Refused
from tracker.rules.tokens import nonce
from tracker.services.audit import record_event
from tracker.services.recovery_codes import draw_codes, drop_codes

INFO = b"tracker: second factor, key 1"
SEALED_BY = "1"  # names the key, for the day when another one follows
NONCE, KEY = 12, 32  # bytes
DIGITS, SECONDS = 6, 30
DRIFT = 1  # steps that a device's clock may be off
NOT_ON = N_("The second step is not turned on.")
WRONG = N_("This code is not right, or it was used already. Wait for the next one.")


def _cipher(secret_key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=KEY, salt=None, info=INFO).derive(secret_key.encode())
    return AESGCM(derived)


def _bound_to(user_id: int) -> bytes:
    """What a sealed secret belongs to: moved to another account it does not open."""
    return f"user_account:{user_id}".encode()


def seal_secret(secret: str, user_id: int, secret_key: str) -> str:
    """A secret for the database: AES-256-GCM under a key that the installation's own is stretched to."""
    drawn = nonce(NONCE)
    sealed = drawn + _cipher(secret_key).encrypt(drawn, secret.encode(), _bound_to(user_id))
    return SEALED_BY + "." + base64.urlsafe_b64encode(sealed).decode()


def open_secret(sealed: str, user_id: int, secret_key: str) -> str | None:
    """The secret again; None if it is another account's, was changed, or was sealed with another key."""
    key_name, _, text = sealed.partition(".")
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
        opened = _cipher(secret_key).decrypt(raw[:NONCE], raw[NONCE:], _bound_to(user_id))
    except (ValueError, InvalidTag):
        return None
    return opened.decode() if key_name == SEALED_BY else None


def new_secret() -> str:
    """160 bits for a new device, in the letters that one can type (base 32)."""
    return pyotp.random_base32()


def address_for_device(secret: str, login: str, issuer: str) -> str:
    """What the QR picture says: otpauth://totp/…"""
    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(
        name=login, issuer_name=issuer
    )


def step_of(secret: str, code: str, at: dt.datetime) -> int | None:
    """The step of time (30 seconds each) whose code this is, now or one step off; None if of none."""
    typed, found = plain(code), None
    if not (typed.isascii() and typed.isdigit() and len(typed) == DIGITS):
        return None
    totp, present = pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS), int(at.timestamp()) // SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            found = step
    return found


def use_code(user: User, code: str, keys: Sequence[str], *, at: dt.datetime) -> bool:
    """Whether the code is right and was not used before; it is used up from now on.

    keys: `Config.keys`. A secret that a former one sealed is sealed by the first one from now on.

    One conditional UPDATE: of two who send the same code at once, one gets in. Nothing older than the last
    code is taken either.
    """
    sealed = user.totp_secret or ""
    opened = ((key, open_secret(sealed, user.id, key)) for key in keys)
    key, secret = next((pair for pair in opened if pair[1] is not None), (keys[0], None))
    step = step_of(secret, code, at) if secret else None
    if secret is None or step is None:
        return False
    values: dict[str, object] = {"totp_step": step}
    if key != keys[0]:
        values["totp_secret"] = seal_secret(secret, user.id, keys[0])
    used = db.session.execute(
        update(User)
        .where(
            User.id == user.id,
            User.totp_secret == sealed,
            or_(User.totp_step.is_(None), User.totp_step < step),
        )
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return used.rowcount == 1  # type: ignore[attr-defined, no-any-return]  # an UPDATE gives a CursorResult


def turn_on(user: User, sealed: str, code: str, secret_key: str, *, at: dt.datetime) -> list[str]:
    """Ask for a code at each sign-in from now on. It takes one right code, so that nobody is shut out.

    Returns the recovery codes, which are shown this once.

    sealed: the new secret as `seal_secret` gave it; it was shown to the user and comes back from the page.
    Raises Refused if the code is wrong, if the secret is not this user's, or if there is one already.
    """
    secret = open_secret(sealed, user.id, secret_key)
    step = step_of(secret, code, at) if secret else None
    if step is None:
        raise Refused(WRONG, "code")
    changed = db.session.execute(
        update(User)
        .where(User.id == user.id, User.totp_secret.is_(None))
        .values(totp_secret=sealed, totp_step=step)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(
            N_("The second step is turned on already. Turn it off first to use another device."), "code"
        )
    record_event(user, "user:second_factor_on", user, at)
    return draw_codes(user, secret_key, at=at)


def turn_off(user: User, *, by: User | None, at: dt.datetime) -> None:
    """Ask for no code any more; recovery codes and an open request for just this go along.

    by: None for the command line. Raises Refused if no code was asked for.
    """
    changed = db.session.execute(
        update(User)
        .where(User.id == user.id, User.totp_secret.is_not(None))
        .values(totp_secret=None, totp_step=None)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(NOT_ON)
    drop_codes(user)
    is_waiting = (FactorReset.user_id == user.id) & (FactorReset.state == ResetState.OPEN)
    withdrawn = {"state": ResetState.WITHDRAWN, "closed_by_id": by.id if by else None, "closed_at": at}
    db.session.execute(update(FactorReset).where(is_waiting).values(withdrawn))
    record_event(by, "user:second_factor_off", user, at)
