"""The evaluation set is sound, its figures are counted right, and the review reaches the floors on the open part."""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from evaluation import FOLDER, LANGUAGES, Fault, Letter, Sentence, letters, sentences
from evaluation.scoring import (
    NOT_OF_A_SENTENCE,
    LetterScores,
    Score,
    SentenceScores,
    score_letters,
    score_sentences,
    together,
)

import comms
from comms.review.findings import CATEGORIES, Finding

# --- Floors, of the open part and in each language --------------------------------------------------------------------

# The rules were made with the open part, so they must do better here than the goals, which are 0.85, 0.80 and 0.95 on
# sentences that nobody has seen. A floor only goes up.
VICTIM_BLAMING_RECALL = 0.95
RECALL = 0.95
PRECISION = 0.97
LETTER_RECALL = 0.90
ERRORS_IN_GOOD_LETTERS = 0

# --- What the set has to be -------------------------------------------------------------------------------------------

SENTENCES = 280
SENTENCES_OF_BLAME = 45
SENTENCES_OF_ANOTHER_CATEGORY = 6
LETTERS = ["parents", "press", "students", "teachers", "website"]
WORDS_OF_A_LETTER = range(120, 251)
AUTHORS = {"parent", "staff", "press", "student", "school", "organisation"}
ACTS = {
    *("question", "lateness", "foreseeable", "advice", "comparison", "praise", "doubt", "label", "own_choice"),
    *("counterfactual", "refusal", "trust", "behaviour", "consequence", "shared", "penalty", "burden"),
}
SEEN_IN_A_SENTENCE = CATEGORIES.keys() - NOT_OF_A_SENTENCE

each_language = pytest.mark.parametrize("language", LANGUAGES)


def whole(language: str) -> list[Sentence]:
    return sentences(language) + sentences(language, kept_aside=True)


def all_letters(language: str) -> list[Letter]:
    return letters(language, "good") + letters(language, "bad") + letters(language, "other")


@each_language
def test_there_are_enough_sentences_and_half_of_them_are_clean(language: str) -> None:
    entries = whole(language)
    clean = [each for each in entries if not each.findings]
    hard = [each for each in clean if each.hard]
    assert len(entries) >= SENTENCES
    assert 0.45 <= len(clean) / len(entries) <= 0.55
    assert 1 / 3 <= len(hard) / len(clean) <= 1 / 2


@each_language
def test_every_category_and_every_act_of_blame_occurs(language: str) -> None:
    categories = Counter(category for each in whole(language) for category in each.findings)
    assert categories.keys() == SEEN_IN_A_SENTENCE
    assert categories["victim_blaming"] >= SENTENCES_OF_BLAME
    assert min(categories.values()) >= SENTENCES_OF_ANOTHER_CATEGORY
    assert {each.act for each in whole(language) if each.act} == ACTS
    assert {each.by for each in whole(language)} == AUTHORS


@each_language
def test_the_keys_of_a_sentence_fit_together(language: str) -> None:
    for each in whole(language):
        assert each.text == " ".join(each.text.split())
        assert each.findings | each.arguable <= SEEN_IN_A_SENTENCE, each
        assert not each.findings & each.arguable, each
        assert bool(each.act) == ("victim_blaming" in each.findings), each
        assert not (each.hard and each.findings), each


@each_language
def test_a_third_is_kept_aside_with_the_same_mix(language: str) -> None:
    def mix(entries: list[Sentence]) -> Counter[str]:
        kinds = (each.findings or {"hard" if each.hard else "clean"} for each in entries)
        return Counter(kind for several in kinds for kind in several)

    aside, entries = sentences(language, kept_aside=True), whole(language)
    assert len(aside) / len(entries) == pytest.approx(1 / 3, abs=0.02)
    kept = mix(aside)
    for kind, count in mix(entries).items():
        assert kept[kind] == pytest.approx(count / 3, abs=1.5), kind


def test_no_sentence_stands_twice_and_none_in_both_parts() -> None:
    seen = Counter(
        " ".join(re.findall(r"\w+", each.text.casefold())) for language in LANGUAGES for each in whole(language)
    )
    assert [text for text, count in seen.items() if count > 1] == []


def test_the_part_that_is_kept_aside_says_so() -> None:
    for language in LANGUAGES:
        first = (FOLDER / "kept_aside" / f"{language}.toml").read_text(encoding="utf-8").splitlines()[0]
        assert "who writes rules does not read this file" in first


