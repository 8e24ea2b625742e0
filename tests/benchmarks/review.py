"""How fast the review reads, beside proselint on the same letter: ``python tests/benchmarks/review.py``.

Processor time in one process, in turn, so that a busy machine slows both; medians. Each round reads another letter
of 3 kB, as a person checks one after the other, so that nothing is remembered of the very text. proselint is
installed for the run only; without a package index its line is left out.
"""

from __future__ import annotations

import platform
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
    text = "\n\n".join(_letters("nl"))
    for size in (250_000, 1_000_000):
        large = (text * (size // len(text) + 1))[:size]
        took = min(_processor_time(lambda: comms.check(large, "nl")) for _ in range(3))  # noqa: B023
        print(f"nl: {size / 1000:5.0f} kB  {took:7.0f} ms   {took / size * 1000:.2f} ms/kB")


if __name__ == "__main__":
    main()
