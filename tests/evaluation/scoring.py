"""What of the evaluation set is found, missed and found wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from comms.review.findings import Finding
from evaluation import Fault, Letter, Sentence

Check = Callable[[str], Iterable[Finding]]
"""The review in one language, as ``partial(comms.check, language="nl")``."""

NOT_OF_A_SENTENCE = frozenset({"tone", "missing", "wish", "directive"})


@dataclass(slots=True)
class Score:
    """Counts, of one category or of several together."""

    found: int = 0
    missed: int = 0
    false_alarms: int = 0

    def add(self, other: Score) -> None:
        self.found += other.found
        self.missed += other.missed
        self.false_alarms += other.false_alarms

    @property
    def precision(self) -> float | None:
        """None when nothing was found, rightly or wrongly."""
        return _share(self.found, self.found + self.false_alarms)

    @property
    def recall(self) -> float | None:
        """None when there was nothing to be found."""
        return _share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.found, 2 * self.found + self.missed + self.false_alarms)


@dataclass(slots=True)
class SentenceScores:
    categories: dict[str, Score] = field(default_factory=dict)
    acts: dict[str, Score] = field(default_factory=dict)
    """Of blame, by the way in which it is laid; an act has no false alarms."""
    sentences: Score = field(default_factory=Score)
    """A sentence as a whole: found when anything that had to be found in it is."""
    misses: list[tuple[str, Sentence]] = field(default_factory=list)
    false_alarms: list[tuple[Finding, Sentence]] = field(default_factory=list)

    @property
    def total(self) -> Score:
        return _sum(self.categories.values())


@dataclass(slots=True)
class LetterScores:
    categories: dict[str, Score] = field(default_factory=dict)
    """Of the faults in bad letters. What is found beside them is not counted."""
    misses: list[tuple[Letter, Fault]] = field(default_factory=list)
    stopped: list[tuple[Letter, Finding]] = field(default_factory=list)
    """Findings of severity error in good letters."""

    @property
    def total(self) -> Score:
        return _sum(self.categories.values())


def score_sentences(entries: Iterable[Sentence], check: Check) -> SentenceScores:
    scores = SentenceScores()
    for sentence in entries:
        counted = [each for each in _counted(check(sentence.text)) if each.category not in NOT_OF_A_SENTENCE]
        found = {each.category for each in counted}
        for category in sorted(sentence.findings):
            hit = category in found
            _of(scores.categories, category).add(Score(found=hit, missed=not hit))
            if not hit:
                scores.misses.append((category, sentence))
            if category == "victim_blaming":
                _of(scores.acts, sentence.act).add(Score(found=hit, missed=not hit))
        wrong = found - sentence.findings - sentence.arguable
        for category in sorted(wrong):
            _of(scores.categories, category).add(Score(false_alarms=1))
            scores.false_alarms += [(each, sentence) for each in counted if each.category == category]
        if sentence.findings:
            hit = bool(found & sentence.findings)
            scores.sentences.add(Score(found=hit, missed=not hit))
        else:
            scores.sentences.add(Score(false_alarms=bool(wrong)))
    return scores


def score_letters(good: Iterable[Letter], bad: Iterable[Letter], check: Check) -> LetterScores:
    scores = LetterScores()
    for letter in good:
        scores.stopped += [(letter, each) for each in check(letter.text) if each.severity == "error"]
    for letter in bad:
        findings = _counted(check(letter.text))
        for fault in letter.faults:
            hit = any(_lies_on(each, fault) for each in findings)
            _of(scores.categories, fault.category).add(Score(found=hit, missed=not hit))
            if not hit:
                scores.misses.append((letter, fault))
    return scores


def together(scores: Sequence[SentenceScores]) -> SentenceScores:
    """The scores of several languages as one."""
    whole = SentenceScores()
    for each in scores:
        for category, score in each.categories.items():
            _of(whole.categories, category).add(score)
        for act, score in each.acts.items():
            _of(whole.acts, act).add(score)
        whole.sentences.add(each.sentences)
        whole.misses += each.misses
        whole.false_alarms += each.false_alarms
    return whole


def _counted(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.severity in ("error", "warning")]


def _lies_on(finding: Finding, fault: Fault) -> bool:
    return finding.category == fault.category and finding.start < fault.end and fault.start < finding.end


def _of(scores: dict[str, Score], name: str) -> Score:
    return scores.setdefault(name, Score())


def _sum(scores: Iterable[Score]) -> Score:
    total = Score()
    for each in scores:
        total.add(each)
    return total


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
