"""Whether this machine can set pages for paper."""

from __future__ import annotations

from ctypes.util import find_library

import pytest

from tests import databases

needs_pango = pytest.mark.skipif(
    not databases.is_ci() and not (find_library("pangoft2-1.0") and find_library("harfbuzz-subset")),
    reason="no Pango (libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0)",
)