@each_language
def test_the_letters_are_whole_letters(language: str) -> None:
    for kind in ("good", "bad"):
        assert [each.name for each in letters(language, kind)] == LETTERS
    for letter in letters(language, "good") + letters(language, "bad"):
        assert len(re.findall(r"\w[\w’'-]*", letter.text)) in WORDS_OF_A_LETTER, letter.name
        assert letter.text.startswith("# ")
        assert "088 000 10" in letter.text or ".example" in letter.text


@each_language
def test_only_the_bad_letters_have_faults(language: str) -> None:
    assert all(not each.faults for each in letters(language, "good"))
    for letter in letters(language, "bad"):
        assert len(letter.faults) >= 10
        assert {each.category for each in letter.faults} <= SEEN_IN_A_SENTENCE
        assert len({(each.category, each.start) for each in letter.faults}) == len(letter.faults)


# --- Nobody and nothing real ------------------------------------------------------------------------------------------


def texts() -> Iterator[str]:
    for language in LANGUAGES:
        yield from (each.text for each in whole(language))
        yield from (each.text for each in all_letters(language))


def names() -> dict[str, list[str]]:
    with (FOLDER / "names.toml").open("rb") as file:
        return tomllib.load(file)


def test_every_word_with_a_capital_is_known() -> None:
    known = {word for group in names().values() for name in group for word in re.findall(r"[^\W_]+", name)}
    found = {
        word
        for text in texts()
        # Within a sentence: after a word or a comma, on the same line.
        for word in re.findall(r"(?<=[\w,] )[A-Z][^\W_]*", text.replace("\n", " "))
    }
    assert found - known == set()


def test_numbers_and_addresses_are_invented_or_of_a_help_organisation() -> None:
    with (Path(comms.__file__).parent / "organisations.toml").open("rb") as file:
        organisations = tomllib.load(file).values()
    phones = {each["phone"]["value"] for each in organisations if "phone" in each}
    sites = {each["website"]["value"] for each in organisations if "website" in each}
    for text in texts():
        for number in re.findall(r"\b0\d[\d -]{5,}\d", text):
            assert number in phones or number.startswith("088 000 10 "), text
        for address in re.findall(r"[\w.@-]+\.(?:nl|org|com|net|example)\b", text, re.IGNORECASE):
            assert address.endswith(".example") or address.casefold() in sites, text
        for account in re.findall(r"(?<!\w)@[\w.]+", text):
            assert account in names()["accounts"], text


# --- The counting -----------------------------------------------------------------------------------------------------


def finding(category: str, severity: str = "error", start: int = 0, end: int = 1) -> Finding:
    return Finding("test.rule", category, severity, "", (), start, end)  # type: ignore[arg-type]


def sentence(*findings: str, arguable: tuple[str, ...] = (), act: str = "") -> Sentence:
    return Sentence("x", "school", frozenset(findings), frozenset(arguable), False, act)


def scored(entry: Sentence, *found: Finding) -> SentenceScores:
    return score_sentences([entry], lambda _text: found)


def test_a_category_is_found_or_missed_once_a_sentence() -> None:
    scores = scored(sentence("guilt", "terms"), finding("guilt"), finding("guilt", "warning"))
    assert scores.categories == {"guilt": Score(found=1), "terms": Score(missed=1)}
    assert scores.total == Score(found=1, missed=1)
    assert scores.sentences == Score(found=1)
    assert [category for category, _sentence in scores.misses] == ["terms"]


def test_another_category_is_a_false_alarm_unless_it_is_arguable() -> None:
    scores = scored(sentence("guilt", arguable=("identity",)), finding("identity"), finding("legal"))
    assert scores.categories == {"guilt": Score(missed=1), "legal": Score(false_alarms=1)}
    assert scores.sentences == Score(missed=1)
    assert scored(sentence(), finding("legal")).sentences == Score(false_alarms=1)
    assert scored(sentence(arguable=("legal",)), finding("legal")).sentences == Score()


@pytest.mark.parametrize("category", sorted(NOT_OF_A_SENTENCE))
def test_what_is_not_of_a_sentence_and_what_only_informs_is_not_counted(category: str) -> None:
    scores = scored(sentence("guilt"), finding(category), finding("guilt", "info"), finding("terms", "info"))
    assert scores.categories == {"guilt": Score(missed=1)}
    assert not scores.false_alarms


