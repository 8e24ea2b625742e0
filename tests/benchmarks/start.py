"""What a command costs from start to end: ``python tests/benchmarks/start.py``.

Processor time of whole processes, in turn with ``python -c pass`` so that a busy machine slows all; medians,
and the ratio of the medians. Byte code is written in the warm-up, as an installed program has it; rules that were
changed since the last build are compiled first, as its build would do.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median

from comms import resources
from comms.review.rules import compile_rules

ROUNDS = 21
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
INCIDENT = str(SAMPLES / "03-viral-press-at-the-door.yaml")
COMMS = [sys.executable, "-m", "comms.cli"]
FIVE = [part for name in ("teachers", "students", "parents", "website", "press") for part in ("-a", name)]
FORMATS = [part for name in ("docx", "html", "md", "txt", "eml") for part in ("-f", name)]
LIMITS = {"plan": 7, "draft": 20, "check": 12}


def _processor_time(command: list[str], folder: str) -> float:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _compile_rules() -> None:
    for name, content in compile_rules().items():
        path = resources.file("review") / "rules" / "compiled" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def main() -> None:
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "plan": [*COMMS, "plan", INCIDENT],
        "draft": [*COMMS, "draft", INCIDENT, "-l", "nl", *FIVE, *FORMATS, "--overwrite"],
        "check": [*COMMS, "check", "drafts/parents.nl.docx", "--fail-on", "never"],
    }
    _compile_rules()
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        for round_number in range(ROUNDS + 1):
            for name, command in commands.items():
                took = _processor_time(command, folder)
                if round_number:  # the first is the warm-up
                    times[name].append(took)
    packages = ", ".join(f"{name} {version(name)}" for name in ("click", "PyYAML", "Jinja2", "docxtpl"))
    print(f"Python {platform.python_version()}, {packages}; medians of {ROUNDS}")
    bare = median(times["python -c pass"])
    for name, took in times.items():
        limit = f"  (at most {LIMITS[name]})" if name in LIMITS else ""
        print(f"{name:<16} {median(took):7.1f} ms  {median(took) / bare:5.1f} ×{limit}")


if __name__ == "__main__":
    main()
