"""flask bulletin-check: nothing to say of our own file, a line for each departure of another."""

from __future__ import annotations

import io

import docx
import pytest

from tests.papers_of_bulletins import bulletin
from tracker.files.bulletin_docx import docx_of

pytestmark = pytest.mark.slow


@pytest.fixture
def check(app, tmp_path):
    def run(content):
        path = tmp_path / "简报.docx"
        path.write_bytes(content)
        return app.test_cli_runner().invoke(args=["bulletin-check", str(path)])

    return run


def test_our_own_file_passes(check):
    done = check(docx_of(bulletin()))
    assert (done.exit_code, done.output) == (0, "符合GB/T 9704-2012。\n")


def test_each_departure_is_a_line_with_its_clause_and_the_command_fails(check):
    file = docx.Document()
    file.add_paragraph("正文")
    target = io.BytesIO()
    file.save(target)
    done = check(target.getvalue())
    assert done.exit_code == 1
    assert "5.2.1  天头（上白边）为25毫米，应为37毫米。" in done.output
    assert "正文：字体为" in done.output
    assert "不符之处" in done.output


def test_what_is_no_word_file_is_refused_by_name(check):
    done = check("党史".encode())
    assert done.exit_code == 1
    assert "“简报.docx”不是Word文档" in done.output
