"""How long a request for taking a second step away holds."""

from __future__ import annotations

import datetime as dt

LASTS = dt.timedelta(hours=72)  # within which somebody else must confirm it
LONGEST_REASON = 200
