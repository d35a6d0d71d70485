"""Numbers 59 to 70 of the hostile files: what a name says, and how a request is put together."""

from __future__ import annotations

# In two halves, so that no guard of a machine takes this file itself for what it names.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"

CONTENTS = (
    (59, "EICAR", "材料.pdf", lambda: EICAR, False),
    (60, "page named as a picture", "图.jpg", lambda: PAGE, False),
    (61, "page behind a picture's ending", "图.jpg.html", lambda: PAGE, False),
)

# Of a harmless file: these are added to the right ending, or are the whole name.
NAMES = (
    (62, "证明.pdf.exe"),
    (63, "证明\u202efdp.exe"),
    (64, "汉" * 255),
    (65, "."),
    (65, ".."),
    (65, "CON"),
    (65, "a\0b"),
    (65, "../../../../etc/passwd"),
    (66, 'a"\r\nSet-Cookie: evil=1\r\n\r\n<html>'),
    (67, "<img src=x onerror=alert(1)>"),
)


def parts(boundary: str, count: int) -> bytes:
    """A form of so many fields."""
    one = f'--{boundary}\r\nContent-Disposition: form-data; name="f{{}}"\r\n\r\nx\r\n'
    return ("".join(one.format(n) for n in range(count)) + f"--{boundary}--\r\n").encode()


# number, what it is, the type of the body, the body, what its length is said to be more than it is
REQUESTS = (
    (68, "2,000 parts", "multipart/form-data; boundary=storm", parts("storm", 2_000), 0),
    (69, "no boundary", "multipart/form-data", parts("storm", 3), 0),
    (69, "another boundary", "multipart/form-data; boundary=other", parts("storm", 3), 0),
    (69, "a boundary of 5,000", f"multipart/form-data; boundary={'x' * 5_000}", parts("x" * 5_000, 3), 0),
    (70, "shorter than it says", "multipart/form-data; boundary=storm", parts("storm", 3), 1_000),
    (70, "longer than it says", "multipart/form-data; boundary=storm", parts("storm", 30), -900),
    (70, "larger than any", "multipart/form-data; boundary=storm", parts("storm", 3), 2**40),
    (70, "a length past all numbers", "multipart/form-data; boundary=storm", parts("storm", 3), 10**30),
)
