"""Several files sent at once: each an import of its own, rosters first, and none stopped by another."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from tests import html
from tests.bureau import body
from tests.workbooks import xlsx
from tracker.db import db
from tracker.models import Batch, BatchSort, BatchState, Job, Role
from tracker.rules.import_reports import MOST_FILES
from tracker.worker import run_one

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ROSTER = xlsx({"党员名册": [["工号", "姓名", "党支部", "人员类别"], ["M0001", "张三", "东湖党支部", "在职"]]})
HEAD = ["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"]
LEDGER = xlsx({"读党史": [HEAD, ["2021-03-05", "M0001", "张三", "东湖党支部", 1.5, "学习强国", "第一章"]]})
OTHER = xlsx({"读党史": [HEAD, ["2021-03-06", "M0001", "张三", "东湖党支部", 2, "学习强国", "第二章"]]})


@pytest.fixture
def office(client, make):
    make.campaign()
    return client.sign_in(make.user(Role.OFFICE))


def send(client, *files, **fields):
    data = {"file": [(io.BytesIO(content), name) for name, content in files], "sort": "told", **fields}
    return client.submit(
        "/imports",
        {key: value for key, value in {"as_verified": "y", **data}.items() if value != ""},
        action="/imports",
        content_type="multipart/form-data",
    )


def work(app):
    db.session.commit()
    while run_one(app):
        db.session.expire_all()
    db.session.expire_all()


def states():
    """name -> (sort, state) of every import, in the order in which they were sent."""
    found = db.session.scalars(select(Batch).order_by(Batch.id))
    return {batch.filename: (batch.sort, batch.state) for batch in found}


def order_of(root):
    return [html.text_of(link) for link in root.findall(".//table//td[1]/a")]


def test_each_file_is_an_import_of_its_own_and_says_what_it_holds(office, app):
    answer = send(office, ("台账.xlsx", LEDGER), ("名册.xlsx", ROSTER))
    assert answer.status_code == 303
    assert answer.location.endswith("/together")
    assert "排队" in body(office.page(answer.location)) or "等" in body(office.page(answer.location))
    work(app)
    assert states() == {
        "台账.xlsx": (BatchSort.LEDGER, BatchState.REFUSED),
        "名册.xlsx": (BatchSort.ROSTER, BatchState.CHECKED),
    }
    root = office.page(answer.location)
    assert order_of(root) == ["名册.xlsx", "台账.xlsx"]
    assert "先将名册入账" in body(root)


def test_once_the_roster_is_in_the_ledgers_sent_with_it_are_checked_again(office, app):
    send(office, ("台账.xlsx", LEDGER), ("名册.xlsx", ROSTER), ("又一份.xlsx", OTHER))
    work(app)
    roster = db.session.scalar(select(Batch).where(Batch.sort == BatchSort.ROSTER))
    assert roster.campaign_id is None
    address = f"/imports/{roster.id}"
    assert office.submit(address, action=f"{address}/commit").status_code == 303
    work(app)
    assert [state for _, state in states().values()] == [
        BatchState.CHECKED, BatchState.COMMITTED, BatchState.CHECKED,
    ]  # fmt: skip
    root = office.page(f"{address}/together")
    assert "先将名册入账" not in body(root)


def test_a_ledger_of_another_sending_is_left_alone(office, app):
    send(office, ("台账.xlsx", LEDGER))
    work(app)
    send(office, ("名册.xlsx", ROSTER))
    work(app)
    address = f"/imports/{db.session.scalar(select(func.max(Batch.id)))}"
    office.submit(address, action=f"{address}/commit")
    work(app)
    assert states()["台账.xlsx"][1] is BatchState.REFUSED


def test_one_bad_file_stops_no_other(office, app):
    answer = send(
        office, ("空.xlsx", b""), ("旧.xls", b"old"), ("坏.xlsx", b"PK nothing"), ("名册.xlsx", ROSTER),
        ("文档.xlsx", b"%PDF-1.4"),
    )  # fmt: skip
    work(app)
    assert {name: state for name, (_, state) in states().items()} == {
        "坏.xlsx": BatchState.REFUSED, "名册.xlsx": BatchState.CHECKED, "文档.xlsx": BatchState.REFUSED,
    }  # fmt: skip
    said = html.text_of(office.page(answer.location))
    assert "空.xlsx：" in said
    assert "旧.xls：" in said


def test_a_file_chosen_twice_is_taken_once(office, app, tmp_path):
    answer = send(office, ("甲.xlsx", LEDGER), ("乙.xlsx", LEDGER), ("丙.xlsx", OTHER))
    assert list(states()) == ["甲.xlsx", "丙.xlsx"]
    said = html.text_of(office.page(answer.location))
    assert "乙.xlsx：" in said
    assert "甲.xlsx" in said
    kept = list((app.config["TRACKER"].data_dir / "uploads").iterdir())
    assert len(kept) == 2


def test_more_files_than_are_taken_at_once_are_refused_whole(office):
    files = [(f"{n}.xlsx", LEDGER + bytes([n])) for n in range(MOST_FILES + 1)]
    assert send(office, *files).status_code == 422
    assert states() == {}
    assert send(office, *files[:-1]).status_code == 303
    assert len(states()) == MOST_FILES


def test_none_that_can_be_kept_says_why_beside_the_field(office):
    answer = send(office, ("空.xlsx", b""), ("旧.doc", b"x"))
    assert answer.status_code == 422
    assert "旧.doc" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_columns_are_chosen_for_one_file_at_a_time(office):
    assert send(office, ("a.xlsx", LEDGER), ("b.xlsx", OTHER), columns="new").status_code == 422
    assert send(office, ("a.xlsx", LEDGER), columns="new").location.endswith("/columns")


def test_the_progress_is_swapped_in_until_all_is_done(office, app):
    address = send(office, ("a.xlsx", LEDGER), ("b.xlsx", OTHER)).location
    assert "hx-get" in office.get(f"{address}/rows").text
    work(app)
    assert "hx-get" not in office.get(f"{address}/rows").text


def test_a_secretary_finds_neither_page(client, make, app):
    office = app.test_client().sign_in(make.user(Role.OFFICE))
    make.campaign()
    address = send(office, ("a.xlsx", LEDGER), ("b.xlsx", OTHER)).location
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    for path in (address, f"{address}/rows"):
        assert client.get(path).status_code == 404


def test_the_history_is_searched_and_says_who_did_what(office, app, make):
    make.member(make.branch("东湖党支部"), name="张三", number="M0001")
    send(office, ("三月.xlsx", LEDGER), ("四月.xlsx", OTHER))
    send(office, ("名册.xlsx", ROSTER), sort="roster")
    work(app)
    batch = db.session.scalar(select(Batch).where(Batch.filename == "三月.xlsx"))
    for act in ("commit", "undo"):
        assert office.submit(f"/imports/{batch.id}", action=f"/imports/{batch.id}/{act}").status_code == 303
        work(app)
    sender = db.session.get_one(Batch, batch.id).uploaded_by
    row = next(
        row for row in office.page("/imports?state=undone").iter("tr") if "三月.xlsx" in html.text_of(row)
    )
    assert html.text_of(row).count(sender.name) == 2
    assert html.text_of(office.page(f"/imports/{batch.id}")).count(sender.name) >= 3
    for query, names in [
        ("q=月", {"三月.xlsx", "四月.xlsx"}),
        ("q=%25", set()),
        ("held=roster", {"名册.xlsx"}),
        ("state=undone", {"三月.xlsx"}),
        (f"by={sender.id}&q=四", {"四月.xlsx"}),
        ("by=999999", set()),
        ("held=nothing&state=nothing&by=x&page=99", {"三月.xlsx", "四月.xlsx", "名册.xlsx"}),
    ]:
        root = office.page(f"/imports?{query}")
        assert set(order_of(root)) == names, query
