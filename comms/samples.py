"""The samples: what the program makes of incidents that a trainer would choose."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import takewhile
from pathlib import Path

from comms.characters import visible
from comms.documents import documents
from comms.drafts import drafts_of
from comms.errors import InputError, Place, Problem
from comms.incident import Incident
from comms.languages import SOURCE, UI_LANGUAGES, _, available, ui_language
from comms.planning import plan
from comms.presentation import plan_lines
from comms.training import annotated, exercise_files
from comms.training.exercises import Exercise, exercises
from comms.training.site import Sample, pages
from comms.writing import write_files

_FORMATS = ("md", "docx")
_FAULTS = "faults"
_ANNOTATED = ("01-class-app", "04-refused-and-released")
"""The incidents whose messages also stand there as copies with an explanation: one in full, one in short texts."""


def generate(folder: Path) -> dict[Path, bytes]:
    """What each incident file in the folder gives: its plan, and every draft that is not withheld, held ones too.

    An incident file is a ``.yaml`` in the folder itself that is not ``school.yaml``; what it gives goes to a
    folder of its name. The exercises in ``faults`` give Word files beside them. All of it is also read, compared and
    practised with in pages: ``index.html``, and the others in ``site``. Raises InputError when there is no
    incident, or when one of them or of the exercises is wrong.
    """
    sources = sorted(path for path in folder.glob("*.yaml") if path.name != "school.yaml")
    if not sources:
        raise InputError([Problem(Place(str(folder)), "", _("hier staan geen incidenten (.yaml)"))])
    with ui_language(SOURCE):  # whoever runs it, the samples are the same
        loaded = [_loaded(source) for source in sources]
        lessons = {language: exercises(folder / _FAULTS, language) for language in UI_LANGUAGES}
        files = dict(_made(folder, loaded)) | dict(_exercises(folder / _FAULTS, lessons))
        return files | {folder / path: page.encode() for path, page in pages(loaded, lessons).items()}


def _loaded(source: Path) -> Sample:
    incident = Incident.load(source)
    return Sample(source.stem, about(source.read_text("utf-8-sig")), incident, drafts_of(incident, plan(incident)))


def about(text: str) -> dict[str, str]:
    """What an incident file says of itself, by language: its first lines of comment, in English from ``en:`` on."""
    found: dict[str, list[str]] = {}
    language = SOURCE
    for line in takewhile(lambda line: line.startswith("#"), text.splitlines()):
        said = line.lstrip("#").strip()
        for each in UI_LANGUAGES:
            if said.startswith(f"{each}:"):
                language, said = each, said.removeprefix(f"{each}:").strip()
        found.setdefault(language, []).append(said)
    return {language: visible(" ".join(lines)) for language, lines in found.items()}


def _made(folder: Path, samples: list[Sample]) -> Iterator[tuple[Path, bytes]]:
    for sample in samples:
        incident, target = sample.incident, folder / sample.name
        made = plan(incident)
        yield target / "plan.txt", ("\n".join(plan_lines(incident, made)) + "\n").encode()
        for each in sample.drafts:
            if each.document.internal and each.language != SOURCE:
                continue  # the crisis team of the samples reads Dutch
            name = f"{each.document.id}.{each.language}"
            for suffix in _FORMATS:
                yield target / f"{name}.{suffix}", each.content(suffix)
            if sample.name in _ANNOTATED and each.language == SOURCE and not each.document.internal:
                yield target / f"{name}.{annotated.SUFFIX}", annotated.annotated(each, incident, made)


def _exercises(folder: Path, lessons: Mapping[str, list[Exercise]]) -> Iterator[tuple[Path, bytes]]:
    for language, each in lessons.items():
        for exercise in each:
            for name, content in exercise_files.files(exercise).items():
                yield folder / language / name, content


def regenerate(folder: Path) -> tuple[int, int]:
    """Writes what :func:`generate` gives and removes what it no longer gives; how many written and removed."""
    files = generate(folder)
    left_over = _left_over(folder, files)
    write_files(files, overwrite=True)
    for path in left_over:
        path.unlink()
    return len(files), len(left_over)


def differences(folder: Path) -> list[str]:
    """What in the folder is not what the program makes of it, a line each; nothing is written."""
    files = generate(folder)
    found = [_("ontbreekt: {file}").format(file=path) for path in files if not path.is_file()]
    found += [
        _("is anders: {file}").format(file=path)
        for path, content in files.items()
        if path.is_file() and not _same(path.read_bytes(), content)
    ]
    return found + [_("hoort hier niet meer: {file}").format(file=path) for path in _left_over(folder, files)]


def _left_over(folder: Path, files: dict[Path, bytes]) -> list[Path]:
    """Files that only an earlier run can have made: known names in the folders of incidents and exercises."""
    made = {"plan.txt"} | {
        f"{document}.{language}.{suffix}"
        for document in documents()
        for language in available()
        for suffix in (*_FORMATS, annotated.SUFFIX)
    }
    folders = [path for path in folder.iterdir() if path.is_dir()]
    known = [path for each in folders for path in each.iterdir() if path.name in made]
    for suffix in exercise_files.SUFFIXES:
        known += folder.glob(f"{_FAULTS}/*/*.{suffix}")
    for language in UI_LANGUAGES:
        known += (folder / "site").rglob(f"*.{language}.html")
    return sorted(path for path in known if path not in files)


def _same(standing: bytes, made: bytes) -> bool:
    """Whether two files hold the same; Word files part by part, since compression differs between machines."""
    if standing == made:
        return True
    try:
        return _parts(standing) == _parts(made)
    except zipfile.BadZipFile:
        return False


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]
