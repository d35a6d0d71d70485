"""What the help says of each page: room (the blueprint of the page) → its section."""

from __future__ import annotations

from tracker.views.help_branch import BRANCH
from tracker.views.help_office import OFFICE
from tracker.views.help_own import OWN
from tracker.views.help_section import Section

SECTIONS: dict[str, Section] = {**OWN, **BRANCH, **OFFICE}
