"""flask members erase: what names a person goes, from every table and file; what they did stays counted."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import shutil
import threading

import pytest
from sqlalchemy import func, select

from tests.backups import Installation
from tests.erasures import LOGIN, NAME, NUMBER, PHONE, SAID, WROTE, bring_back, figures, residue
from tests.maker import NOW, Maker
from tests.workbooks import xlsx
from tracker import clock
from tracker.db import db
from tracker.models import (
    AuditEvent,
    Batch,
    BatchState,
    Comment,
    Draft,
    Evidence,
    FactorReset,
    Member,
    Membership,
    Record,
    RecoveryCode,
    Role,
    Suggestion,
    User,
    UserSession,
    Work,
)
from tracker.queries.campaigns import campaigns
from tracker.queries.recounts import differences
from tracker.services.certificates import issue_certificate
from tracker.services.evidence import path_of

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LEFT = dt.date(2021, 7, 20)


@pytest.fixture
def here(fresh_app):
    """A member who wrote much, has left, and is named in a file that was brought in."""
    with fresh_app.app_context():
        data_dir = fresh_app.config["TRACKER"].data_dir
        make = Maker()
        campaign, branch = make.campaign(), make.branch()
        member = make.member(branch, name=NAME, number=NUMBER, ends_on=LEFT)
        other = make.member(branch, make.group(branch))
        member.phone, member.joined_on = PHONE, dt.date(1999, 7, 1)
        make.exemption(member, SAID[6], ends_on=dt.date(2021, 3, 1))
        user = make.user(Role.MEMBER, member=member, login=LOGIN)
        user.name, user.former_hashes = NAME, ["an older hash"]
        make.record(campaign, member=member, minutes=600, source="学习强国", title="党史")
        make.record(campaign, member=other, minutes=60, source="学习强国", title="党史")
        make.record(campaign, "service", owner=branch, people=[member, other], minutes=60, community="北园")
        work = make.record(campaign, "work", member=member, type="征文", title=SAID[5])
        db.session.add(Work(record_id=work.id, text=WROTE))
        make.evidence(work, WROTE.encode(), name=f"{SAID[9]}.pdf")
        db.session.add_all(
            [
                Comment(record_id=work.id, by_id=user.id, at=NOW, text=SAID[8], is_return=False),
                Draft(user_id=user.id, kind_id=work.kind_id, fields={"text": SAID[7]}, saved_at=NOW),
                Suggestion(text="少填一点", page="/", by_id=user.id, at=NOW),
                UserSession(digest="1" * 64, user_id=user.id, started_at=NOW, seen_at=NOW),
                RecoveryCode(digest="2" * 64, user_id=user.id, drawn_at=NOW),
                FactorReset(user_id=user.id, reason=f"{NAME}来过办公室", asked_at=NOW),
            ]
        )
        batch = make.batch(campaign, BatchState.COMMITTED)
        batch.report = {"problems": [{"said": f"{NAME}（{NUMBER}）不在名册里"}]}
        batch.filename, batch.path = f"{NAME}的学时.xlsx", "uploads/mine.xlsx"
        plain = make.batch(campaign, BatchState.COMMITTED)
        plain.path = "uploads/others.xlsx"
        (data_dir / "uploads").mkdir()
        (data_dir / batch.path).write_bytes(xlsx({"学时": [["姓名"], [NAME]]}))
        (data_dir / plain.path).write_bytes(xlsx({"学时": [["姓名"], ["别人"]]}))
        issue_certificate(
            campaign, member, campaign.starts_on, dt.date(2021, 7, 1), by=user, at=NOW, today=campaign.ends_on
        )
        db.session.commit()
    return fresh_app


def run(app, *words):
    return app.test_cli_runner().invoke(args=["members", *words])


def erase(app, *words):
    return run(app, "erase", NUMBER, *words)


@pytest.mark.both
def test_nothing_of_the_person_is_left_in_the_database_its_journal_or_any_file(here):
    assert residue(here)
    shown = erase(here, "--commit")
    assert shown.exit_code == 0, shown.output
    assert residue(here) == set()
    assert (here.config["TRACKER"].data_dir / "uploads/others.xlsx").exists()


def test_what_they_did_stays_counted_and_agrees_with_the_ledger(here):
    before = figures(here)
    erase(here, "--commit")
    assert figures(here) == before
    with here.app_context():
        assert list(differences(campaigns()[0])) == []
        assert db.session.scalar(select(func.count(Record.id)).where(Record.status == "verified")) == 4


def test_nobody_signs_in_as_them_and_the_audit_holds_the_act_without_a_name(here):
    erase(here, "--commit")
    with here.app_context():
        member = db.session.scalars(select(Member).where(Member.number.like("E-%"))).one()
        user = db.session.scalars(select(User).where(User.member_id == member.id)).one()
        assert (user.is_disabled, user.password_hash, user.former_hashes) == (True, "", [])
        assert user.grants == []
        assert db.session.scalar(select(func.count(UserSession.id))) == 0
        assert db.session.scalar(select(func.count(RecoveryCode.id))) == 0
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member:erase")).one()
        assert event.subject_id == member.id
        assert event.detail["works"] == 1
        assert NAME not in str(event.detail)


def test_without_commit_nothing_changes_and_no_file_goes(here):
    before = residue(here)
    shown = erase(here)
    assert "没有写入" in shown.output
    assert residue(here) >= before
    with here.app_context():
        assert db.session.scalar(select(Member.name).where(Member.number == NUMBER)) == NAME
    assert not here.config["TRACKER"].erasures_path.exists()


def test_who_still_belongs_to_a_branch_is_not_erased(here):
    with here.app_context():
        for membership in db.session.scalars(select(Membership).where(Membership.ends_on == LEFT)):
            membership.ends_on = None
        db.session.commit()
    shown = erase(here, "--commit")
    assert shown.exit_code == 1
    assert "组织关系" in shown.output
    assert {"member.name", "work.text", "draft.fields"} <= residue(here)


def test_an_unknown_number_and_a_second_time_are_said(here):
    assert "没有" in run(here, "erase", "M-0", "--commit").output
    erase(here, "--commit")
    with here.app_context():
        code = db.session.scalar(select(Member.number).where(Member.number.like("E-%")))
    again = run(here, "erase", code, "--commit")
    assert again.exit_code == 1
    assert code in again.output


def test_texts_of_others_in_which_the_name_stands_are_named(here):
    with here.app_context():
        record = db.session.scalars(select(Record).where(Record.minutes == 60)).first()
        comment = Comment(
            record_id=record.id, by_id=Maker().office.id, at=NOW, text=f"请{NAME}补充", is_return=False
        )
        db.session.add(comment)
        db.session.commit()
        row = comment.id
    shown = erase(here, "--commit")
    assert f"comment.text第{row}行" in shown.output


def test_a_restored_backup_does_not_bring_them_back(here):
    erase(here, "--commit")
    bring_back(here)
    assert "没有写入" in run(here, "replay-erasures").output
    with here.app_context():
        assert db.session.scalar(select(Member.name).where(Member.number == NUMBER)) == NAME
    assert "1" in run(here, "replay-erasures", "--commit").output
    assert residue(here) == set()
    again = run(here, "replay-erasures", "--commit")
    assert again.exit_code == 0
    assert residue(here) == set()


@pytest.mark.asvs("11.2.2")
def test_under_another_key_the_list_holds_while_its_own_is_named_as_a_former_one(here):
    erase(here, "--commit")
    bring_back(here)
    config, new = here.config["TRACKER"], "another key" * 4
    here.config["TRACKER"] = dataclasses.replace(config, secret_key=new)
    refused = run(here, "replay-erasures", "--commit")
    assert refused.exit_code == 1 and "TRACKER_FORMER_SECRET_KEYS" in refused.output
    here.config["TRACKER"] = dataclasses.replace(
        config, secret_key=new, former_secret_keys=(config.secret_key,)
    )
    assert run(here, "replay-erasures", "--commit").exit_code == 0
    assert residue(here) == set()
    assert run(here, "replay-erasures", "--commit").exit_code == 0, "who is erased stays so under either key"


def test_the_list_of_another_installation_erases_nobody(here):
    erase(here, "--commit")
    with here.app_context():
        member = db.session.scalars(select(Member).where(Member.number.like("E-%"))).one()
        member.name, member.number = "别人", "M-1"
        db.session.commit()
    shown = run(here, "replay-erasures", "--commit")
    assert shown.exit_code == 1
    with here.app_context():
        assert db.session.scalar(select(Member.name).where(Member.number == "M-1")) == "别人"
    here.config["TRACKER"].erasures_path.write_text("nonsense\n")
    assert run(here, "replay-erasures").exit_code == 1


@pytest.mark.tried("n")
def test_erasing_while_others_write_loses_nothing_of_theirs(here):
    stop, wrote, faults = threading.Event(), [], []

    def writes():
        try:
            while not stop.is_set():
                with here.app_context():
                    office = db.session.scalars(select(User).where(User.login != LOGIN)).first()
                    row = Suggestion(text="继续", page="/", by_id=office.id, at=clock.now())
                    db.session.add(row)
                    db.session.commit()
                    wrote.append(row.id)
                    db.session.remove()
                stop.wait(0.01)
        except Exception as fault:
            faults.append(fault)

    writers = [threading.Thread(target=writes) for _number in range(3)]
    for thread in writers:
        thread.start()
    shown = erase(here, "--commit")
    stop.set()
    for thread in writers:
        thread.join()
    assert faults == []
    assert shown.exit_code == 0
    with here.app_context():
        kept = set(db.session.scalars(select(Suggestion.id).where(Suggestion.text == "继续")))
        assert kept == set(wrote)
        db.session.remove()
    assert {word for word in residue(here) if "-wal" not in word} == set()


def test_an_import_file_that_cannot_be_read_goes_too(here):
    with here.app_context():
        data_dir = here.config["TRACKER"].data_dir
        for batch in db.session.scalars(select(Batch)):
            batch.path = "uploads/broken.xlsx"
        (data_dir / "uploads/broken.xlsx").write_bytes(b"no workbook")
        db.session.commit()
    erase(here, "--commit")
    assert not (data_dir / "uploads/broken.xlsx").exists()


@pytest.fixture
def empty(database, template_url, tmp_path):
    """An installation to restore into."""
    url = database.create(template_url)
    place = Installation(url, tmp_path / "new")
    yield place
    place.close()
    database.drop(url)


@pytest.mark.both
def test_a_backup_from_before_is_restored_without_the_person_who_was_erased_since(here, empty):
    data_dir = here.config["TRACKER"].data_dir
    with here.app_context():  # the backup proves each file by its digest
        for row in db.session.scalars(select(Evidence)):
            row.sha256 = hashlib.sha256(path_of(row.stored_as, data_dir).read_bytes()).hexdigest()
        for batch in db.session.scalars(select(Batch).where(Batch.path.is_not(None))):
            batch.digest = hashlib.sha256((data_dir / batch.path).read_bytes()).hexdigest()
        db.session.commit()
    made = here.test_cli_runner().invoke(args=["backup", "create", "--out", str(data_dir / "a.backup")])
    assert made.exit_code == 0, made.output
    erase(here, "--commit")
    shutil.copyfile(here.config["TRACKER"].erasures_path, empty.app.config["TRACKER"].erasures_path)
    done = empty.restore(data_dir / "a.backup", data_dir / "backup_key")
    assert done.exit_code == 0, done.output
    assert "1名" in done.output
    assert residue(empty.app) == set()
    assert figures(empty.app) == figures(here)
