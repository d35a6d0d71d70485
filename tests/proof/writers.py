"""People who write all the time and try again with the same key when no answer comes."""

from __future__ import annotations

import http.client
import re
import secrets
import threading
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.files.evidence_files import PDF
from tests.proof.server import Answer, Browser
from tests.workbooks import xlsx

FORM = "/enter/study"
FILE_EVERY = 8  # of so many records one comes with a file
DAYS = [f"2021-{month:02}-{day:02}" for month in range(3, 7) for day in range(1, 29)]


class Promise(NamedTuple):
    """What was acknowledged: where the record stands, what was sent, whether with a file."""

    location: str
    fields: dict[str, str]
    has_file: bool


@dataclass
class Writer:
    """One member at work in a thread, until `over`."""

    name: str
    browser: Browser
    over: threading.Event
    hidden: dict[str, str] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    again: int = 0  # tries without an answer
    odd: list[tuple[int, str]] = field(default_factory=list)  # answers that should not be

    def work(self) -> None:
        """Enter one record after the other."""
        number = 0
        while not self.over.is_set():
            number += 1
            title, has_file = f"{self.name}-{number}", number % FILE_EVERY == 0
            # No two of a day alike: the form would ask whether that is meant.
            minutes = f"{number // len(DAYS) + 1}分钟"
            typed = {"happened_on": DAYS[number % len(DAYS)], "minutes": minutes, "source": "学习强国"}
            key = {"submission_key": secrets.token_urlsafe(24), "title": title}
            fields = {**self.hidden, **typed, **key}
            answer = self.deliver(fields, has_file)
            if answer.status in (302, 303) and answer.location.startswith("/records/"):
                self.promises[title] = Promise(answer.location, fields, has_file)
            else:
                said = re.findall('class="(?:error|summary)".*?</(?:p|div)>', answer.text, re.DOTALL)
                self.odd.append((answer.status, answer.location + str(said)))
                return

    def deliver(self, fields: dict[str, str], has_file: bool) -> Answer:
        """Send it until somebody answers."""
        while True:
            try:
                if has_file:
                    content = PDF + fields["title"].encode() + b"\n%%EOF\n"
                    answer = self.browser.upload(FORM, fields, [("files", "证明.pdf", content)])
                else:
                    answer = self.browser.post(FORM, fields)
                if answer.status != 503:
                    return answer
            except (OSError, http.client.HTTPException):
                pass
            self.again += 1
            threading.Event().wait(0.1)


def send_workbooks(browser: Browser, over: threading.Event) -> None:
    """The office sends a ledger every second: work for the worker that is killed."""
    number = 0
    while not over.wait(1):
        number += 1
        row = [DAYS[number % len(DAYS)], "M0001", number]
        content = xlsx({"读党史": [["日期", "工号", "时长"], row]})
        try:
            fields = browser.hidden("/imports", "/imports")
            browser.upload("/imports", {**fields, "sort": "ledger"}, [("file", f"{number}.xlsx", content)])
        except (OSError, http.client.HTTPException, AssertionError):
            continue  # the server is down; an import is acknowledged or not, and the next one comes
