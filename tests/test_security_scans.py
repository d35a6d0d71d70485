"""What the source never does. Where something is allowed, the place stands here with its reason."""

from __future__ import annotations

import ast
import re

import pytest

from tests import scans
from tests.scans import ROOT

pytestmark = pytest.mark.slow  # some seconds: it reads and walks all of the source

# Template → how often it prints markup as it is, and why that is none of anybody's input.
AS_IT_IS = {
    "bulletins/_paper.html": 1,  # the break between the lines of a digest
    "macros/charts.html": 3,  # a swatch and a chart that tracker.charts drew; JSON, escaped for a script
    "style/show.html": 1,  # a part of the page of components, which the templates themselves made
    "bulletins/edit.html": 1,  # JSON, escaped for a script
}
RUNS_CHILDREN = {  # what they run is in the project or a setting; the file of a user comes on standard input
    "tracker/files/chart_picture.py",
    "tracker/files/docx_text.py",
    "tracker/files/evidence.py",
    "tracker/files/problem_list.py",
    "tracker/files/scanner.py",  # a copy under a name of ours
    "tracker/files/workbook.py",
}
KEEPS_ON_THE_DEVICE = {
    "static/js/bulletin-editor.js",  # words of a draft whose saving failed, until the tab is closed
    "static/js/kept-notes.js",  # notes of somebody without a network, until they are sent
    "static/js/queue.js",  # which line of the queue had the mark: a number
}


def test_nothing_is_printed_unescaped_but_in_the_named_places():
    found: dict[str, int] = {}
    for path in scans.templates():
        text = path.read_text(encoding="utf-8")
        if count := len(re.findall(r"\|\s*safe\b|\{%-?\s*autoescape|\bMarkup\b", text)):
            found[path.relative_to(ROOT / "templates").as_posix()] = count
    assert found == AS_IT_IS


def test_no_code_calls_text_markup():
    assert list(scans.imports_of({"markupsafe", "flask.Markup"})) == []
    found = scans.calls_that(lambda _, name: name.split(".")[-1] in {"Markup", "render_template_string"})
    # The page of components prints its own examples, which lie in the code.
    assert [one.split(":")[0] for one in found] == ["tracker/views/style.py"]


def test_no_input_becomes_code_and_no_bytes_become_objects():
    assert scans.calls_that(lambda _, name: name in scans.CODE_RUNS) == []
    assert scans.imports_of(scans.LOADS_OBJECTS) == {}


def test_commands_are_run_in_few_places_and_never_by_a_shell():
    found = scans.imports_of(scans.COMMANDS)
    assert {name for name in found if not name.startswith("tracker/cli/")} == RUNS_CHILDREN
    assert scans.calls_that(lambda call, _: any(word.arg == "shell" for word in call.keywords)) == []
    assert scans.calls_that(lambda _, name: name in scans.COMMANDS) == []


def test_no_code_of_ours_opens_a_connection_to_anywhere():
    assert scans.imports_of(scans.TALKS) == {}


def test_no_sql_is_built_from_anything_but_constants():
    """text() is SQL as it stands; everything else goes through SQLAlchemy's expressions with parameters."""
    found = []
    for path, tree, nodes in scans.trees():
        constants = scans.constants_of(tree)
        constants |= _loop_names(nodes, constants) & {"pragma", "name"}
        for call, name in scans.calls(nodes):
            if name.split(".")[-1] in {"text", "execute", "exec_driver_sql"} and call.args:
                given = call.args[0]
                if isinstance(given, ast.JoinedStr | ast.BinOp) and not scans.is_fixed(given, constants):
                    found.append(scans.place(path, call.lineno))
    # A restore names tables and columns of the models' own metadata, quoted by SQLAlchemy.
    assert {one.split(":")[0] for one in found} <= {"tracker/services/restores.py"}


def _loop_names(nodes, constants):
    """Names that loops give to the members of literals and of constants."""
    return {
        node.target.id
        for node in nodes
        if isinstance(node, ast.For | ast.comprehension)
        and isinstance(node.target, ast.Name)
        and (isinstance(node.iter, ast.Tuple | ast.List) or scans.is_fixed(node.iter, constants))
    }


def test_no_pattern_is_built_from_what_somebody_typed():
    """Patterns are literals, constants of their module (which begin with a line or a capital), or escaped."""
    fixed = re.compile(r"[rbf]*[\"']|_?[A-Z][A-Z_]*\b|pattern\b|words\b")
    calling = re.compile(r"\bre\.(?:compile|search|match|fullmatch|sub|split|findall|finditer)\(\s*(.*)")
    found = []
    for path in scans.python_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for given in calling.findall(line):
                named = re.findall(r"\{([a-z][\w.]*)\}", given) if given.startswith(("f", "rf")) else []
                if named or (given and not fixed.match(given)):
                    found.append(f"{scans.place(path, number)}: {line.strip()}")
    assert found == []


def test_nothing_that_somebody_typed_is_a_format():
    """`"…".format(x)` may; `typed.format(x)` would let a text reach into objects."""
    assert scans.calls_that(lambda _, name: name.split(".")[-1] in {"format_map", "vformat"}) == []
    odd = scans.calls_that(lambda _, name: name.endswith(".format"))
    allowed = {
        "tracker/rules/corrections.py": "words.format",  # a value of its table WORDS
        "tracker/charts/sketch.py": "form.format",  # a literal of the file
    }
    assert [one for one in odd if allowed.get(one.split(":")[0]) != one.split(": ")[1]] == []


