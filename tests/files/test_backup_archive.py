"""The archive: what goes in comes out, and whatever is done to it is found before it is used."""

from __future__ import annotations

import datetime as dt
import stat

import pytest

from tracker.files import backup_folders, store
from tracker.files.backup_archive import ArchiveWriter, Contents, FileIn, Rows, check_archive, entries
from tracker.files.sealed_stream import CHUNK, HEADER, MAGIC, NAMED, TAG
from tracker.rules.backups import About, Sort, TableShape
from tracker.rules.refusal import Refused
from tracker.rules.seals import SealKey, new_key

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

KEY = new_key([], "aes-256-gcm")
AT = dt.datetime(2021, 7, 31, tzinfo=dt.UTC)
UNIT = TableShape("unit", (("id", Sort.INT), ("name", Sort.TEXT)))
JOB = TableShape("job", (("id", Sort.INT), ("path", Sort.TEXT)))
FULL = CHUNK + TAG
# Empty text is no absent one; line ends, a tab, signs beyond the first plane, and what JSON has to escape.
NAMES = ["张三", "", None, "a\r\n\tb", "𠮷\u2028x", '"\\', "\x0b\x1f", "\x85"]
NOISE = bytes((n * n >> 3) & 0xFF for n in range(3 * CHUNK))


def write(path, *, key=KEY, tables=(UNIT, JOB), rows=NAMES, finish=True):
    """An archive of some rows and one file that a job names."""
    source = path.with_name("1.zip")
    source.write_bytes(NOISE)
    about = About("0001", AT, "sqlite", "0" * 16, (), tables)
    with path.open("wb") as target, ArchiveWriter(target, key, about) as writer:
        writer.add_rows(UNIT, ([n, name] for n, name in enumerate(rows)))
        writer.add_rows(JOB, [[1, "jobs/1.zip"]])
        writer.add_file("jobs/1.zip", source)
        return writer.finish() if finish else None


def check(path, keys=(KEY,)):
    return check_archive(path, keys, "the file")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "a.backup"
    write(path)
    return path.read_bytes()


def test_what_goes_in_comes_out(tmp_path):
    path = tmp_path / "a.backup"
    written = write(path)
    with path.open("rb") as source:
        found = []
        for entry in entries(source, [KEY], "the file"):
            if isinstance(entry, Rows) and entry.table == UNIT:
                assert entry.parsed() == [[n, name] for n, name in enumerate(NAMES)]
            if isinstance(entry, FileIn):
                assert (entry.name, entry.stream.read()) == ("jobs/1.zip", NOISE)
            found.append(type(entry))
    assert found == [About, Rows, Rows, FileIn, Contents]
    assert check(path) == written
    assert written.row_count == len(NAMES) + 1
    assert written.lacking == ()


def test_many_rows_come_in_parts(tmp_path):
    path = tmp_path / "a.backup"
    names = ["长" * 400] * 3_000
    write(path, rows=names)
    with path.open("rb") as source:
        parts = [one for one in entries(source, [KEY], "") if isinstance(one, Rows) and one.table == UNIT]
    assert len(parts) > 2
    assert [row[1] for part in parts for row in part.parsed()] == names


def test_nothing_of_it_can_be_read_without_the_key(tmp_path, archive):
    for clear in ("张三".encode(), b"unit", b"jobs", b"about", KEY.secret, NOISE[:64]):
        assert clear not in archive


def test_two_archives_of_the_same_have_nothing_in_common_but_the_head(tmp_path, archive):
    write(tmp_path / "b.backup")
    other = (tmp_path / "b.backup").read_bytes()
    head = len(MAGIC) + NAMED
    assert other[:head] == archive[:head]
    assert not any(a == b for a, b in zip(_pieces(other[head:]), _pieces(archive[head:]), strict=False))


def _pieces(content):
    return [content[at : at + 16] for at in range(0, len(content) - 16, 16)]


SPOTS = {
    "magic": 3, "version": len(MAGIC) - 1, "name of the key": len(MAGIC) + 1, "salt": HEADER - 1,
    "first byte": HEADER, "inside a chunk": HEADER + CHUNK // 2, "a chunk's tag": HEADER + CHUNK + 1,
    "second chunk": HEADER + FULL, "before the end": -TAG - 1, "last tag": -1,
}  # fmt: skip


@pytest.mark.parametrize("spot", SPOTS.values(), ids=SPOTS.keys())
@pytest.mark.parametrize("bit", [1, 128])
def test_a_changed_bit_is_found(tmp_path, archive, spot, bit):
    changed = bytearray(archive)
    changed[spot] ^= bit
    refused(tmp_path, bytes(changed))


