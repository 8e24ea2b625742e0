"""The samples are what the program makes, and a difference is told."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, command

import comms
from comms import cli

SAMPLES = ROOT / "samples"
SOME = ("01-class-app", "05-refused-small")
COVERED = (
    ("one class", lambda facts: facts.scale == "class"),
    ("a year, not sexual", lambda facts: facts.scale == "year" and facts.material == "other"),
    ("viral with the press", lambda facts: facts.scale == "public" and facts.media in ("asking", "published")),
    (
        "refused in a large case",
        lambda facts: facts.victim.consent == "refused" and facts.scale in ("school", "public"),
    ),
    ("released by the crisis team", lambda facts: bool(facts.released)),
    ("refused in a small case", lambda facts: facts.victim.consent == "refused" and facts.scale == "class"),
    ("not yet asked", lambda facts: facts.victim.consent == "not_asked"),
    ("a teacher", lambda facts: facts.victim.role == "teacher"),
    ("a deepfake", lambda facts: facts.origin == "deepfake"),
    ("a threat", lambda facts: facts.origin == "threat"),
    ("a suspicion against staff", lambda facts: facts.suspect == "staff"),
    ("a suicide attempt", lambda facts: facts.grave == "attempt"),
    ("unsafe at home", lambda facts: facts.victim.unsafe_at_home == "yes"),
    ("an update", lambda facts: facts.phase == "update"),
    ("a closing message", lambda facts: facts.phase == "closing"),
    ("the police ask to keep", lambda facts: facts.police == "preserve"),
)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy, with the files newly made, for tests that only read."""
    folder = tmp_path_factory.mktemp("samples") / "samples"
    shutil.copytree(SAMPLES, folder)
    assert cli.run(["samples", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of them, with the files newly made."""
    folder = tmp_path_factory.mktemp("some") / "samples"
    folder.mkdir()
    for name in ("school", *SOME):
        shutil.copy(SAMPLES / f"{name}.yaml", folder)
    for path in SAMPLES.glob("faults/*/01-*"):
        (folder / "faults" / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / "faults" / path.parent.name)
    assert cli.run(["samples", str(folder)]) == 0
    return folder


@pytest.fixture
def copy(some: Path, tmp_path: Path) -> Path:
    """Some of them, to be changed."""
    return shutil.copytree(some, tmp_path / "samples")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sources() -> list[Path]:
    return sorted(path for path in SAMPLES.glob("*.yaml") if path.name != "school.yaml")


def test_the_samples_in_the_repository_are_what_the_program_makes() -> None:
    ran = command("samples", "--check", cwd=ROOT)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_there_are_enough_and_each_kind_of_case_is_among_them() -> None:
    facts = [comms.Incident.load(path) for path in sources()]
    assert len(facts) >= 12
    assert [name for name, holds in COVERED if not any(holds(each) for each in facts)] == []


def test_each_sample_has_its_plan_and_every_draft_that_is_not_withheld() -> None:
    for path in sources():
        drafts = [
            each
            for each in comms.draft(comms.Incident.load(path))
            if not each.document.internal or each.language == "nl"  # the crisis team of the samples reads Dutch
        ]
        wanted = {f"{each.document.id}.{each.language}.{suffix}" for each in drafts for suffix in ("md", "docx")}
        if path.stem in ("01-class-app", "04-refused-and-released"):
            letters = [each for each in drafts if each.language == "nl" and not each.document.internal]
            wanted |= {f"{each.document.id}.nl.annotated.docx" for each in letters}
        assert {each.name for each in path.with_suffix("").iterdir()} == wanted | {"plan.txt"}, path.name


def test_each_exercise_has_its_word_files() -> None:
    for folder in (SAMPLES / "faults").iterdir():
        there = {each.name for each in folder.iterdir()}
        sources = {each.stem for each in folder.glob("*.toml")}
        assert there == {f"{each}.{end}" for each in sources for end in ("md", "toml", "exercise.docx", "key.docx")}


def test_the_samples_name_nobody_who_exists() -> None:
    for path in SAMPLES.rglob("*.md"):
        text = path.read_text("utf-8")
        assert "【" not in text, f"{path.name} has a gap"
    assert ".example" in (SAMPLES / "school.yaml").read_text("utf-8")


def test_a_wrong_exercise_stops_it_all(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy / "faults" / "nl" / "01-letter-to-parents.md"
    path.write_text(path.read_text("utf-8").replace("uit klas 2B", "hier"), "utf-8")
    changed_text(copy)
    before = contents(copy)
    assert cli.run(["samples", str(copy)]) == 2
    assert "01-letter-to-parents.toml:5:1: excerpt: " in capsys.readouterr().err
    assert contents(copy) == before


def test_making_them_again_changes_no_byte(copy: Path) -> None:
    before = contents(copy)
    assert cli.run(["samples", str(copy)]) == 0
    assert contents(copy) == before


def test_words_in_the_repository_equal_those_made_now_byte_for_byte(pristine: Path) -> None:
    plain = {name: content for name, content in contents(SAMPLES).items() if not name.endswith(".docx")}
    made = contents(pristine)
    assert plain == {name: content for name, content in made.items() if not name.endswith(".docx")}
    assert set(contents(SAMPLES)) == set(made)


def changed_text(folder: Path) -> Path:
    path = folder / "01-class-app" / "students.nl.md"
    path.write_text(path.read_text("utf-8") + "Nog iets.\n", "utf-8")
    return path


def changed_word(folder: Path) -> Path:
    path = folder / "01-class-app" / "students.nl.docx"
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"beelden", b"foto's") if name == "word/document.xml" else content)
    path.write_bytes(buffer.getvalue())
    return path


def broken_word(folder: Path) -> Path:
    path = folder / "01-class-app" / "students.nl.docx"
    path.write_bytes(b"geen Word")
    return path


def missing(folder: Path) -> Path:
    path = folder / "01-class-app" / "parents.en.md"
    path.unlink()
    return path


def missing_folder(folder: Path) -> Path:
    shutil.rmtree(folder / "05-refused-small")
    return folder / "05-refused-small" / "plan.txt"


def extra(folder: Path) -> Path:
    path = folder / "05-refused-small" / "students.nl.md"
    path.write_text("# Dit maakte het programma vroeger\n", "utf-8")
    return path


def exercise_left_behind(folder: Path) -> Path:
    for suffix in ("toml", "md"):
        (folder / "faults" / "en" / f"01-letter-to-parents.{suffix}").unlink()
    return folder / "faults" / "en" / "01-letter-to-parents.key.docx"


def annotated_too_many(folder: Path) -> Path:
    path = folder / "05-refused-small" / "teachers.nl.annotated.docx"
    shutil.copy(folder / "01-class-app" / "teachers.nl.annotated.docx", path)
    return path


def left_behind(folder: Path) -> Path:
    (folder / "05-refused-small.yaml").unlink()
    return folder / "05-refused-small" / "plan.txt"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (changed_text, "anders"),
        (changed_word, "anders"),
        (broken_word, "anders"),
        (missing, "ontbreekt"),
        (missing_folder, "ontbreekt"),
        (extra, "hoort hier niet meer"),
        (left_behind, "hoort hier niet meer"),
        (exercise_left_behind, "hoort hier niet meer"),
        (annotated_too_many, "hoort hier niet meer"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_difference_is_told_and_mended(
    change: Callable[[Path], Path], word: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = change(copy)
    before = contents(copy)
    assert cli.run(["samples", "--check", str(copy)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert any(word in line and str(path) in line for line in told), told
    assert contents(copy) == before, "--check writes nothing"
    assert cli.run(["samples", str(copy)]) == 0
    capsys.readouterr()
    assert cli.run(["samples", "--check", str(copy)]) == 0
    assert capsys.readouterr().out == ""


def test_files_of_others_are_left_alone(copy: Path) -> None:
    mine = copy / "01-class-app" / "aantekeningen.md"
    mine.write_text("van de trainer", "utf-8")
    assert cli.run(["samples", "--check", str(copy)]) == 0
    assert cli.run(["samples", str(copy)]) == 0
    assert mine.read_text("utf-8") == "van de trainer"


def test_the_language_of_the_interface_does_not_change_them(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "nl")
    assert cli.run(["--ui-language", "en", "samples", "--check", str(copy)]) == 0


def test_word_files_count_part_by_part(copy: Path) -> None:
    path = copy / "01-class-app" / "parents.nl.docx"
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert buffer.getvalue() != path.read_bytes()
    path.write_bytes(buffer.getvalue())
    assert cli.run(["samples", "--check", str(copy)]) == 0


@pytest.mark.parametrize("name", ["leeg", "er-niet"])
def test_a_folder_without_incidents_is_wrong_input(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "leeg").mkdir()
    assert cli.run(["samples", "--check", str(tmp_path / name)]) == 2
    assert str(tmp_path / name) in capsys.readouterr().err
    assert not (tmp_path / "er-niet").exists()
