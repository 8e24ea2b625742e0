"""The merge as a whole, in processes of its own: ``python tests/benchmarks/merging.py [HOW MANY ...]``.

Letters a second by the clock, processor time a letter against the floor (render, deflate and write the same bytes),
and the most memory that the process took. The recipients are checked, the letters written, each noted.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
import zipfile
from importlib.metadata import version
from pathlib import Path

import word

MANY = (10_000, 100_000)
FORMS = {"docx": [], "eml": ["-f", "eml"], "combined": ["--combined"], "mbox": ["--mbox"]}
INCIDENT = Path(__file__).resolve().parents[2] / "samples" / "03-viral-press-at-the-door.yaml"
FLOOR_LETTERS = 10_000
ALL_STUDENTS = 468_000
"""Of mbo schools in the Netherlands, 2025–26, a forecast of the ministry."""


def recipients(path: Path, count: int) -> Path:
    """A file of so many recipients, of which every fifth reads English."""
    with path.open("w", encoding="utf-8") as file:
        file.write("naam;e-mail;taal\n")
        for number in range(count):
            language = "en" if number % 5 == 0 else "nl"
            file.write(f"Ouder van student {number};ouder{number}@voorbeeld.example;{language}\n")
    return path


def _merged(table: Path, folder: Path, options: list[str]) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of processor time, and the most memory in MB."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "comms.cli", "merge", str(INCIDENT), str(table), "-o", str(folder), *options]
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        _pid, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0
    kilobyte = 1 if sys.platform == "darwin" else 1024  # what the system counts memory in
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * kilobyte / 1e6


def _floor(letter: Path, folder: Path) -> float:
    """Milliseconds of the floor for the letter that the merge made, with a file for each."""
    with zipfile.ZipFile(letter) as archive:
        text = archive.read(word.MAIN).decode().replace("Ouder van student 1", "{{ name }}")
    folder.mkdir()
    floor = word.floor_of(text, letter.read_bytes())
    took = word.processor_time(
        lambda: [word.write(folder / f"{number}.docx", floor(number)) for number in range(FLOOR_LETTERS)]
    )
    return took / FLOOR_LETTERS


def main(counts: tuple[int, ...] = MANY) -> None:
    print(f"Python {platform.python_version()}, Jinja2 {version('Jinja2')}")
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        for count in counts:
            table = recipients(top / f"{count}.csv", count)
            for form, options in FORMS.items():
                if form != "docx" and count != counts[0]:
                    continue
                folder = top / f"{form}{count}"
                clock, processor, memory = _merged(table, folder, options)
                told = f"{count:>7} {form:<8} {count / clock:7.0f} letters a second  {memory:5.0f} MB"
                if form == "docx":
                    each = 1000 * processor / count
                    floor = _floor(folder / "parents.000003.docx", top / f"floor{count}")
                    told += f"  {each:5.3f} ms a letter  {each / floor:4.2f} × the floor"
                    told += f"  all {ALL_STUDENTS} in {ALL_STUDENTS / (count / clock) / 60:.1f} minutes"
                print(told)


if __name__ == "__main__":
    main(tuple(int(each) for each in sys.argv[1:]) or MANY)
