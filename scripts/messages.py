"""The catalogues of translations: gather the sentences, bring the catalogues up to date, compile, check.

    messages.py update              put new sentences into each catalogue, drop those that are gone
    messages.py compile [FILE.po]   write FILE.mo beside it (all of them without a name)
    messages.py check               exit 1 and say what is missing, unsure or wrong

English needs no catalogue: the msgids are the English sentences, and Flask-Babel shows them as they are.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import TemplateSyntaxError

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "tracker" / "translations"
LANGUAGES = ("zh_Hans",)
FOLDERS = ("tracker", "templates")
# Besides gettext's own names: N_ marks, Refused is raised by the rules, the rest are Flask-Babel's.
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "Refused": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")
FIELD = re.compile(r"%\((\w+)\)")
DATED = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')


def extract(root: Path = ROOT) -> Catalog:
    """All the sentences in code and templates."""
    catalog = Catalog(project="tracker", charset="utf-8")
    mapping = io.StringIO((ROOT / "babel.cfg").read_text(encoding="utf-8"))
    methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # Babel has not typed it yet
    last = [""]
    found = extract_from_dir(
        root,
        methods,
        options,
        KEYWORDS,
        ("Translators:",),
        callback=lambda file, _method, _options: last.__setitem__(0, file),
        strip_comment_tags=True,
        directory_filter=lambda path: Path(path).relative_to(root).parts[0] in FOLDERS,
    )
    try:
        for file, line, message, comments, context in found:
            catalog.add(message, None, [(file, line)], auto_comments=comments, context=context)
    except TemplateSyntaxError as error:
        raise SystemExit(f"{last[0]}:{error.lineno}: {error}") from None
    return catalog


def catalogues() -> list[Path]:
    """The catalogues, whether they are there yet or not."""
    return [TRANSLATIONS / language / "LC_MESSAGES" / "messages.po" for language in LANGUAGES]


def load(path: Path) -> Catalog:
    """Read a catalogue; an absent one is empty."""
    language = path.parent.parent.name
    if not path.exists():
        return Catalog(locale=language, project="tracker", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def save(catalog: Catalog, path: Path) -> None:
    """Write a catalogue so that it changes only where its sentences do: sorted, without lines or dates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.fuzzy = False
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
    lines = buffer.getvalue().decode("utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith(DATED)) + "\n", encoding="utf-8")


def update() -> None:
    """Bring each catalogue up to date with the sentences that are there now."""
    template = extract()
    for path in catalogues():
        catalog = load(path)
        catalog.update(template, no_fuzzy_matching=True)
        save(catalog, path)
        print(f"{path.relative_to(ROOT)}: {len(template)} in all, {len(untranslated(catalog))} to translate")


def compile_all(paths: list[Path]) -> None:
    """Write FILE.mo beside each FILE.po."""
    for path in paths:
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, load(path))


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """A sentence's forms: one, or singular and plural."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def untranslated(catalog: Catalog) -> list[str]:
    """The msgids that have no translation, or not for each plural form."""
    return [_forms(message.id)[0] for message in catalog if message.id and not all(_forms(message.string))]


def fields(*strings: str) -> set[str]:
    """The names of all %(fields)s in some sentences."""
    return {name for string in strings for name in FIELD.findall(string)}


def faults(template: Catalog, catalog: Catalog) -> list[str]:
    """What is wrong with a catalogue, one sentence a fault."""
    there = {(_forms(message.id)[0], message.context): message for message in catalog if message.id}
    wanted = {(_forms(message.id)[0], message.context) for message in template if message.id}
    found = [f"not in the catalogue: {msgid!r}" for msgid, _ in sorted(wanted - set(there), key=str)]
    found += [
        f"no longer in code or templates: {msgid!r}" for msgid, _ in sorted(set(there) - wanted, key=str)
    ]
    found += [f"without a translation: {msgid!r}" for msgid in untranslated(catalog)]
    for (msgid, _), message in there.items():
        if message.fuzzy:
            found.append(f"unsure (fuzzy): {msgid!r}")
        if any(fields(string) != fields(*_forms(message.id)) for string in _forms(message.string) if string):
            found.append(f"other %(fields)s than its msgid: {msgid!r}")
    return found


def foreign(template: Catalog) -> list[str]:
    """The msgids that are not English: a reader of English would be shown them as they are.

    A Chinese word may stand in an English sentence, to name what a cell holds.
    """
    msgids = [_forms(message.id)[0] for message in template if message.id]
    return [msgid for msgid in msgids if HAN.search(msgid) and not LATIN.search(FIELD.sub("", msgid))]


def check() -> int:
    """Say everything that is wrong; 1 if anything is."""
    template = extract()
    found = [f"msgid is not English: {msgid!r}" for msgid in foreign(template)]
    for path in catalogues():
        found += [f"{path.parent.parent.name}: {fault}" for fault in faults(template, load(path))]
    for fault in found:
        print(fault, file=sys.stderr)
    if found:
        print("`make messages` brings catalogues up to date; then translate what is new.", file=sys.stderr)
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update"]:
            update()
        case ["compile", *names]:
            compile_all([Path(name) for name in names] or [path for path in catalogues() if path.exists()])
        case ["check"]:
            return check()
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