def test_secrets_are_never_drawn_from_what_can_be_guessed():
    assert scans.imports_of(scans.GUESSED) == {}


def test_digests_are_of_256_bits_and_no_weak_hash_or_mode_is_used():
    weak = {"md5", "sha1", "sha224", "new", "MD5", "SHA1", "ECB", "CBC", "ARC4", "TripleDES", "PKCS1v15"}
    wrong = scans.calls_that(lambda _, name: name.split(".")[-1] in weak - {"new"} or name == "hashlib.new")
    assert wrong == []
    assert scans.calls_that(lambda _, name: name.startswith("hashlib.") and "sha256" not in name
                            and name != "hashlib.file_digest") == []  # fmt: skip
    named = scans.lines_with(scans.python_files(), r"file_digest\(|hmac\.(digest|new)\(")
    assert all("sha256" in line for line in named)
    assert named


def test_only_well_kept_libraries_do_cryptography():
    modules = {"Crypto", "gmssl", "rsa", "ecdsa", "nacl", "jwt", "jose", "passlib", "bcrypt", "crypt"}
    assert scans.imports_of(modules) == {}
    aead = scans.imports_of({"cryptography.hazmat.primitives.ciphers"})
    assert set(aead) <= {
        "tracker/files/sealed_stream.py",
        "tracker/rules/seals.py",
        "tracker/services/second_factor.py",
    }
    assert all(name.endswith((".aead", "AESGCM", ".modes", ".algorithms", "SM4", ".ciphers", "Cipher"))
               for names in aead.values() for name in names)  # fmt: skip


def test_scripts_write_no_markup_but_one_that_the_server_escaped():
    pattern = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc"
    found = scans.lines_with(scans.scripts(), pattern)
    assert [line.split(":")[0] for line in found] == ["static/js/search.js"]
    assert "escaped by the server" in found[0]


def test_scripts_keep_things_on_the_device_in_three_named_places():
    found = scans.lines_with(scans.scripts(), r"localStorage|sessionStorage|indexedDB|document\.cookie")
    assert {line.split(":")[0] for line in found} == KEEPS_ON_THE_DEVICE


def test_scripts_touch_no_prototype_and_open_no_channel():
    pattern = r"__proto__|\.prototype\b|constructor\[|postMessage\([^)]*\*|new WebSocket|EventSource"
    assert scans.lines_with(scans.scripts(), pattern) == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"<(object|embed|applet|iframe|frame|base)\b",
        r"\son(click|load|error|submit|change|input|paste|copy)\s*=",
        r"(src|href|action)=[\"']?(https?:)?//",
        r"javascript:",
        r"\bonpaste|user-select:\s*none",
    ],
)  # fmt: skip
def test_no_template_has_what_a_strict_page_has_not(pattern):
    assert scans.lines_with(scans.templates(), pattern) == []


def test_each_script_of_a_template_is_a_file_or_data():
    for path in scans.templates():
        for tag in re.findall(r"<script\b[^>]*>", path.read_text(encoding="utf-8")):
            assert "src=" in tag or 'type="application/json"' in tag, f"{path.name}: {tag}"


def test_passwords_are_hidden_while_typed_and_may_be_pasted():
    found = scans.lines_with(
        (ROOT / "tracker" / "forms").rglob("*.py"), r"password.*Field\(|Password.*Field\("
    )
    assert found
    assert all("PasswordField" in line for line in found), found
    off = r"autocomplete=[\"']off[\"']"
    assert scans.lines_with(scans.templates(), rf"{off}.*password|password.*{off}") == []


def test_a_session_is_opened_in_one_place_after_password_and_code():
    """What the code of both steps calls, and nothing else: no other way in."""
    opens = {"login_user", "sign_in_user", "UserSession", "let_in"}
    found = scans.calls_that(lambda _, name: name.split(".")[-1] in opens)
    assert sorted(f"{one.split(':')[0]} {one.split()[-1].split('.')[-1]}" for one in found) == [
        "tracker/services/sessions.py UserSession",
        "tracker/views/sessions.py let_in",
        "tracker/views/sessions.py login_user",
        "tracker/views/sessions.py sign_in_user",
    ]


def test_no_form_asks_for_a_hint_or_a_secret_question():
    files = [*scans.templates(), *scans.python_files()]
    assert scans.lines_with(files, r"(?i)secret.?question|password.?hint|security.?question") == []


def test_no_code_opens_a_log_of_its_own():
    """What is logged goes to the server's log, and events to the audit; nothing else is opened for it."""
    assert scans.imports_of({"logging.handlers", "syslog"}) == {}
    assert scans.calls_that(lambda _, name: name.endswith(("FileHandler", "addHandler", "basicConfig"))) == []
    printing = scans.calls_that(lambda _, name: name == "print")
    told = (
        "tracker/files/",
        "tracker/cli/",
        "wsgi.py",
    )  # answers of children and of commands; a failed start
    assert [one for one in printing if not one.startswith(told)] == []
