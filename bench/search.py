"""What a search over a large ledger takes, for each who may search.

    python bench/search.py [RECORDS] [DATABASE]

Builds the bureau of bench/large_ledger.py with RECORDS verified records (1,000,000 unless told) on sqlite,
or on the database that is named, and times each group of a search for words that stand in every row, in
some and in none. Exits 1 if a group takes more than WORST milliseconds.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import flask_migrate

from bench.large_ledger import Large, fill
from tests import databases
from tests.conftest import TODAY, close_app, config_for, make_app
from tracker.db import db
from tracker.models import Campaign, User
from tracker.queries import search

ASKED = ("重温入党誓词", "第42次", "社区3", "sq", "zhang", "张七", "KN00", "#123456", "没有这个")
ROUNDS, WORST, MOST = 3, 500.0, 5


def groups(campaign: Campaign, user: User, text: str) -> dict[str, object]:
    return {
        "members": lambda: search.members_found(user, text, TODAY, MOST),
        "records": lambda: search.records_found(campaign, user, text, "key", MOST),
        "plans": lambda: search.plans_found(campaign, user, text, TODAY, MOST),
        "works": lambda: search.works_found(user, text, TODAY, MOST),
        "communities": lambda: search.communities_found(campaign, user, text, MOST),
        "units": lambda: search.units_found(user, text, MOST),
    }


def measure(large: Large) -> float:
    """Prints milliseconds by reader and word; returns the worst."""
    worst = 0.0
    campaign = db.session.get_one(Campaign, large.campaign_id)
    for who, user_id in (
        ("office", large.office_id),
        ("secretary", large.secretary_id),
        ("member", large.member_user_id),
    ):
        user = db.session.get_one(User, user_id)
        for text in ASKED:
            said = []
            for name, ask in groups(campaign, user, text).items():
                if who == "member" and name == "members":
                    continue
                taken = []
                for _ in range(ROUNDS):
                    start = time.perf_counter()
                    found = ask()  # type: ignore[operator]
                    taken.append((time.perf_counter() - start) * 1000)
                worst = max(worst, statistics.median(taken))
                said.append(
                    f"{name} {found.total}{'+' if found.is_more else ''} {statistics.median(taken):.0f}"
                )
            print(f"  {who:10}{text:14}{' · '.join(said)}", flush=True)
    return worst


def main() -> int:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    backend = databases.BACKENDS[sys.argv[2] if len(sys.argv) > 2 else "sqlite"]()
    backend.start()
    app = make_app(config_for(backend.create(), Path(tempfile.mkdtemp())))
    try:
        with app.app_context():
            flask_migrate.upgrade()
            start = time.perf_counter()
            large = fill(records)
            print(f"{large.records} verified records in {time.perf_counter() - start:.0f} s", flush=True)
            worst = measure(large)
    finally:
        close_app(app)
        backend.stop()
    print(f"worst {worst:.0f} ms, allowed {WORST:.0f}")
    return int(worst > WORST)


if __name__ == "__main__":
    sys.exit(main())