def refused(tmp_path, content):
    path = tmp_path / "x.backup"
    path.write_bytes(content)
    with pytest.raises(Refused):
        check(path)


def test_every_part_of_it_is_proved(tmp_path, archive):
    """One bit in each stretch of four kilobytes."""
    for at in range(0, len(archive), 4096):
        changed = bytearray(archive)
        changed[at] ^= 16
        refused(tmp_path, bytes(changed))


def cuts(archive):
    ends = range(HEADER, len(archive), FULL)
    return sorted({0, 1, 15, HEADER - 1, HEADER, *ends, *(end + 1 for end in ends), len(archive) - 1})


def test_a_cut_is_found_wherever_it_is(tmp_path, archive):
    for cut in cuts(archive):
        refused(tmp_path, archive[:cut])


def test_what_is_added_moved_doubled_or_left_out_is_found(tmp_path, archive):
    head, rest = archive[:HEADER], archive[HEADER:]
    one, two, after = rest[:FULL], rest[FULL : 2 * FULL], rest[2 * FULL :]
    for content in (
        archive + b"\0", archive + archive, head + two + one + after, head + one + one + after,
        head + one + after, head + two + after, head + after,
    ):  # fmt: skip
        refused(tmp_path, content)


def test_a_chunk_of_another_archive_is_found(tmp_path, archive):
    write(tmp_path / "b.backup")
    other = (tmp_path / "b.backup").read_bytes()
    refused(tmp_path, archive[: HEADER + FULL] + other[HEADER + FULL :])
    refused(tmp_path, other[:HEADER] + archive[HEADER:])


def test_one_that_was_never_finished_is_refused(tmp_path):
    path = tmp_path / "a.backup"
    write(path, finish=False)
    with pytest.raises(Refused):
        check(path)


def test_another_key_is_told_by_its_name(tmp_path):
    path = tmp_path / "a.backup"
    write(path)
    with pytest.raises(Refused, match=f"“{KEY.name}”.*the file"):
        check(path, [new_key([], "aes-256-gcm")])
    with pytest.raises(Refused, match="damaged"):  # a key of that name with other bytes
        check(path, [SealKey(KEY.name, KEY.suite, bytes(32))])


def test_another_file_is_told(tmp_path):
    path = tmp_path / "a.backup"
    path.write_bytes(b"PK\x03\x04" + bytes(2_000))
    with pytest.raises(Refused, match="no backup of the tracker"):
        check(path)


def test_a_file_that_a_row_names_and_that_is_not_there_is_said(tmp_path):
    path = tmp_path / "a.backup"
    about = About("0001", AT, "sqlite", "", (), (JOB,))
    with path.open("wb") as target, ArchiveWriter(target, KEY, about) as writer:
        writer.add_rows(JOB, [[1, "jobs/1.zip"], [2, None]])
        assert writer.finish().lacking == ("jobs/1.zip",)
    assert check(path).lacking == ("jobs/1.zip",)


def test_a_file_outside_of_its_folders_is_refused(tmp_path):
    for name in ("evidence/../x", "/etc/passwd", "jobs/../../x", "jobs/.x", "seal_keys", "jobs/"):
        path = tmp_path / "a.backup"
        about = About("0001", AT, "sqlite", "", (), ())
        with path.open("wb") as target, ArchiveWriter(target, KEY, about) as writer:
            (tmp_path / "x").write_bytes(b"x")
            writer.add_file(name, tmp_path / "x")
            writer.finish()
        with pytest.raises(Refused, match="damaged"):
            check(path)


def test_a_new_file_is_whole_or_not_there_and_only_its_owners(tmp_path):
    path = tmp_path / "deep" / "a.backup"
    with store.whole_file(path) as file:
        file.write(b"x")
        assert not path.exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError), store.whole_file(path):
        pass
    with pytest.raises(OSError, match="full"), store.whole_file(tmp_path / "b.backup"):
        raise OSError("full")
    assert [one.name for one in tmp_path.rglob("*.*")] == ["a.backup"]


def test_only_one_is_at_work(tmp_path):
    with backup_folders.alone(tmp_path) as work:
        (work / "left").touch()
        with pytest.raises(Refused, match="running already"), backup_folders.alone(tmp_path):
            pass
    assert list(work.iterdir()) == []


def test_held_files_stay_when_they_are_removed_and_those_that_are_gone_are_left_out(tmp_path):
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "1.zip").write_bytes(b"x")
    with backup_folders.alone(tmp_path) as work:
        held = backup_folders.hold(work, tmp_path, ["jobs/1.zip", "jobs/2.zip"])
        (tmp_path / "jobs" / "1.zip").unlink()
        assert [path.read_bytes() for path in held.values()] == [b"x"]
