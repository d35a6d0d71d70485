"""Where sentences stand that refuse something, and which sentences there refuse nothing."""

from __future__ import annotations

import re

# The layers that say no, and what their sentences tell: what to do, or that nothing is needed.
LAYERS = re.compile(r"tracker/(?:rules|services|forms|files|worker)/")
WAY_OUT = re.compile("请|可以|须|只能|最多|至少|不用|不需要|不能再")
# Files whose sentences explain or judge, each beside what it speaks of.
EXPLAIN = {
    "tracker/rules/wording.py": "the counting rule of a figure in words",
    "tracker/rules/claims.py": "what a number of a draft is",
    "tracker/rules/claim_checks.py": "the verdict on a number of a draft",
    "tracker/rules/claim_shares.py": "the verdict on a number of a draft",
    "tracker/rules/claim_verdicts.py": "the verdict on a number of a draft",
    "tracker/rules/hedges.py": "why a sentence of a bulletin is left out",
    "tracker/rules/bulletin_text.py": "why a sentence of a bulletin is left out",
    "tracker/rules/bulletin_choices.py": "why a hedge cannot be chosen, beside those that can",
    "tracker/rules/lint_rules.py": "a finding; its remedy is a sentence of its own and stands beside it",
    "tracker/files/bulletin_check.py": "a departure from the standard, with what the standard wants",
}
IMPORT = "a note of the import"
# Single sentences that refuse nothing: notes on what was read and how.
NOTES = {
    "It comes from outside, and is none of the campaign's own.": "the words beside a box to tick",
    "The sheet is hidden; it was not read.": IMPORT,
    "The sheet is empty.": IMPORT,
    "The sheet holds notes; it was not read.": IMPORT,
    "%(count)s cells hold formulas; their values were read.": IMPORT,
    "%(name)s is in no roster; it becomes the committee of the bureau.": IMPORT,
    "The sheet was left out, as somebody said.": IMPORT,
    "The example was not read.": IMPORT,
    "The headings stand here again.": IMPORT,
    "The row was not read: it stands below the signatures.": IMPORT,
    "Ticked one by one in the tracker (%(ticked)s); the number in the row is not brought in.": IMPORT,
    "The sheet was not read: it is no roster.": IMPORT,
    "%(count)s rows are here already, but not verified.": IMPORT,
    "The row was reversed before; it is not brought in again.": IMPORT,
    "The bureau is not named. Its committee is called %(name)s until a ledger names it.": IMPORT,
}
