"""What a ledger must not hold: ID numbers, addresses, illness, income."""

from __future__ import annotations

import re
import unicodedata

from tracker.rules.headings import normalise_heading

_SENSITIVE = re.compile(
    r"身份证|证件号|证件编号|公民身份|居民身份|住址|家庭地址|居住地址|通讯地址|现居住地|户籍|户口|"
    r"疾病|患病|病史|病种|病情|健康状况|残疾证|收入|工资|薪资|银行|卡号|存折"
)
_ID_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9xX](?![0-9])")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ \-–—]+(?=[0-9])")
# A mobile number, or a fixed line's with its area code.
_PHONE_NUMBER = re.compile(r"(?<![0-9])(?:(?:\+?86|0086)?1[3-9][0-9]{9}|0[1-9][0-9]{8,10})(?![0-9])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, ISO 7064 mod 11-2


def is_sensitive(heading: str) -> bool:
    """Whether a heading announces what the tracker must not keep: ID numbers, addresses, illness, income."""
    return _SENSITIVE.search(normalise_heading(heading)) is not None


def holds_id_number(raw: object) -> bool:
    """Whether a cell holds a resident ID number, recognised by its check digit.

    As a number Excel keeps only 15 of the 18 digits; then the date of birth inside must do.
    """
    if isinstance(raw, float):
        return 1e17 <= raw < 1e18 and _is_birthday(str(int(raw))[6:14])
    if not isinstance(raw, str) or len(raw) < 18:
        return False
    for match in _ID_NUMBER.finditer(unicodedata.normalize("NFKC", raw)):
        digits = match[0]
        total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
        if "10X98765432"[total % 11] == digits[17].upper() and _is_birthday(digits[6:14]):
            return True
    return False


def holds_phone_number(text: str) -> bool:
    """Whether a text holds a number by which somebody can be called in the country, however it is spaced."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_PHONE_NUMBER.search(one) for one in (plain, _BETWEEN_DIGITS.sub("", plain)))


def _is_birthday(digits: str) -> bool:
    return "1880" <= digits[:4] <= "2100" and "01" <= digits[4:6] <= "12" and "01" <= digits[6:] <= "31"
