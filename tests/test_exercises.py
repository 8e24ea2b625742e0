"""Find the faults: the texts, their keys, and what is wrong with an exercise whose key the review denies."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT

import comms
from comms.organisations import organisations
from comms.training.exercises import AUDIENCES, Exercise, Fault, exercises, sentences_of

FAULTS = ROOT / "samples" / "faults"
LANGUAGES = ("nl", "en")
EVERY = [each for language in LANGUAGES for each in exercises(FAULTS, language)]
KINDS = ("victim_blaming", "guilt", "identity", "images", "promises", "online_reply", "missing", "reputation", "minimising", "pressure", "speculation", "escalating")  # fmt: skip

SMALL = """\
title = "Een brief"
author = "Brief van een school"
audience = "press"

[[fault]]
excerpt = "De dader is geschorst."
category = "guilt"
note = "Er is nog niets vastgesteld."
better = "Wij zeggen niets over personen."
"""
TEXT = "Wij kregen een melding.\n\nDe dader is geschorst. Bel Ravi Bakker, woordvoerder, op 088 000 10 20.\n"


def name(exercise: Exercise) -> str:
    return f"{exercise.language}-{exercise.id}"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with one small exercise, to be changed."""
    folder = tmp_path / "nl"
    folder.mkdir()
    (folder / "01-brief.toml").write_text(SMALL, "utf-8")
    (folder / "01-brief.md").write_text(TEXT, "utf-8")
    return tmp_path


def change(folder: Path, suffix: str, old: str, new: str) -> None:
    path = folder / "nl" / f"01-brief{suffix}"
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new), "utf-8")


# --- The texts


def test_each_dutch_text_has_its_english_counterpart_with_the_same_faults() -> None:
    dutch, english = ([each for each in EVERY if each.language == language] for language in LANGUAGES)
    assert [each.id for each in dutch] == [each.id for each in english]
    for one, other in zip(dutch, english, strict=True):
        assert one.audience == other.audience
        assert Counter(fault.category for fault in one.faults) == Counter(fault.category for fault in other.faults)


def test_there_are_seven_texts_and_each_kind_of_fault_twice_in_each_language() -> None:
    assert len(EVERY) >= 14
    assert {each.audience for each in EVERY} == set(AUDIENCES)
    for language in LANGUAGES:
        found = Counter(fault.category for each in EVERY if each.language == language for fault in each.faults)
        assert [kind for kind in KINDS if found[kind] < 2] == []


@pytest.mark.parametrize("exercise", EVERY, ids=name)
def test_a_text_is_as_long_as_a_real_one_and_has_three_to_six_faults(exercise: Exercise) -> None:
    assert 120 <= len(exercise.text.split()) <= 300
    assert 3 <= len(exercise.faults) <= 6
    assert exercise.audience in AUDIENCES
    assert exercise.title and exercise.author


@pytest.mark.parametrize("exercise", EVERY, ids=name)
def test_faults_and_sentences_stand_in_the_text(exercise: Exercise) -> None:
    text, parts = exercise.text, exercise.sentences
    assert "".join("".join(text[each.start : each.end].split()) for each in parts) == "".join(text.split())
    for each in parts:
        assert text[each.start : each.end] == text[each.start : each.end].strip() != ""
    paragraphs = text.split("\n\n")
    assert sorted({each.paragraph for each in parts}) == list(range(len(paragraphs)))
    for each in parts:
        assert text[each.start : each.end] in paragraphs[each.paragraph]
    for fault in exercise.faults:
        if fault.missing:
            assert (fault.start, fault.end, fault.category) == (0, 0, "missing")
            continue
        first, last = parts[fault.sentences[0]], parts[fault.sentences[-1]]
        assert first.start <= fault.start < fault.end <= last.end
        assert fault.sentences == tuple(range(fault.sentences[0], fault.sentences[-1] + 1))


