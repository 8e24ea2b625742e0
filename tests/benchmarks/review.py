"""How fast the review reads, beside proselint on the same letter: ``python tests/benchmarks/review.py``.

Processor time in one process, in turn, so that a busy machine slows both; medians. Each round reads another letter
of 3 kB, as a person checks one after the other, so that nothing is remembered of the very text. proselint is
installed for the run only; without a package index its line is left out. So are alex and write-good, where Node is:
these are compared as whole processes, from the command to its exit.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import comms
from comms.review import rules
from comms.review.rulefile import all_patterns

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ROUNDS = 60
LETTER = 3000
LIMIT = 5.0
PROSELINT = "proselint==0.16.0"
NODE = {"alex": "alex@11", "write-good": "write-good@1"}
"""Each command, and the package that brings it."""
PROCESSES = 15


def _processor_time(action: Callable[[], object]) -> float:
    start = time.process_time_ns()
    action()
    return (time.process_time_ns() - start) / 1e6


def _letters(language: str) -> list[str]:
    """Different letters of the same size, each from the samples and with some of the examples of the rules in it."""
    examples = [each for rule in rules.source_of(language).rules for each in rule.get("found", ())]
    texts = [path.read_text("utf-8") for path in sorted(SAMPLES.glob(f"*/*.{language}.md"))]
    whole = "\n\n".join(f"{text}\n\n{examples[number % len(examples)]}" for number, text in enumerate(texts))
    pieces = [whole[start : start + LETTER] for start in range(0, len(whole) - LETTER, LETTER)]
    return [pieces[number % len(pieces)] for number in range(ROUNDS)]


def _proselint(folder: str) -> Callable[[str], object] | None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, PROSELINT]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    sys.path.append(folder)
    from proselint.checks import __register__  # type: ignore[import-not-found]
    from proselint.registry import CheckRegistry  # type: ignore[import-not-found]
    from proselint.tools import LintFile  # type: ignore[import-not-found]

    CheckRegistry().register_many(__register__)
    return lambda text: LintFile("letter", text).lint()


def _whole_processes(letter: str, folder: Path) -> None:
    """A letter from the command to its exit, ours and theirs in turn."""
    path = folder / "letter.md"
    path.write_text(letter, "utf-8")
    commands = {"comms check": [sys.executable, "-m", "comms.cli", "check", str(path), "--language", "en"]}
    if shutil.which("npm"):
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *NODE.values()]
        if subprocess.run(install, capture_output=True, check=False).returncode == 0:
            commands |= {name: [str(folder / "node_modules" / ".bin" / name), str(path)] for name in NODE}
    if len(commands) == 1:
        print(f"{', '.join(NODE)} could not be installed")
    took: dict[str, list[float]] = {name: [] for name in commands}
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for number in range(PROCESSES + 1):
        for name, command in commands.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            ran = subprocess.run(command, env=environment, capture_output=True, check=False)  # findings give codes
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            assert ran.stdout or ran.stderr, name
            if number:  # the first is the warm-up
                took[name].append(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    ours = median(took["comms check"])
    for name, times in took.items():
        print(
            f"en, whole process: {NODE.get(name, name):<12} {median(times):6.0f} ms   {median(times) / ours:.1f} × ours"
        )


def main() -> None:
    print(f"Python {platform.python_version()}; letters of {LETTER / 1000:.0f} kB; medians of {ROUNDS}")
    for language in ("nl", "en"):
        source = rules.source_of(language)
        count = f"{len(source.rules)} rules, {sum('looks_for' in field for field, _pattern in all_patterns(source))} patterns"
        compiled = next(made for name, made in rules.compile_rules().items() if name.startswith(language))
        loading = median(_processor_time(lambda: rules._loaded(compiled)) for _ in range(15))  # noqa: B023  called at once
        print(f"{language}: {count}; {len(compiled) / 1000:.0f} kB compiled, loaded in {loading:.1f} ms")
    with TemporaryDirectory() as folder:
        proselint = _proselint(folder)
        for language in ("nl", "en"):
            letters = _letters(language)
            for letter in letters[:5]:
                comms.check(letter, language)
            ours, theirs = [], []
            for letter in letters:
                ours.append(_processor_time(lambda: comms.check(letter)))  # noqa: B023
                if proselint and language == "en":
                    theirs.append(_processor_time(lambda: proselint(letter)))  # noqa: B023
            told = f"{language}: {median(ours):5.2f} ms a letter  (at most {LIMIT:.0f})"
            if theirs:
                told += f"   {PROSELINT} {median(theirs):5.2f} ms   {median(theirs) / median(ours):.1f} × as long"
            elif language == "en":
                told += f"   {PROSELINT} could not be installed"
            print(told)
        for name, content in rules.compile_rules().items():  # as an installed program has them
            compiled_folder = rules.path_of("nl").parent / "compiled"
            compiled_folder.mkdir(exist_ok=True)
            (compiled_folder / name).write_bytes(content)
        _whole_processes(_letters("en")[0], Path(folder))
    text = "\n\n".join(_letters("nl"))
    for size in (250_000, 1_000_000):
        large = (text * (size // len(text) + 1))[:size]
        took = min(_processor_time(lambda: comms.check(large, "nl")) for _ in range(3))  # noqa: B023
        print(f"nl: {size / 1000:5.0f} kB  {took:7.0f} ms   {took / size * 1000:.2f} ms/kB")


if __name__ == "__main__":
    main()
