"""What bulletins are made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """A bulletin as the campaign file writes it. `text` is in the grammar of rules.bulletin_text.

    head:      in large red letters above it; `name` is what lists call it.
    issuer:    whose it is; '' for the office of the bureau.
    charts:    which of rules.bulletins.CHARTS stand behind its text, in this order.
    receivers: (报 / 送 / 发, to whom), in this order; () prints no foot.
    """

    code: str
    name: str
    head: str
    title: str
    text: str
    issuer: str = ""
    receivers: tuple[tuple[str, str], ...] = ()
    charts: tuple[str, ...] = ()