@pytest.mark.parametrize("exercise", EVERY, ids=name)
def test_a_key_says_what_why_and_what_it_does(exercise: Exercise) -> None:
    for fault in exercise.faults:
        assert fault.rules and fault.provisions and fault.category_name and fault.why
        assert 30 <= len(fault.note) <= 300
        assert fault.better or not fault.missing


@pytest.mark.parametrize("exercise", EVERY, ids=name)
def test_the_review_has_nothing_against_a_better_wording(exercise: Exercise) -> None:
    for fault in exercise.faults:
        found = comms.check(fault.better, exercise.language) if fault.better else []
        assert [(each.rule, each.excerpt) for each in found if each.severity != "info"] == []


@pytest.mark.parametrize("exercise", EVERY, ids=name)
def test_a_text_names_no_number_but_of_the_invented_school_and_of_known_organisations(exercise: Exercise) -> None:
    known = {each.facts["phone"].value for each in organisations().values() if "phone" in each.facts}
    said = "\n".join([exercise.text, *(fault.better for fault in exercise.faults)])
    for number in re.findall(r"\b0[\d -]{8,}\d\b", said):
        assert number in known or number.startswith("088 000 10 "), number
    for address in re.findall(r"\S+@\S+[a-z]", said):
        assert address.endswith("@rocdevaart.example")


def mended(exercise: Exercise) -> str:
    """The text with every fault put right as its key says: whole sentences replaced, what is missing added."""
    text = exercise.text
    placed = [fault for fault in exercise.faults if not fault.missing]
    for fault in sorted(placed, key=lambda each: -each.start):
        start, end = exercise.sentences[fault.sentences[0]].start, exercise.sentences[fault.sentences[-1]].end
        text = text[:start] + fault.better + text[end:]
    return "\n\n".join([text, *(fault.better for fault in exercise.faults if fault.missing)])


@pytest.mark.parametrize("exercise", EVERY, ids=name)
def test_put_right_as_the_key_says_the_whole_text_passes(exercise: Exercise) -> None:
    found = comms.check(mended(exercise), exercise.language, exercise.audience)
    assert [(each.rule, each.excerpt) for each in found if each.severity != "info"] == []


# --- The sessions in the handleiding


