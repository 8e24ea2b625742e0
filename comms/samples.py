"""The samples: what the program makes of incidents that a trainer would choose."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from comms.documents import documents
from comms.drafts import drafts_of
from comms.errors import InputError, Place, Problem
from comms.incident import Incident
from comms.languages import SOURCE, UI_LANGUAGES, _, available, ui_language
from comms.planning import plan
from comms.presentation import plan_lines
from comms.training import annotated, exercise_files
from comms.training.exercises import exercises
from comms.writing import write_files

_FORMATS = ("md", "docx")
_FAULTS = "faults"
_ANNOTATED = ("01-class-app", "04-refused-and-released")
"""The incidents whose messages also stand there as copies with an explanation: one in full, one in short texts."""


def generate(folder: Path) -> dict[Path, bytes]:
    """What each incident file in the folder gives: its plan, and every draft that is not withheld, held ones too.

    An incident file is a ``.yaml`` in the folder itself that is not ``school.yaml``; what it gives goes to a
    folder of its name. The exercises in ``faults`` give Word files beside them. Raises InputError when there is no
    incident, or when one of them or of the exercises is wrong.
    """
    sources = sorted(path for path in folder.glob("*.yaml") if path.name != "school.yaml")
    if not sources:
        raise InputError([Problem(Place(str(folder)), "", _("hier staan geen incidenten (.yaml)"))])
    with ui_language(SOURCE):  # whoever runs it, the samples are the same
        return dict(_made(folder, sources)) | dict(_exercises(folder / _FAULTS))


def _made(folder: Path, sources: list[Path]) -> Iterator[tuple[Path, bytes]]:
    for source in sources:
        incident = Incident.load(source)
        made = plan(incident)
        target = folder / source.stem
        yield target / "plan.txt", ("\n".join(plan_lines(incident, made)) + "\n").encode()
        for each in drafts_of(incident, made):
            if each.document.internal and each.language != SOURCE:
                continue  # the crisis team of the samples reads Dutch
            name = f"{each.document.id}.{each.language}"
            for suffix in _FORMATS:
                yield target / f"{name}.{suffix}", each.content(suffix)
            if source.stem in _ANNOTATED and each.language == SOURCE and not each.document.internal:
                yield target / f"{name}.{annotated.SUFFIX}", annotated.annotated(each, incident, made)


def _exercises(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for language in UI_LANGUAGES:
        for exercise in exercises(folder, language):
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
