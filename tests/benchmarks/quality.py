"""How much of what it should find the review finds: ``python tests/benchmarks/quality.py``.

Precision, recall and F1 on the evaluation set (tests/evaluation), a category at a time, on sentences; the faults found
in bad letters; and the errors in good ones. ``--misses`` prints what was missed and what was found wrongly. A third of
the sentences is kept aside for the end: ``--kept-aside`` measures on those, and only there.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from evaluation import LANGUAGES, letters, sentences
from evaluation.scoring import LetterScores, Score, SentenceScores, score_letters, score_sentences, together

import comms
from comms.review.findings import CATEGORIES


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kept-aside", action="store_true", help="measure on the part that is kept aside")
    parser.add_argument("--language", choices=LANGUAGES, action="append", help="only this language")
    parser.add_argument("--misses", action="store_true", help="print what was missed and found wrongly")
    return parser.parse_args(given)


def _share(value: float | None) -> str:
    return "    –" if value is None else f"{value:5.2f}"


def _row(name: str, score: Score) -> str:
    counts = f"{score.found:4} found {score.missed:4} missed {score.false_alarms:4} false"
    return f"{name:<16} P {_share(score.precision)}  R {_share(score.recall)}  F1 {_share(score.f1)}   {counts}"


def _print_sentences(title: str, scores: SentenceScores) -> None:
    print(f"-- {title}")
    for category in CATEGORIES:
        if category in scores.categories:
            print(_row(category, scores.categories[category]))
    print(_row("all", scores.total))
    print(_row("whole sentences", scores.sentences))
    acts = sorted(scores.acts.items(), key=lambda item: (item[1].recall or 0.0, item[0]))
    if acts:
        print("blame by act:", ", ".join(f"{act} {each.found}/{each.found + each.missed}" for act, each in acts))
    print()


def _print_letters(title: str, scores: LetterScores) -> None:
    print(f"-- {title}")
    total = scores.total
    print(f"bad letters:  {total.found} of {total.found + total.missed} faults found, recall {_share(total.recall)}")
    by_category = (
        f"{category} {score.found}/{score.found + score.missed}"
        for category in CATEGORIES
        if (score := scores.categories.get(category))
    )
    print(f"              {', '.join(by_category)}")
    print(f"good letters: {len(scores.stopped)} findings of severity error")
    print()


def _print_sentence_misses(scores: SentenceScores) -> None:
    for category, sentence in scores.misses:
        act = f" ({sentence.act})" if category == "victim_blaming" else ""
        print(f"missed  {category}{act}: {sentence.text}")
    for finding, sentence in scores.false_alarms:
        print(f"false   {finding.category} by {finding.rule} on “{finding.excerpt}”: {sentence.text}")
    print()


def _print_letter_misses(scores: LetterScores) -> None:
    for letter, fault in scores.misses:
        print(f"missed  {fault.category} in {letter.name}: {fault.excerpt}")
    for letter, finding in scores.stopped:
        print(f"stopped {finding.category} by {finding.rule} in {letter.name}: {finding.excerpt}")
    print()


def main(given: Sequence[str] | None = None) -> None:
    asked = _arguments(given)
    languages = asked.language or LANGUAGES
    part = "kept aside" if asked.kept_aside else "open part"
    print(f"Python {platform.python_version()}; P precision, R recall")
    measured = []
    for language in languages:
        check = partial(comms.check, language=language)
        entries = sentences(language, kept_aside=asked.kept_aside)
        scores = score_sentences(entries, check)
        measured.append(scores)
        _print_sentences(f"{language}, {part}, {len(entries)} sentences", scores)
        if asked.misses:
            _print_sentence_misses(scores)
        if not asked.kept_aside:  # no letter is kept aside
            of_letters = score_letters(letters(language, "good"), letters(language, "bad"), check)
            _print_letters(f"{language}, letters", of_letters)
            if asked.misses:
                _print_letter_misses(of_letters)
    if len(measured) > 1:
        _print_sentences(f"all languages, {part}", together(measured))


if __name__ == "__main__":
    main()