def chapter() -> str:
    told = (ROOT / "HANDLEIDING.md").read_text("utf-8")
    return told.split("\n## Oefenen met een groep\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("length", [45, 90])
def test_the_minutes_of_a_session_follow_each_other_and_add_up(length: int) -> None:
    session = chapter().split(f"### Een sessie van {length} minuten")[1].split("\n### ")[0]
    spans = [tuple(map(int, each)) for each in re.findall(r"^\| (\d+)–(\d+) \|", session, re.MULTILINE)]
    assert spans[0][0] == 0 and spans[-1][1] == length
    assert [end for _start, end in spans[:-1]] == [start for start, _end in spans[1:]]
    assert all(start < end for start, end in spans)


def test_what_the_sessions_name_is_there() -> None:
    told = chapter()
    names = set(re.findall(r"\b\d\d-[a-z-]+", told))
    assert names
    for each in names:
        assert (ROOT / "samples" / each / "plan.txt").is_file() or (FAULTS / "nl" / f"{each}.exercise.docx").is_file()
    for each in re.findall(r"samples/[\w./-]+\.docx", told):
        assert (ROOT / each).is_file(), each
    titles = {each.title for each in EVERY if each.language == "nl"}
    assert set(re.findall("“(Een [^”]*)”", told)) <= titles


# --- The reader


def test_a_key_joins_the_review_and_the_author(small: Path) -> None:
    (exercise,) = exercises(small, "nl")
    (fault,) = exercise.faults
    assert exercise.text[fault.start : fault.end] == "De dader is geschorst."
    assert (exercise.id, exercise.language, fault.sentences) == ("01-brief", "nl", (1,))
    assert fault.rules == ("guilt.perpetrator",)
    assert fault.category_name == "schuld als feit"
    assert "1.6" in fault.provisions
    assert fault.note == "Er is nog niets vastgesteld."


def test_a_folder_without_exercises_has_none(tmp_path: Path) -> None:
    assert exercises(tmp_path, "nl") == []


def test_the_key_is_in_the_language_of_the_text() -> None:
    def told(language: str) -> list[tuple[Fault, ...]]:
        with comms.ui_language(language):
            return [each.faults for each in exercises(FAULTS, "en")]

    assert told("nl") == told("en")


def test_sentences_keep_their_quotation_marks_and_lines_stand_alone() -> None:
    text = "Zeg: “Wij weten het.” “Kom langs.” Goed?\n\nGroet,\nKarin Bosma"
    assert [(text[each.start : each.end], each.paragraph) for each in sentences_of(text, "nl")] == [
        ("Zeg: “Wij weten het.”", 0), ("“Kom langs.”", 0), ("Goed?", 0), ("Groet,", 1), ("Karin Bosma", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("suffix", "old", "new", "told"),
    [
        (".md", "De dader is geschorst.", "Wij zoeken het uit.", "01-brief.toml:5:1: excerpt: “De dader is geschorst.” staat niet in de tekst"),
        (".md", "melding.", "melding. De dader is geschorst.", "01-brief.toml:5:1: excerpt: “De dader is geschorst.” staat meer dan eens in de tekst"),
        (".toml", "De dader is geschorst.", "Wij kregen een melding.", "01-brief.toml:5:1: fault: deze fout vindt de controle niet: guilt, “Wij kregen een melding.”"),
        (".md", "melding.", "melding. Ze had die foto nooit moeten maken.", "01-brief.md:1:25: dit vindt de controle ook, en het is geen fout van deze oefening: blame.should_have"),
        (".toml", '"guilt"', '"schuld"', "01-brief.toml:5:1: category: “schuld” is geen geldige waarde"),
        (".toml", '"press"', '"pers"', "01-brief.toml: audience: “pers” is geen geldige waarde"),
        (".toml", "note =", "noot =", "01-brief.toml:5:1: noot: onbekend veld"),
        (".toml", "[[fault]]", "[[fault", "01-brief.toml: "),
        (".toml", 'title = "Een brief"', "title = 3", "01-brief.toml: title: hier hoort een tekst"),
        (".toml", 'category = "guilt"', 'category = "guilt"\nrule = "guilt.er_is_niet"', "01-brief.toml:5:1: fault: deze fout vindt de controle niet: guilt.er_is_niet"),
        (".toml", '"guilt"', '"missing"', "01-brief.toml:5:1: excerpt: hoort niet bij iets wat ontbreekt"),
        (".toml", "better =", "also = 3\nbetter =", "01-brief.toml:5:1: also: hier hoort een lijst van teksten"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(small: Path, suffix: str, old: str, new: str, told: str) -> None:
    change(small, suffix, old, new)
    with pytest.raises(comms.InputError) as error:
        exercises(small, "nl")
    assert f"{small / 'nl'}/{told}" in str(error.value)


def test_a_fault_without_its_text_is_told(small: Path) -> None:
    (small / "nl" / "01-brief.md").unlink()
    with pytest.raises(comms.InputError, match=r"01-brief\.md: kan niet worden gelezen: bestaat niet"):
        exercises(small, "nl")


def test_every_mistake_of_every_exercise_is_told_at_once(small: Path) -> None:
    for suffix in (".md", ".toml"):
        shutil.copy(small / "nl" / f"01-brief{suffix}", small / "nl" / f"02-brief{suffix}")
        (small / "nl" / f"02-brief{suffix}").write_text(SMALL.replace("guilt", "images") if suffix == ".toml" else TEXT)
    change(small, ".toml", "note =", "noot =")
    with pytest.raises(comms.InputError) as error:
        exercises(small, "nl")
    assert "01-brief.toml" in str(error.value) and "02-brief.toml" in str(error.value)
