"""How long it takes to compare essays with all others, beside rapidfuzz on every pair, in the same run.

    python bench/near_copies.py [ESSAYS]

Makes ESSAYS essays (1,000 unless told) of 1,500 characters, ten of them near copies, without shared
boilerplate and with 40 %, on each database that the tests know. Prints the seconds of comparing all,
milliseconds of one, the pairs that are named, and what all pairs would take by the score alone. It
decides no test.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import flask_migrate

from tests import databases
from tests.conftest import close_app, config_for, make_app
from tests.essays import essay, near_copy
from tests.maker import Maker
from tests.queries.test_near_copies import Shelf
from tracker.db import db
from tracker.rules.near_copies import plain_text, score

PLANTED, SAMPLE = 10, 200


def measure(essays: int, boilerplate: float) -> None:
    """One shelf of essays: all of them compared, and a sample of pairs by the score alone."""
    chance = random.Random(2021)
    shelf = Shelf(Maker())
    texts = [essay(chance, boilerplate=boilerplate) for _ in range(essays - PLANTED)]
    copied = chance.sample(range(len(texts)), PLANTED)
    texts += [near_copy(chance, texts[n]) for n in copied]
    ids = shelf.put_many(texts)
    planted = {frozenset((ids[n], ids[essays - PLANTED + at])) for at, n in enumerate(copied)}
    start = time.perf_counter()
    pairs = {frozenset((ids[n], one)) for n, text in enumerate(texts) for one in shelf.near(text, [ids[n]])}
    took = time.perf_counter() - start
    plain = [plain_text(text) for text in texts[:SAMPLE]]
    some = list(itertools.islice(itertools.combinations(plain, 2), 2000))
    start = time.perf_counter()
    for one, other in some:
        score(one, other)
    all_pairs = (time.perf_counter() - start) / len(some) * essays * (essays - 1) / 2
    print(
        f"  boilerplate {boilerplate:.0%}: all in {took:.1f} s, one in {1000 * took / essays:.0f} ms; found"
        f" {len(pairs & planted)} of {PLANTED}, {len(pairs - planted)} others named; by the score alone"
        f" {all_pairs:.0f} s ({all_pairs / took:.1f} times as long)"
    )


def main(essays: int) -> None:
    """Each database in turn."""
    for name in databases.asked_for():
        print(name)
        backend = databases.BACKENDS[name]()
        backend.start()
        try:
            with tempfile.TemporaryDirectory() as folder:
                for boilerplate in (0.0, 0.4):
                    app = make_app(config_for(backend.create(), Path(folder)))
                    with app.app_context():
                        flask_migrate.upgrade()
                        measure(essays, boilerplate)
                        db.session.rollback()
                    close_app(app)
        finally:
            backend.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
