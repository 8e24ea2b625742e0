"""What the pages compare is what drafting each combination of facts would give, and goes through the same gates."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path
from typing import Any, ClassVar

import pytest
from conftest import OPEN, ROOT, incident

import comms
from comms import compose
from comms.document import Block, Message, Passage, Run
from comms.documents import documents
from comms.drafts import drafts_of, reviewed
from comms.errors import ReviewError
from comms.training import compare
from comms.training.compare import Gate, combinations, open_plan, open_texts, with_combination
from comms.training.comparison import comparison

SAMPLES = ROOT / "samples"
ALL = sorted(path.stem for path in SAMPLES.glob("*.yaml") if path.stem != "school")
WHOLE = "03-viral-press-at-the-door"


def sample(name: str) -> comms.Incident:
    return comms.Incident.load(SAMPLES / f"{name}.yaml")


def at(table: compare.Table[Any], number: int) -> Any:
    return table.value(number)


def plans(made: compare.OpenPlan, number: int) -> comms.Plan:
    messages = tuple(at(table, number) for table in made.messages.values())
    return comms.Plan(messages, at(made.actions, number), at(made.warnings, number))


def drafted(given: comms.Incident, name: str, language: str) -> tuple[Passage, ...] | None:
    """A text as drafting gives it, without its review."""
    document, made = documents()[name], comms.plan(given)
    if made.message(document.governed_by).decision == "withhold":
        return None
    return compose.compose(given, made, document, language).passages


def opened(text: compare.OpenText, number: int) -> tuple[Passage, ...] | None:
    said = at(text.texts, number)
    return None if said is None else tuple(text.passages[each] for each in said)


def test_there_are_as_many_combinations_as_the_facts_allow() -> None:
    assert len(combinations()) == 3 * 6 * 4 * 4 * 4 == len(set(combinations()))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", ALL)
def test_every_plan_is_the_plan_of_that_combination(name: str, language: str) -> None:
    given = sample(name)
    made = open_plan(given)
    with comms.ui_language(language):
        if language != "nl":
            made = made.again(given)
        chosen = (
            range(len(combinations())) if name in (WHOLE, "13-update") else random.Random(name).sample(range(1152), 120)
        )
        for number in chosen:
            assert plans(made, number) == comms.plan(with_combination(given, combinations()[number])), number


def test_every_text_is_the_text_of_that_combination() -> None:
    given = sample(WHOLE)
    texts = open_texts(given, open_plan(given), ("nl",), Gate())
    assert {name for name, _language in texts} == {each.id for each in documents().values() if not each.internal}
    for number, combination in enumerate(combinations()):
        other = with_combination(given, combination)
        for (name, language), text in texts.items():
            assert opened(text, number) == drafted(other, name, language), (combination, name)


@pytest.mark.parametrize("name", [name for name in ALL if name != WHOLE])
def test_texts_of_the_other_samples_too(name: str) -> None:
    """One combination for each different text, and some by chance."""
    given = sample(name)
    texts = open_texts(given, open_plan(given), ("nl", "en"), Gate())
    chance = random.Random(name)
    for (document, language), text in texts.items():
        firsts = [next(compare.numbers(where)) for where in text.texts.where]
        for number in {*chance.sample(firsts, min(12, len(firsts))), *chance.sample(range(1152), 6)}:
            other = with_combination(given, combinations()[number])
            assert opened(text, number) == drafted(other, document, language), (number, document, language)


def test_every_text_passes_the_gates_of_drafts() -> None:
    given = sample(WHOLE)
    texts = open_texts(given, open_plan(given), ("nl",), Gate())
    for (name, language), text in texts.items():
        for said, where in zip(text.texts.values, text.texts.where, strict=True):
            if said is None:
                continue
            other = with_combination(given, combinations()[next(compare.numbers(where))])
            (found,) = drafts_of(other, comms.plan(other), [name], [language])
            assert found.passages == tuple(text.passages[each] for each in said)


BLAME = {
    "a sentence": ("students.reach.year", "Had de foto maar niet gestuurd. Dat was niet slim van deze student."),
    "under its heading": ("students.reach.year", "## Dit is er gebeurd\n\nZij heeft het zelf uitgelokt."),
}


def with_own(folder: Path, passage: str, body: str, **changes: Any) -> comms.Incident:
    own = folder / "texts" / "nl"
    own.mkdir(parents=True)
    (own / "own.md.j2").write_text(f'{{% passage "{passage}" %}}\n{body}\n{{% endpassage %}}\n', "utf-8")
    return incident(OPEN, folder, school={"templates": "texts"}, **changes)


@pytest.mark.parametrize("kind", BLAME)
def test_a_text_that_no_draft_may_be_is_on_no_page(kind: str, tmp_path: Path) -> None:
    """The fault stands in a text that only another combination has."""
    given = with_own(tmp_path, *BLAME[kind])
    assert comms.draft(given, ["students"])
    with pytest.raises(ReviewError, match=r"students\.reach\.year"):
        open_texts(given, open_plan(given), ("nl",), Gate())


def test_what_is_good_in_one_case_only_is_read_in_the_other(tmp_path: Path) -> None:
    """A deletion order in a passage that also stands where nobody may be told to delete."""
    given = with_own(
        tmp_path, "students.greeting", "Beste studenten, verwijder de beelden van je telefoon.", police="consulted"
    )
    assert comms.draft(given, ["students"])
    with pytest.raises(ReviewError, match=r"students\.greeting"):
        open_texts(given, open_plan(given), ("nl",), Gate())


def test_a_passage_that_a_school_words_by_a_fact_differs_with_it(tmp_path: Path) -> None:
    """A value in a text is open too, also where it is used as a text and not compared."""
    body = "Dag allemaal ({{ incident.scale|upper }}, {{ incident.police }}, {{ message.reach.code }}),"
    given = with_own(tmp_path, "students.greeting", body)
    text = open_texts(given, open_plan(given), ("nl",), Gate())["students", "nl"]
    for number in random.Random(1).sample(range(1152), 60):
        other = with_combination(given, combinations()[number])
        assert opened(text, number) == drafted(other, "students", "nl"), number


def test_protected_words_hold_in_every_text(tmp_path: Path) -> None:
    given = with_own(tmp_path, "students.reach.year", "Dit speelt in het leerjaar van Sterre.").with_facts(
        protected=("Sterre",)
    )
    assert comms.draft(given, ["students"])
    with pytest.raises(ReviewError):
        open_texts(given, open_plan(given), ("nl",), Gate())


class TestData:
    """What a page looks things up in."""

    LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    def numbers(self, word: str) -> list[int]:
        return [self.LETTERS.find(each) if each in self.LETTERS else ord(each) - 192 + 62 for each in word]

    def look_up(self, table: dict[str, Any], combination: tuple[int, ...]) -> Any:
        where, fact = table["top"], 0
        while where % 2:
            where, fact = self.numbers(table["nodes"][where >> 1])[combination[fact]], fact + 1
        return table["values"][where >> 1]

    def test_leads_each_combination_to_its_plan_and_texts(self) -> None:
        given = sample(WHOLE)
        made = open_plan(given)
        texts = open_texts(given, made, ("nl",), Gate())
        data = comparison(
            given, made, {name: text for (name, _code), text in texts.items()}, dict.fromkeys(compare.FACTS, "")
        )
        all_values = list(compare.values().values())
        for number, combination in enumerate(combinations()):
            places = tuple(each.index(value) for each, value in zip(all_values, combination, strict=True))
            for audience, table in made.messages.items():
                decision, variant, reach, reasons, _conditions = self.look_up(data["plan"][audience], places)
                message = at(table, number)
                assert data["decisions"][decision] == message.decision
                assert data["variants"][variant] == message.variant
                assert data["reaches"][reach] == message.reach.text
                assert [data["reasons"][each] for each in self.numbers(reasons)] == [
                    (each.text, each.provisions) for each in message.reasons
                ]
            for (name, _code), text in texts.items():
                found = self.look_up(data["documents"][name], places)
                sections = data["documents"][name]["sections"]
                said = (
                    None
                    if found is None
                    else tuple(n for each in self.numbers(found) for n in self.numbers(sections[each]))
                )
                assert said == at(text.texts, number)


class TestGate:
    """A passage is good only with what stands above it."""

    QUOTED = Block("bullet", (Run("Had je die foto maar niet gestuurd."),))
    LEADS: ClassVar = {
        "a heading": (Block("heading", (Run("Dit zeg je nooit"),), 2),),
        "a paragraph before a list": (Block("paragraph", (Run("Zeg nooit:"),)),),
        "a list that has begun": (
            Block("paragraph", (Run("Zeg nooit:"),)),
            Block("bullet", (Run("“Zo erg is het niet.”"),)),
        ),
    }
    OTHER = (Block("heading", (Run("Dit vinden wij"),), 2), Block("paragraph", (Run("Wij denken hier zo over."),)))

    def let_through(self, gate: Gate, *passages: tuple[Block, ...]) -> None:
        said = tuple(Passage(f"part.{number}", (), blocks) for number, blocks in enumerate(passages))
        message = Message("students", "nl", "ltr", said, "Testcollege", "2026-11-20")
        gate.let_through(incident(), documents()["students"], "full", frozenset(), message)

    @pytest.mark.parametrize("lead", LEADS)
    def test_what_a_lead_excuses_is_wrong_without_it(self, lead: str) -> None:
        gate = Gate()
        self.let_through(gate, self.LEADS[lead], (self.QUOTED,))
        self.let_through(gate, self.LEADS[lead], (self.QUOTED,))
        with pytest.raises(ReviewError, match=r"part\.1"):
            self.let_through(gate, self.OTHER, (self.QUOTED,))

    def test_a_heading_between_ends_what_a_lead_excuses(self) -> None:
        gate = Gate()
        self.let_through(gate, self.LEADS["a heading"], (self.QUOTED,))
        with pytest.raises(ReviewError, match=r"part\.2"):
            self.let_through(gate, self.LEADS["a heading"], self.OTHER[:1], (self.QUOTED,))

    def test_it_agrees_with_the_review_of_whole_texts(self) -> None:
        """Passages in every order: the gate stops a text exactly when its review does."""
        some = [
            *self.LEADS.values(),
            self.OTHER,
            (self.QUOTED,),
            (Block("paragraph", (Run("De student is dom geweest."),)),),
        ]
        stopped = 0
        gate = Gate()
        for order in permutations(some, 3):
            said = tuple(Passage(f"part.{number}", (), blocks) for number, blocks in enumerate(order))
            message = Message("students", "nl", "ltr", said, "Testcollege", "2026-11-20")
            outcomes = []
            for judge in (
                lambda message: reviewed(incident(), documents()["students"], "full", message, frozenset()),
                lambda message: gate.let_through(incident(), documents()["students"], "full", frozenset(), message),
            ):
                try:
                    judge(message)
                    outcomes.append("good")
                except ReviewError:
                    outcomes.append("stopped")
            assert outcomes[0] == outcomes[1], order
            stopped += outcomes[0] == "stopped"
        assert 0 < stopped < 120
