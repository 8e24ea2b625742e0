"""What the build made beforehand changes nothing but the time, and is passed over when it is stale or damaged."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import ROOT, draft, incident

import comms
from comms import conditions, dates, kept, markup, resources, templating
from comms.languages import available
from comms.render import docx
from comms.render.kept import load

OURS = resources.folder("templates") / "letterhead.docx"
FORMATS = ("docx", "html", "md", "txt", "eml")

needs_build = pytest.mark.skipif(
    load(OURS) is None, reason="the code or the templates were changed after the last build"
)


def forget() -> None:
    for cached in (
        dates._kept,
        docx._letterhead,
        markup._kept,
        markup._skeletons,
        markup._without_values,
        conditions._kept,
        conditions._steps,
        templating.structure,
    ):
        cached.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of what the build made, empty."""
    monkeypatch.setattr(kept, "folder", lambda: tmp_path)
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def drafted() -> dict[tuple[str, str, str], bytes]:
    return {
        (each.document.id, each.language, suffix): each.content(suffix)
        for each in comms.draft(incident(), languages=available())
        for suffix in FORMATS
    }


@needs_build
def test_drafts_are_the_same_with_and_without_what_was_made_beforehand(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = drafted()
    monkeypatch.undo()
    forget()
    assert load(OURS) is not None
    assert markup._kept("nl")
    assert all(dates._kept(language) for language in available())
    assert drafted() == without


@needs_build
@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 100, None], ids=["empty", "text", "zeros", "half"])
def test_what_is_damaged_is_made_again(damage: bytes | None, folder: Path, tmp_path: Path) -> None:
    before = draft("students").docx_bytes()
    for path in (resources.folder("templates") / "compiled").iterdir():
        content = path.read_bytes()
        (folder / path.name).write_bytes(content[: len(content) // 2] if damage is None else damage)
    forget()
    assert load(OURS) is None
    assert draft("students").docx_bytes() == before


@pytest.mark.parametrize("language", available())
def test_kept_days_are_babels(language: str, folder: Path) -> None:
    name, content = dates.keep(language)
    days = [date(2028, 1, 1) + timedelta(days=number) for number in range(366)]
    by_babel = [(dates.long_date(day, language), dates.weekday_and_date(day, language)) for day in days]
    assert not dates._kept(language)
    (folder / name).write_bytes(content)
    forget()
    assert dates._kept(language)
    assert [(dates.long_date(day, language), dates.weekday_and_date(day, language)) for day in days] == by_babel


@needs_build
def test_a_letterhead_counts_only_with_the_very_same_bytes(tmp_path: Path) -> None:
    content = OURS.read_bytes()
    same, other = tmp_path / "same.docx", tmp_path / "other.docx"
    same.write_bytes(content)
    other.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert load(same) is not None  # comms init gives a school this one
    assert load(other) is None
    assert load(tmp_path / "none.docx") is None


def test_a_text_that_was_changed_is_parsed_anew() -> None:
    changed = "Dit stond **nergens** zo."
    assert changed not in markup._kept("nl")
    (block,) = markup.blocks(changed, [], "nl")
    assert [run.bold for run in block.runs] == [False, True, False]


def test_code_that_was_changed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "somepackage"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "part.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    names = set()
    for content in ("x = 1\n", "x = 2\n", "x = 1\n"):
        (package / "part.py").write_text(content)
        kept.made_with.cache_clear()
        names.add(kept.made_with("somepackage.part"))
    assert len(names) == 2
    assert "somepackage" not in sys.modules
    assert all(name.startswith(f"{sys.implementation.cache_tag}.") for name in names)
    kept.made_with.cache_clear()


@needs_build
def test_a_draft_loads_neither_word_support_nor_markdown(tmp_path: Path) -> None:
    source = (
        "import sys, comms.cli\n"
        f"comms.cli.run(['draft', {str(ROOT / 'samples' / '03-viral-press-at-the-door.yaml')!r},"
        " '-a', 'students', '-f', 'docx', '-f', 'eml'])\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", source], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    loaded = set(ran.stderr.splitlines()[-1].split())
    assert "comms.render.docx" in loaded
    assert not {"babel", "docx", "docxtpl", "jinja2", "lxml", "markdown", "openpyxl"} & loaded
