"""What a sentence resembles: the example sentences, what is counted of them, and what the review says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluation import FOLDER
from evaluation import sentences as measured

import comms
from comms.errors import InputError, Place
from comms.review import examples, rules
from comms.review.examples import GOOD, SHOWN, Example
from comms.review.resemblance import MIDDLE, NOTHING, PART, codes_of, features_at, place_in, points, resemblance
from comms.review.ruleset import LANGUAGES
from comms.review.tokens import Sentence, sentences
from comms.review.weighing import weigh
from comms.school import Adjustment, Review, School

FEW = [
    Example("Ze had nooit moeten sturen.", ("victim_blaming",)),
    Example("Ze had beter moeten weten.", ("victim_blaming",)),
    Example("Ze had moeten nadenken.", ("victim_blaming",)),
    Example("Wij halen alles weg.", ("promises",)),
    Example("Wij halen het morgen weg.", ("promises",)),
    Example("Ze krijgt hulp van school.", ()),
    Example("Wij helpen haar.", ()),
    Example("Ze had steun van haar mentor.", ()),
]
RESEMBLES = {
    "nl": "Zij zat zelf urenlang achter die camera, dat deed niemand voor haar.",
    "en": "People who leave their curtains open can hardly complain that the neighbours look in.",
}


def sentence(text: str, language: str = "nl") -> Sentence:
    return next(sentences(text, 0, 0, language))


def resembling(text: str, language: str, school: School | None = None) -> list[comms.Finding]:
    return [each for each in comms.check(text, language, school=school) if each.rule.endswith(".resembles")]


# --- The examples -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_examples_of_everything(language: str) -> None:
    read = rules.examples_of(language)
    assert sum(not each.categories for each in read) >= 1500
    for category in SHOWN:
        assert sum(category in each.categories for each in read) >= 75, category


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_learnt_from_what_is_measured_on(language: str) -> None:
    held = {each.text for kept_aside in (False, True) for each in measured(language, kept_aside=kept_aside)}
    assert not held & {each.text for each in rules.examples_of(language)}
    assert (FOLDER / "kept_aside" / f"{language}.toml").is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_that_a_sentence_can_have_has_its_rule(language: str) -> None:
    going = [each for each in rules.source_of(language).rules if "resembles" in each]
    assert [each["category"] for each in going] == list(SHOWN)
    assert {each["severity"] for each in going} == {"warning"}  # it may be wrong; only what is certain stops a text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("victim_blaming Had ze maar.", "categorie, een tab en een zin"),
        ("victim_blaming\t ", "categorie, een tab en een zin"),
        ("victim_blame\tHad ze maar.", "victim_blaming"),
        ("good,promise\tHad ze maar.", "promises"),
        ("missing\tHad ze maar.", "toegestaan"),
        ("good\tDe eerste zin.", "op regel 2"),
    ],
)
def test_a_wrong_example_is_told_with_its_line(line: str, told: str) -> None:
    content = f"# voor de lezer\ngood\tDe eerste zin.\n\n{line}\npromises\tWij halen alles weg.\n"
    with pytest.raises(InputError) as caught:
        examples.read(content.encode(), "own.examples.txt")
    (problem,) = caught.value.problems
    assert problem.place.line == 4
    assert told in str(problem)
    assert str(problem).startswith("own.examples.txt:4:1: ")


def test_a_sentence_may_have_more_than_one_fault() -> None:
    read = examples.read(f"promises,legal\tZij gaat de cel in.\n{GOOD}\tWij helpen.\n".encode(), "x")
    assert [each.categories for each in read] == [("promises", "legal"), ()]


def test_a_schools_own_rules_do_not_go_by_examples(tmp_path: Path) -> None:
    (tmp_path / "nl.toml").write_text(
        '[[rule]]\nid = "own.x"\ncategory = "tone"\nseverity = "info"\nresembles = 3\nwhy = { nl = "a", en = "b" }\n',
        "utf-8",
    )
    with pytest.raises(InputError, match=r"own\.x\.resembles"):
        comms.check("x", "nl", school=School("Zuiderpoort", review=Review({}, tmp_path)))


# --- What is counted --------------------------------------------------------------------------------------------------


def test_what_stands_in_wrong_sentences_counts_against_a_new_one() -> None:
    weights = weigh(FEW, "nl")
    assert points(sentence("Hij had nooit moeten weten."), weights) > 2
    assert points(sentence("Hij krijgt steun van zijn mentor."), weights) < -2
    assert points(sentence("Morgen is er taart."), weights) == pytest.approx(0, abs=3)


def test_the_category_is_that_of_the_most_alike() -> None:
    weights = weigh(FEW, "nl")
    assert resemblance(sentence("Hij had moeten weten."), weights).category == "victim_blaming"
    assert resemblance(sentence("Wij halen de foto weg."), weights).category == "promises"


def test_a_word_by_itself_is_not_a_pair_of_words() -> None:
    few = [
        Example("jij bent laat", ("guilt",)),
        Example("laat ons weten", ()),
        Example("bent u er", ()),
        Example("jij ook", ()),
    ]
    weights = weigh(few, "nl")
    assert points(sentence("jij bent laat"), weights) > points(sentence("laat bent jij"), weights)


def test_where_it_stands_is_shown() -> None:
    long = "De bus vertrekt om negen uur en wij eten samen, maar ze had nooit moeten sturen."
    found = resemblance(sentence(long), weigh(FEW, "nl"))
    assert sentence(long).words[found.start : found.end][-4:] == ["had", "nooit", "moeten", "sturen"]


def test_the_same_examples_weigh_the_same_in_any_order() -> None:
    turned = weigh(FEW[::-1], "nl")
    for text in ("Hij had nooit moeten weten.", "Wij halen alles weg."):
        assert resemblance(sentence(text), weigh(FEW, "nl")) == resemblance(sentence(text), turned)


@pytest.mark.parametrize(
    "text", ["Ze had beter moeten weten.", "Wij halen alles morgen weg?", "Had zij hulp van haar mentor"]
)
def test_reading_counts_the_very_words_and_pairs_that_were_weighed(text: str) -> None:
    """Reading is written out for speed; it must not drift from what the build counts."""
    table = weigh(FEW, "nl").points
    codes = codes_of(sentence(text))
    found = {place_in(table.bits, each) for position in range(len(codes)) for each in features_at(codes, position)}
    known = {place for place, check in found if table.checks[place] == check}
    expected = sum(table.numbers[place] - MIDDLE for place in known) / PART
    assert known
    assert points(sentence(text), weigh(FEW, "nl")) == expected


def test_without_examples_nothing_weighs_anything() -> None:
    assert points(sentence("Ze had nooit moeten sturen."), NOTHING) == 0


# --- What the review says ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_pattern_finds_is_a_warning(language: str) -> None:
    (found,) = resembling(RESEMBLES[language], language)
    assert (found.rule, found.severity) == ("blame.resembles", "warning")
    assert found.excerpt in RESEMBLES[language]
    assert found.suggestion


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_pattern_finds_is_not_told_twice(language: str) -> None:
    text = {"nl": "Het is haar eigen schuld.", "en": "It is her own fault."}[language]
    found = comms.check(text, language)
    assert "victim_blaming" in [each.category for each in found]
    assert not [each for each in found if each.rule == "blame.resembles"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_quoted_as_wrong_is_left_alone(language: str) -> None:
    lead_in = {"nl": "Wat je nooit zegt:", "en": "What not to say:"}[language]
    assert resembling(f"- {RESEMBLES[language]}", language)
    assert not resembling(f"{lead_in}\n\n- {RESEMBLES[language]}\n", language)


def test_a_school_can_switch_it_off_with_a_reason() -> None:
    off = School("Zuiderpoort", review=Review({"blame.resembles": Adjustment("off", "te vaak", Place("school.yaml"))}))
    assert not resembling(RESEMBLES["nl"], "nl", off)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_few_words_resemble_nothing(language: str) -> None:
    assert not resembling({"nl": "Had ze.", "en": "She had."}[language], language)