def test_blame_is_counted_by_act_and_languages_together() -> None:
    one = scored(sentence("victim_blaming", act="doubt"), finding("victim_blaming"))
    other = scored(sentence("victim_blaming", act="doubt"), finding("guilt"))
    both = together([one, other])
    assert both.acts == {"doubt": Score(found=1, missed=1)}
    assert both.total == Score(found=1, missed=1, false_alarms=1)
    assert len(both.misses) == len(both.false_alarms) == 1


def test_precision_recall_and_f1() -> None:
    score = Score(found=6, missed=2, false_alarms=1)
    assert (score.precision, score.recall, score.f1) == (6 / 7, 6 / 8, 12 / 15)
    assert (Score().precision, Score().recall, Score().f1) == (None, None, None)
    assert (Score(missed=1).precision, Score(missed=1).recall, Score(missed=1).f1) == (None, 0, 0)


def test_a_fault_is_found_by_its_category_at_its_place() -> None:
    faults = (Fault("guilt", "b", 10, 20), Fault("guilt", "c", 30, 40), Fault("legal", "d", 50, 60))
    bad, good = Letter("bad", "", faults), Letter("good", "", ())
    found = [finding("guilt", "warning", 19, 25), finding("guilt", "error", 20, 30), finding("terms", "error", 50, 60)]
    scores = score_letters([good], [bad], lambda _text: found)
    assert scores.categories == {"guilt": Score(found=1, missed=1), "legal": Score(missed=1)}
    assert [fault.excerpt for _letter, fault in scores.misses] == ["c", "d"]
    assert [each.category for _letter, each in scores.stopped] == ["guilt", "terms"]


def test_what_is_kept_aside_is_printed_only_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent / "benchmarks"), *sys.path])
    import quality

    def nothing(_text: str, language: str) -> list[Finding]:
        return []

    monkeypatch.setattr(comms, "check", nothing, raising=False)
    missed_aside = [each.text for each in sentences("nl", kept_aside=True) if each.findings]
    missed = [each.text for each in sentences("nl") if each.findings]
    quality.main(["--misses"])
    printed = capsys.readouterr().out
    assert all(text in printed for text in missed)
    assert not any(text in printed for text in missed_aside)
    quality.main(["--language", "nl", "--kept-aside"])
    assert not any(text in capsys.readouterr().out for text in missed_aside)
    quality.main(["--language", "nl", "--kept-aside", "--misses"])
    printed = capsys.readouterr().out
    assert all(text in printed for text in missed_aside)
    assert not any(text in printed for text in missed)


# --- The review -------------------------------------------------------------------------------------------------------


@cache
def of_sentences(language: str) -> SentenceScores:
    return score_sentences(sentences(language), partial(comms.check, language=language))


@cache
def of_letters(language: str) -> LetterScores:
    check = partial(comms.check, language=language)
    return score_letters(letters(language, "good"), letters(language, "bad"), check)


@each_language
def test_enough_blame_is_found(language: str) -> None:
    recall = of_sentences(language).categories["victim_blaming"].recall
    assert recall is not None and recall >= VICTIM_BLAMING_RECALL


@each_language
def test_enough_is_found(language: str) -> None:
    recall = of_sentences(language).total.recall
    assert recall is not None and recall >= RECALL


@each_language
def test_little_is_found_wrongly(language: str) -> None:
    precision = of_sentences(language).total.precision
    assert precision is not None and precision >= PRECISION


@each_language
def test_the_faults_of_bad_letters_are_found(language: str) -> None:
    recall = of_letters(language).total.recall
    assert recall is not None and recall >= LETTER_RECALL


@each_language
def test_good_letters_are_not_stopped(language: str) -> None:
    stopped = [(letter.name, each.rule, each.excerpt) for letter, each in of_letters(language).stopped]
    assert len(stopped) <= ERRORS_IN_GOOD_LETTERS, stopped


@each_language
def test_nothing_is_found_in_letters_about_something_else(language: str) -> None:
    """They hold the very words: a picture, a fault of one's own, one's own risk, why, naive."""
    others = letters(language, "other")
    assert len(others) >= 4
    assert {each.name: comms.check(each.text) for each in others} == {each.name: [] for each in others}


@each_language
def test_the_same_letter_is_read_strictly_when_it_says_what_it_is_about(language: str) -> None:
    told = {"nl": "Er is een naaktfoto verspreid.", "en": "A nude picture was spread."}[language]
    assert all(comms.check(f"{each.text}\n\n{told}\n") for each in letters(language, "other"))
