"""A workbook from outside: read in a child process, or refused with what to do about it."""

from __future__ import annotations

import datetime as dt
import json
import math
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from tracker.rules.cells import Raw
from tracker.rules.refusal import N_, Refused
from tracker.rules.sheets import RawSheet

CHILD = Path(__file__).with_name("read_child.py")
_STDERR_KEPT = 4_000

_SENTENCES: dict[str, str] = {
    "size": N_("The file is larger than %(most)s MiB. Split it, or take the pictures out."),
    "empty": N_("The file is empty. Save it again and upload it again."),
    "encrypted": N_(
        "The file is protected by a password. Remove the password in Excel or WPS and save it again."
    ),
    "xls": N_("This is a workbook in the old .xls format. Open it in Excel or WPS and save it as .xlsx."),
    "xlsb": N_("This is a binary workbook (.xlsb). Open it in Excel and save it as .xlsx."),
    "ods": N_("This is an OpenDocument file. Open it in Excel or WPS and save it as .xlsx."),
    "word": N_("This is a Word document. Put the table into a workbook and save it as .xlsx."),
    "pdf": N_("This is a PDF file. Send the workbook that it was made from, saved as .xlsx."),
    "not_excel": N_("This is not an Excel workbook. Open the table in Excel or WPS and save it as .xlsx."),
    "damaged": N_(
        "The file is damaged or incomplete. Open it in Excel or WPS, save it as .xlsx and try again."
    ),
    "parts": N_("The file consists of more than %(most)s parts. Copy the table into a new workbook."),
    "unpacked": N_(
        "The file unpacks to more than %(most)s MiB. Delete empty rows and pictures, or split it."
    ),
    "ratio": N_("The file is packed so tightly that it is not opened. Copy the table into a new workbook."),
    "macros": N_("The file contains macros. Save it as .xlsx, which holds none."),
    "external": N_(
        "The file is linked to other files or data sources. Paste the values into a new workbook."
    ),
    "dtd": N_(
        "The file contains instructions that no spreadsheet needs. Copy the table into a new workbook."
    ),
    "extent": N_(
        "Sheet %(sheet)s reaches to cell %(cell)s. At most %(rows)s rows and %(columns)s columns are read: "
        "delete what stands outside the table, or split it."
    ),
    "rows": N_("The file has more than %(rows)s rows. Split it."),
    "merged": N_("Sheet %(sheet)s has more than %(most)s merged cells. Copy the values into a new sheet."),
    "cell": N_("Cell %(cell)s of sheet %(sheet)s holds more than %(most)s characters."),
    "memory": N_("Reading the file takes too much memory. Copy the table into a new workbook, or split it."),
    "time": N_("Reading the file takes longer than %(seconds)s seconds. Split it."),
    "crash": N_("The file could not be read. Copy the table into a new workbook and try again."),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a workbook may ask for. The defaults hold for files from a page.

    file, unpacked, memory: bytes.
    rows: of data, over all sheets; each sheet may have 100 more for titles and totals.
    """

    file: int = 10 * 2**20
    unpacked: int = 128 * 2**20
    parts: int = 200
    ratio: int = 50
    rows: int = 60_000
    columns: int = 60
    cell: int = 32_767
    memory: int = 512 * 2**20
    seconds: int = 30


@dataclass(slots=True)
class Workbook:
    """The sheets of a workbook, in its order. Hidden ones are marked (`RawSheet.is_hidden`)."""

    sheets: list[RawSheet] = field(default_factory=list)

    @property
    def formulas(self) -> list[tuple[str, int, int]]:
        """Cells with a formula: sheet, row as Excel shows it, column from 0."""
        return [(sheet.name, row, column) for sheet in self.sheets for row, column in sorted(sheet.formulas)]

    @property
    def merged(self) -> dict[str, tuple[tuple[int, int, int, int], ...]]:
        """Merged ranges of each sheet: first row, first column, last row, last column."""
        return {sheet.name: sheet.merged for sheet in self.sheets}

    @property
    def hidden_sheets(self) -> list[str]:
        return [sheet.name for sheet in self.sheets if sheet.is_hidden]


def read_workbook(
    path: Path, limits: Limits | None = None, progress: Callable[[int], None] | None = None
) -> Workbook:
    """Read every sheet of an .xlsx file.

    path:     any name; the content decides what it is.
    progress: told the number of rows read so far, some hundred apart.
    Raises    Refused with what the user can do, for anything but a harmless workbook within the limits.
    """
    limits = limits or Limits()
    _check_start(path, limits)
    command = [sys.executable, "-I", str(CHILD), str(path), json.dumps(asdict(limits))]
    late = threading.Event()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
        close_fds=True,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None

        def stop() -> None:
            late.set()
            child.kill()

        said: list[bytes] = []
        listener = threading.Thread(target=_listen, args=(child.stderr, said), daemon=True)
        timer = threading.Timer(limits.seconds, stop)
        listener.start()
        timer.start()
        try:
            workbook = _receive(child.stdout, limits, progress)
        finally:
            timer.cancel()
            child.kill()
            child.wait()
            listener.join()
    if workbook is None:
        if late.is_set() or child.returncode == -signal.SIGXCPU:
            raise _refused("time", {"seconds": limits.seconds})
        # Rust aborts where Python raises MemoryError; both speak of memory in their last words.
        raise _refused("memory" if b"memory" in b"".join(said).lower() else "crash", {})
    return workbook


def _check_start(path: Path, limits: Limits) -> None:
    """Size and first bytes: what can be told without opening the file in earnest."""
    size = path.stat().st_size
    if size == 0:
        raise _refused("empty", {})
    if size > limits.file:
        raise _refused("size", {"most": limits.file // 2**20})
    with path.open("rb") as file:
        start = file.read(8)
        if start.startswith(b"PK"):
            return
        if start.startswith(b"%PDF"):
            raise _refused("pdf", {})
        if start == bytes.fromhex("d0cf11e0a1b11ae1"):
            content = start + file.read()
            if "EncryptedPackage".encode("utf-16-le") in content:
                raise _refused("encrypted", {})
            raise _refused("word" if "WordDocument".encode("utf-16-le") in content else "xls", {})
    raise _refused("not_excel", {})


def _receive(stdout: IO[bytes], limits: Limits, progress: Callable[[int], None] | None) -> Workbook | None:
    """What the child sends; None if it ended before it had finished. Raises Refused."""
    sheets: list[dict[str, Any]] = []
    count = received = 0
    # A shared string may stand in a million cells: what comes out is bounded as what goes in.
    while line := stdout.readline(limits.unpacked + 1):
        received += len(line)
        if received > limits.unpacked:
            raise _refused("unpacked", {"most": limits.unpacked // 2**20})
        if not line.endswith(b"\n"):
            return None
        message = json.loads(line)
        if isinstance(message, list):
            count += len(message)
            if count > limits.rows + 100 * len(sheets):
                raise _refused("rows", {"rows": limits.rows})
            sheets[-1]["rows"] += [
                (row[0], [_decode(c) if type(c) is list else c for c in row[1:]]) for row in message
            ]
            if progress is not None:
                progress(count)
        elif "sheet" in message:
            sheets.append(message | {"rows": []})
        elif "refused" in message:
            raise _refused(str(message["refused"]), message["params"])
        else:
            return Workbook([_sheet(sheet) for sheet in sheets])
    return None


def _sheet(message: dict[str, Any]) -> RawSheet:
    return RawSheet(
        message["sheet"],
        message["rows"],
        tuple((a, b, c, d) for a, b, c, d in message["merged"]),
        frozenset((row, column) for row, column in message["formulas"]),
        message["is_hidden"],
        tuple(message["hidden_rows"]),
    )


def _decode(pair: list[Any]) -> Raw:
    """A day or time as the child encodes it."""
    kind, value = pair
    match kind:
        case "d":
            return dt.date.fromisoformat(value)
        case "t":
            return dt.datetime.fromisoformat(value)
        case "c":
            return dt.time.fromisoformat(value)
        case _:
            return dt.timedelta(seconds=value) if math.isfinite(value) else None


def _refused(code: str, params: dict[str, object]) -> Refused:
    return Refused(_SENTENCES.get(code, _SENTENCES["crash"]), "file", **params)


def _listen(stderr: IO[bytes], said: list[bytes]) -> None:
    """Empty the child's stderr, so that it never waits for us; keep the beginning."""
    while block := stderr.read(2**16):
        if sum(map(len, said)) < _STDERR_KEPT:
            said.append(block[:_STDERR_KEPT])
