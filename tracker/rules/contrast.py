"""How well words are told from their ground, as WCAG 2.2 counts it."""

from __future__ import annotations

import re

HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")


def linear(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of '#rgb' or '#rrggbb' as light, each 0 to 1 (sRGB, IEC 61966-2-1)."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), of '#rgb' or '#rrggbb'."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tokens_of(sheet: str) -> dict[str, str]:
    """name → value of the custom properties of a style sheet, in their order; the first of a name holds."""
    found: dict[str, str] = {}
    for name, value in TOKEN.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        found.setdefault(name, value.strip())
    return found


def colours_of(sheet: str) -> dict[str, str]:
    """Those of them that are a colour which is all there."""
    return {name: value for name, value in tokens_of(sheet).items() if HEX.fullmatch(value)}
