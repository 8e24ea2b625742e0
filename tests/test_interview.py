"""The guided interview: what it asks, what it understands, and that nothing that was answered is ever lost."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import pty
import random
import re
import resource
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import PROFILE, Ran

import comms
from comms import cli, incident, questions
from comms.fields import Choice, Field, Group, YesNo
from comms.interview import Interview, Stopped, lead
from comms.languages import _

LANGUAGES = ("nl", "en")
NOTHING_KNOWN = ("", "?", "weet niet", "weet ik niet", "WEET NIET", "  ", "don't know", "dont know")
ANSWERS = {
    "school": "school.yaml", "phase": "update", "sent": "teachers, students", "origin": "forwarded", "material": "sexual",
    "scale": "school", "group": "locatie Zuid", "media": "asking", "grave": "attempt", "outside_expert": "yes",
    "victim.role": "student", "victim.age": "minor", "several_victims": "no", "contact_appointed": "yes",
    "victim.consent": "refused", "victim.consent_for": "{press: granted}", "victim.parents": "know",
    "victim.unsafe_at_home": "no", "police": "consulted", "suspect": "staff", "inspector_consulted": "yes",
    "released": "{students: {by: het crisisteam, at: 2026-11-20 14:00}}", "next_update": "2026-11-24 16:00",
    "date": "2026-11-20", "protected": "protected.txt",
}  # fmt: skip
"""An answer to every question, and every question is asked."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a profile and a list of protected words, where the interview is held."""
    (tmp_path / "school.yaml").write_text(yaml.safe_dump(PROFILE, allow_unicode=True), "utf-8")
    (tmp_path / "protected.txt").write_text("Quirijn Zwaluwstaart\n", "utf-8")
    for name in ("COMMS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LANGUAGE", "nl")
    monkeypatch.setattr(os, "fsync", lambda _number: None)  # thousands of files on a slow disk
    monkeypatch.chdir(tmp_path)
    return tmp_path


Sit = Callable[..., Ran]


@pytest.fixture
def sit(desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Sit:
    """``comms new`` over a pipe, with these lines as answers."""

    def sits(lines: list[str], file: str = "nieuw.yaml", language: str = "nl") -> Ran:
        typed = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
        stdin = io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8", errors="surrogateescape", newline="\n")
        monkeypatch.setattr(sys, "stdin", stdin)
        capsys.readouterr()
        code = cli.run(["--ui-language", language, "new", file])
        return Ran(code, *capsys.readouterr())

    return sits


def conversation(answers: dict[str, str], path: Path, language: str = "nl") -> tuple[list[str], dict[str, list[str]]]:
    """The facts in the order in which they are asked when these are the answers, and what was told at each."""
    told: dict[str, list[str]] = {}
    now: list[str] = []
    asks: list[str] = []

    def ask(_prompt: str) -> str:
        assert asks[-1:] != now[-1:], f"{now[-1]}: {told[now[-1]][-1]}"
        asks.append(now[-1])
        return answers.get(now[-1], "")

    def tell(line: str) -> None:
        if line in texts:
            now.append(texts[line])
        if now:
            told.setdefault(now[-1], []).append(line)

    with comms.ui_language(language):
        texts = {_(question.text): fact for fact, _field, question in questions.questions()}
        lead(Interview(path), ask, tell)
    return list(told), told


def asked(answers: dict[str, str], folder: Path) -> list[str]:
    """Which facts are asked after these answers."""
    path = folder / "gevraagd.yaml"
    path.unlink(missing_ok=True)
    return conversation({"school": "school.yaml"} | answers, path)[0]


def lines_for(answers: dict[str, str], folder: Path) -> list[str]:
    """What to type so that each question gets its answer."""
    return [({"school": "school.yaml"} | answers).get(fact, "") for fact in asked(answers, folder)]


def every_fact() -> Iterator[tuple[str, Field]]:
    for each in incident.FIELDS:
        if isinstance(each.kind, Group):
            yield from ((f"{each.name}.{inner.name}", inner) for inner in each.kind.fields)
        else:
            yield each.name, each


def facts_of(path: Path) -> dict[str, Any]:
    """The facts that a file gives, apart from the school."""
    made = comms.Incident.load(path)
    return {each.name: getattr(made, each.name) for each in fields(made) if each.name != "school"}


def no_traceback(ran: Ran) -> bool:
    return "Traceback" not in ran.out + ran.err


# --- What is asked ----------------------------------------------------------------------------------------------------


def test_every_fact_has_a_question_and_every_question_a_fact(desk: Path) -> None:
    facts = [name for name, _field in every_fact()]
    assert sorted(name for name, _field, _question in questions.questions()) == sorted(facts)
    assert set(questions.WRITTEN) == set(facts), "each is written, none falls back on its description"
    assert set(asked(ANSWERS, desk)) == set(facts)


@pytest.mark.parametrize(
    ("kind", "answer", "given"),
    [
        (Choice({"red": "rood", "blue": "blauw"}), "blauw", "blue"),
        (YesNo(incident.YES_NO_LABELS), "2", "yes"),
    ],
)
def test_a_new_fact_is_asked_by_itself(
    kind: Any, answer: str, given: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = Field("weather", kind, "wat voor weer het is", None)
    for module in (incident, questions):
        monkeypatch.setattr(module, "FIELDS", (*incident.FIELDS, added))
    path = desk / "nieuw.yaml"
    order, told = conversation({"school": "school.yaml", "weather": answer}, path)
    assert order[-1] == "weather"
    assert "wat voor weer het is" in told["weather"]
    assert yaml.load(Interview(path).content(finished=True), yaml.BaseLoader)["weather"] == given


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_says_why_and_by_which_provisions(language: str, desk: Path) -> None:
    told = conversation(ANSWERS, desk / "nieuw.yaml", language)[1]
    from comms.policy import provisions

    without = set()
    for fact, lines in told.items():
        (why,) = [line for line in lines if line.startswith(("  Waarom: ", "  Why: "))]
        ids = re.search(r" \(([0-9a-z., ]+)\)$", why)
        if ids is None:
            without.add(fact)
        else:
            assert set(ids[1].split(", ")) <= set(provisions()), fact
    assert without <= {"group", "date"}, "how a text looks, no provision asks for"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_choice_is_numbered_with_its_meaning_and_its_word(language: str, desk: Path) -> None:
    told = conversation(ANSWERS, desk / "nieuw.yaml", language)[1]
    for fact, field in every_fact():
        if isinstance(field.kind, (Choice, YesNo)):
            shown = [re.fullmatch(r"  ([0-9]+)  (.+) \((\w+)\)", line) for line in told[fact]]
            found = [(int(each[1]), each[3]) for each in shown if each]
            assert found == list(enumerate(field.kind.labels, 1)), fact


GRANTED = {"victim.consent": "granted", "grave": "no", "victim.age": "minor", "victim.unsafe_at_home": "no", "scale": "school",
           "media": "asking", "contact_appointed": "yes", "victim.parents": "know"}  # fmt: skip
"""Nothing waits."""
MATTERS: list[tuple[str, dict[str, str], bool]] = [
    ("outside_expert", {}, True),
    ("outside_expert", {"grave": "no"}, False),
    ("outside_expert", {"grave": "attempt"}, True),
    ("outside_expert", {"grave": "death"}, True),
    ("outside_expert", {"grave": "other"}, True),
    ("inspector_consulted", {}, False),
    ("inspector_consulted", {"suspect": "student", "victim.age": "minor"}, False),
    ("inspector_consulted", {"suspect": "outsider", "victim.age": "minor"}, False),
    ("inspector_consulted", {"suspect": "staff"}, True),
    ("inspector_consulted", {"suspect": "staff", "victim.age": "minor"}, True),
    ("inspector_consulted", {"suspect": "staff", "victim.age": "unknown"}, True),
    ("inspector_consulted", {"suspect": "staff", "victim.age": "adult"}, False),
    ("inspector_consulted", {"suspect": "staff", "victim.role": "teacher"}, False),
    ("sent", {}, False),
    ("sent", {"phase": "first"}, False),
    ("sent", {"phase": "update"}, True),
    ("sent", {"phase": "closing"}, True),
    ("victim.parents", {}, True),
    ("victim.parents", {"victim.role": "student", "victim.age": "adult"}, True),
    ("released", {}, True),
    ("released", {"victim.consent": "refused"}, True),
    ("released", GRANTED, False),
    ("released", GRANTED | {"victim.consent_for": "{press: refused}"}, True),
    ("released", {"victim.consent": "granted", "grave": "other"}, True),
    ("next_update", {}, True),
    ("next_update", {"phase": "update"}, True),
    ("next_update", {"phase": "closing"}, False),
    ("police", {}, True),
    ("police", {"origin": "forwarded"}, True),
    ("police", {"origin": "deepfake"}, True),
    ("police", {"origin": "threat"}, True),
    ("group", {}, True),
    ("group", {"scale": "school"}, True),
    ("group", {"scale": "public"}, True),
    ("group", {"scale": "few"}, False),
    ("group", {"scale": "class"}, False),
    ("group", {"scale": "year"}, False),
]


@pytest.mark.parametrize(("fact", "answers", "matters"), MATTERS, ids=[f"{row[0]}-{row[1]}" for row in MATTERS])
def test_a_question_comes_only_when_it_matters(fact: str, answers: dict[str, str], matters: bool, desk: Path) -> None:
    assert (fact in asked(answers, desk)) is matters


UNASKED: list[tuple[dict[str, str], str, str]] = [
    ({"grave": "no"}, "outside_expert", "yes"),
    ({"suspect": "staff", "victim.age": "adult"}, "inspector_consulted", "yes"),
    ({"suspect": "student"}, "inspector_consulted", "yes"),
    ({"phase": "closing", "sent": "students"}, "next_update", "2026-11-24 16:00"),
    ({"scale": "class"}, "group", "locatie Zuid"),
    ({"origin": "threat"}, "police", "reported"),
    ({"victim.role": "teacher"}, "victim.parents", "know"),
    ({"grave": "death"}, "victim.parents", "know"),
    (GRANTED | {"contact_appointed": "no"}, "released", "{students: {by: x, at: y}}"),
    (GRANTED | {"victim.unsafe_at_home": "yes"}, "released", "{students: {by: x, at: y}}"),
    (GRANTED | {"media": "expected"}, "released", "{press: {by: x, at: y}}"),
]


@pytest.mark.parametrize(("answers", "fact", "value"), UNASKED, ids=[f"{row[1]}-{row[0]}" for row in UNASKED])
def test_what_is_not_asked_would_change_no_decision_and_no_step(
    answers: dict[str, str], fact: str, value: str, desk: Path
) -> None:
    """Either the question comes, or the plan is the same whatever the answer would have been."""

    def outcome(text: str) -> object:
        made = comms.plan(comms.Incident.load_text(text, desk / "x.yaml"))
        decided = [(each.audience, each.decision, each.variant) for each in made.messages]
        return decided, [(each.id, each.done) for each in made.actions]

    def with_answer(text: str) -> str:
        table, _dot, name = fact.rpartition(".")
        if not table:
            return f"{fact}: {value}\n" + text
        return text.replace("\nvictim:\n", f"\nvictim:\n  {name}: {value}\n")

    if fact in asked(answers, desk):
        return
    text = Interview(desk / "gevraagd.yaml").content(finished=True)
    assert outcome(with_answer(text)) == outcome(text)


def test_whoever_has_a_message_that_waits_is_asked_whether_it_was_released(desk: Path) -> None:
    dealt = random.Random(5)
    choices = {fact: list(field.kind.labels) for fact, field in every_fact() if isinstance(field.kind, (Choice, YesNo))}
    waiting = 0
    for number in range(120):
        answers = {"school": "school.yaml", "sent": "1 2 3 4 5 6 7 8 9"}
        answers |= {fact: dealt.choice(words) for fact, words in choices.items()}
        answers |= {name: value for name, value in GRANTED.items() if dealt.random() < 0.8}
        answers["victim.consent_for"] = dealt.choice(("", "", "{press: refused}", "{parents: granted}"))
        path = desk / f"wacht{number}.yaml"
        order = conversation(answers, path)[0]
        made = comms.Incident.load_text(Interview(path).content(finished=True), path)
        freed = made.with_facts(released=dict.fromkeys(incident.AUDIENCES, comms.Release("x", "y")))
        before, after = comms.plan(made).messages, comms.plan(freed).messages
        if [each.decision for each in before] != [each.decision for each in after]:
            waiting += 1
            assert "released" in order, answers
    assert waiting > 30


# --- What is understood -----------------------------------------------------------------------------------------------


def possible_words() -> list[tuple[str, str, str, str]]:
    """Every way to give every choice: the language, the fact, what is typed, the word that is meant."""
    rows = []
    for language in LANGUAGES:
        with comms.ui_language(language):
            for fact, field in every_fact():
                if not isinstance(field.kind, (Choice, YesNo)):
                    continue
                labels = {word: _(label).casefold() for word, label in field.kind.labels.items()}
                for number, (word, label) in enumerate(labels.items(), 1):
                    ways = {str(number), word, word.upper(), f"  {word} ", label, label.upper()}
                    for whole in (word, label):
                        ways.add(next(  # the shortest beginning that only this word or its label has
                            whole[:size] for size in range(1, len(whole) + 1)
                            if size == len(whole) or not any(
                                each.startswith(whole[:size])
                                for other, named in labels.items() if other != word for each in (other, named)
                            )
                        ))  # fmt: skip
                    rows += [(language, fact, typed, word) for typed in sorted(ways)]
    return rows


def test_numbers_words_labels_and_beginnings_are_understood(desk: Path) -> None:
    rows = possible_words()
    assert len(rows) > 400
    all_fields = {fact: (field, question) for fact, field, question in questions.questions()}
    wrong = []
    for number, (language, fact, typed, word) in enumerate(rows):
        with comms.ui_language(language):
            interview = Interview(desk / f"woord{number}.yaml")
            try:
                interview.answer(fact, *all_fields[fact], typed)
            except comms.CommsError as error:
                wrong.append((language, fact, typed, str(error)))
                continue
        if interview.answers.get(fact) != word:
            wrong.append((language, fact, typed, interview.answers.get(fact, "")))
    assert wrong == []


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("4", ["teachers"]),
        ("4,5", ["teachers", "students"]),
        ("4 5; 9", ["teachers", "students", "press"]),
        ("docenten, studenten", ["teachers", "students"]),
        ("docenten, sociale media", ["teachers", "social"]),
        ("ouders van het slachtoffer", ["victim_parents"]),
        ("ouders, pers", ["parents", "press"]),
        ("teachers", ["teachers"]),
    ],
)
def test_several_audiences_in_one_answer(typed: str, given: list[str], desk: Path, sit: Sit) -> None:
    sit(["school.yaml", "update", typed])
    found = yaml.load(Path("nieuw.yaml").read_text("utf-8"), yaml.BaseLoader)
    assert found.get("sent") == given


YES_AND_NO = [
    ("victim.age", "yes", "minor"), ("victim.age", "no", "adult"), ("victim.consent", "yes", "granted"),
    ("victim.consent", "no", "refused"), ("victim.parents", "yes", "know"), ("media", "no", "none"),
    ("police", "no", "not_consulted"), ("victim.unsafe_at_home", "yes", "yes"),
    ("contact_appointed", "no", "no"), ("grave", "no", "no"),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("fact", "typed", "given"), YES_AND_NO, ids=[f"{row[0]}-{row[1]}" for row in YES_AND_NO])
def test_a_question_that_can_be_answered_with_yes_or_no_takes_them(
    fact: str, typed: str, given: str, language: str, desk: Path
) -> None:
    own = {"nl": {"yes": "ja", "no": "nee"}, "en": {"yes": "yes", "no": "no"}}[language][typed]
    conversation({"school": "school.yaml", "origin": "forwarded", fact: own}, desk / "x.yaml", language)
    found: Any = yaml.load((desk / "x.yaml").read_text("utf-8"), yaml.BaseLoader)
    for name in fact.split("."):
        found = found[name]
    assert found == given


def test_yes_never_stands_for_more_than_was_asked(desk: Path) -> None:
    """“Is there contact with the police?” - “yes” does not say that they need nothing kept (2.3)."""
    conversation(GRANTED | {"school": "school.yaml", "origin": "forwarded"}, desk / "x.yaml")
    interview = Interview(desk / "x.yaml")
    interview.unknown.discard("police")
    (police,) = [each for each in questions.questions() if each[0] == "police"]
    with suppress(comms.InputError):
        interview.answer(*police, "ja")
    made = comms.Incident.load_text(interview.content(finished=True), desk / "x.yaml")
    (letter,) = comms.draft(made, ["students"])
    assert (letter.decision, letter.variant) == ("send", "full")
    assert "Verwijder" not in letter.text


AMBIGUOUS = [("origin", "d"), ("scale", "0"), ("scale", "7"), ("scale", "-1"), ("scale", "1.0"), ("scale", "xyz"),
             ("media", "²"), ("police", "mijn buurman"), ("grave", "[no]"), ("scale", "null"), ("phase", "null"), ("grave", "{no: yes}"),
             ("date", "20-11-2026"), ("date", "2026-13-01"), ("date", "morgen"), ("next_update", "16:00"),
             ("next_update", "2026-11-24"), ("school", "bestaat-niet.yaml"), ("protected", "weg.txt"),
             ("victim.consent_for", "press: refused"), ("victim.consent_for", "{pers: refused}"),
             ("victim.consent_for", "{press: refused"), ("released", "{students: {by: x}}"), ("released", "ja"),
             ("sent", "leerlingen"), ("school", "[school.yaml]"),
             ("protected", "{a: b}")]  # fmt: skip


@pytest.mark.parametrize(("fact", "typed"), AMBIGUOUS, ids=[f"{fact}-{typed}" for fact, typed in AMBIGUOUS])
def test_an_answer_that_cannot_be_is_told_and_asked_again(fact: str, typed: str, desk: Path, sit: Sit) -> None:
    order = asked(ANSWERS, desk)
    lines = [ANSWERS[each] for each in order]
    place = order.index(fact)
    plain = sit(lines, "gewoon.yaml")
    again = sit([*lines[:place], typed, *lines[place:]], "opnieuw.yaml")
    assert (plain.code, again.code) == (0, 0)
    assert again.err.count("antwoord") > plain.err.count("antwoord"), "it is told"
    assert Path("opnieuw.yaml").read_text("utf-8") == Path("gewoon.yaml").read_text("utf-8"), "nothing is lost"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", NOTHING_KNOWN)
def test_not_knowing_anything_gives_the_cautious_defaults(typed: str, language: str, desk: Path, sit: Sit) -> None:
    ran = sit(["school.yaml", *[typed] * 40], language=language)
    assert ran.code == 0, ran.err
    facts = facts_of(Path("nieuw.yaml"))
    cautious = {"scale": "unknown", "media": "expected", "grave": "other", "several_victims": True}
    least = comms.Incident.from_dict({"school": PROFILE} | cautious)
    assert facts == {name: getattr(least, name) for name in facts}


def test_not_knowing_where_the_profile_is_does_not_end_the_interview_for_good(desk: Path, sit: Sit) -> None:
    """A school must be named: it is asked until it is, or at the latest when the interview goes on."""
    first = sit([""] * 60)
    assert no_traceback(first)
    sit(["school.yaml", *[""] * 60])
    assert facts_of(Path("nieuw.yaml"))["scale"] == "unknown"


def test_a_profile_that_is_wrong_can_be_mended_and_nothing_is_lost(desk: Path, sit: Sit) -> None:
    Path("stuk.yaml").write_text("naam: x\n", "utf-8")
    lines = lines_for(ANSWERS, desk)
    ran = sit(["stuk.yaml", *lines[1:]])
    assert (ran.code, ran.out) == (2, "")
    assert "locatie Zuid" in ran.err
    Path("stuk.yaml").write_text(yaml.safe_dump(PROFILE), "utf-8")
    again = sit([])
    assert again.code == 0, again.err
    assert comms.Incident.load("nieuw.yaml").group == "locatie Zuid"


AS_TYPED = [
    "null", "Null", "NULL", "~", "yes", "no", "true", "12:30", "0123", "1e3", "0x1F", "2026-11-20", ".inf", "=", "<<",
    "it's", 'zij zei "nee"', "\"half", "'half", "a: b", "a:", ": a", "# geen commentaar", "a # b", "a #b", "- streep",
    "-", "---", "...", "? x", "! uitroep", "&anker", "*ster", "%procent", "@apen", "`terug`", "|", ">", ">-", ", a", "]",
    "}", "[Zuid]", "{Zuid}", "[", "{", "[a, b", "{a: b}", "\\", "\\n", "a\\", '\\"', "a\tb", "é ü 😀 العربية", "a  b",
    "{{ school.name }}", "<b>vet</b>", "locatie Zuid, gebouw 3", "x" * 5000, "y z " * 2500 + "y", "1", "# ? group", "# ...",
]  # fmt: skip


@pytest.mark.parametrize("typed", AS_TYPED, ids=[each[:20] for each in AS_TYPED])
def test_a_text_comes_back_as_typed(typed: str, desk: Path, sit: Sit) -> None:
    lines = lines_for({"group": "locatie Zuid", "scale": "school", "media": "none"}, desk)
    ran = sit([typed if line == "locatie Zuid" else line for line in lines])
    assert ran.code == 0, ran.err
    assert comms.Incident.load("nieuw.yaml").group == typed


@pytest.mark.parametrize("typed", AS_TYPED, ids=[each[:20] for each in AS_TYPED])
def test_who_released_a_message_comes_back_as_typed(typed: str, desk: Path, sit: Sit) -> None:
    inside = "'" + typed.replace("'", "''") + "'"
    answer = f"{{students: {{by: {inside}, at: {inside}}}}}"
    lines = lines_for({"released": "{}", "media": "none"}, desk)
    ran = sit([answer if line == "{}" else line for line in lines])
    assert ran.code == 0, ran.err
    assert comms.Incident.load("nieuw.yaml").released["students"] == (typed, typed)


ODD = ["a\x85b", "a\u2028b", "a\u2029b", "a\x00b", "a\x1bb", "a\x7fb", "\x07", "a\ufeffb", "\ufffe", "a\x0bb"]


@pytest.mark.parametrize("typed", ODD, ids=[ascii(each) for each in ODD])
def test_a_control_character_is_refused_or_comes_back_and_moves_no_other_answer(
    typed: str, desk: Path, sit: Sit
) -> None:
    """Stopped after it and taken up again, all other answers are what they were."""
    order = asked(ANSWERS, desk)
    lines = [ANSWERS[each] for each in order]
    place = order.index("group")
    first = sit([*lines[:place], typed, "stop"])
    assert (first.code, no_traceback(first)) == (0, True)
    taken = Interview(Path("nieuw.yaml"))
    rest = [ANSWERS[fact] for fact, _field, _question in questions.questions() if fact in order[place:]]
    if "group" in taken.answers:
        rest = rest[1:]
    half = len(rest) // 2
    sit([*rest[:half], "stop"])
    last = sit(rest[half:])
    assert last.code == 0, last.err
    facts = facts_of(Path("nieuw.yaml"))
    sit(lines, "gewoon.yaml")
    plain = facts_of(Path("gewoon.yaml"))
    assert facts.pop("group") in (typed, "locatie Zuid")
    plain.pop("group")
    assert facts == plain


# Bytes that are no UTF-8 are the same to Python in the UTF-8 mode and in a locale; both are tried.
@pytest.mark.parametrize("environment", [{"PYTHONUTF8": "1"}, {"PYTHONIOENCODING": "utf-8:strict"}, {"LC_ALL": "C"}])
@pytest.mark.parametrize("fact", ["group", "released", "school", "scale"])
def test_bytes_that_are_no_text_are_refused_or_shown_and_lose_nothing(
    fact: str, environment: dict[str, str], desk: Path
) -> None:
    order = asked({"scale": "school", "media": "none"}, desk)
    before = [{"school": "school.yaml", "scale": "school"}.get(each, "") for each in order[: order.index(fact)]]
    odd = b"{students: {by: 'a\xffb', at: y}}" if fact == "released" else b"a\xff\xfeb"
    typed = b"".join(line.encode() + b"\n" for line in before) + odd + b"\nstop\n"
    ran = in_process("nieuw.yaml", cwd=desk, typed=typed, **environment)
    assert b"Traceback" not in ran.stderr, ran.stderr[-400:].decode()
    assert ran.returncode == 0
    Interview(desk / "nieuw.yaml")


# --- Stopping and going on --------------------------------------------------------------------------------------------


def in_process(
    *arguments: str, cwd: Path, typed: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "comms.cli", "new", *arguments], cwd=cwd, input=typed, capture_output=True, check=False,
        timeout=60, env=clean() | environment,
    )  # fmt: skip


def clean() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("COMMS_", "LC_", "LANG", "PYTHON"))
    }


@pytest.mark.parametrize(
    ("ending", "language"), [("stop", "nl"), (None, "nl"), ("quit", "en")], ids=["stop", "end-of-file", "quit"]
)
def test_stopped_at_any_question_it_goes_on_exactly_there(
    ending: str | None, language: str, desk: Path, sit: Sit
) -> None:
    order, told = conversation(ANSWERS, desk / "vragen.yaml", language)
    first_lines = [told[fact][0] for fact in order]
    lines = [ANSWERS[fact] for fact in order]
    whole = sit(lines, "heel.yaml", language)
    assert whole.code == 0
    for stopped in range(len(lines)):
        name = f"deel{stopped}.yaml"
        first = sit([*lines[:stopped], *([ending] if ending else [])], name, language)
        assert (first.code, first.out) == (0, "")
        assert first_lines[stopped] in first.err
        assert f"comms new {name}" in first.err
        if stopped == 0:
            assert not Path(name).exists()
        else:
            yaml.load(Path(name).read_text("utf-8"), yaml.BaseLoader)
        rest = sit(lines[stopped:], name, language)
        shown = [line for line in rest.err.splitlines() if line in first_lines]
        assert shown == first_lines[stopped:], f"after question {stopped}"
        assert (rest.code, rest.out) == (0, whole.out)
        assert Path(name).read_bytes() == Path("heel.yaml").read_bytes()
    assert not list(desk.glob(".comms-*"))


def test_unknown_answers_are_not_asked_again_after_a_stop(desk: Path, sit: Sit) -> None:
    order = asked({}, desk)
    lines = lines_for({}, desk)
    sit(lines, "heel.yaml")
    for stopped in range(1, len(order)):
        name = f"deel{stopped}.yaml"
        sit([*lines[:stopped], "stop"], name)
        assert sit(lines[stopped:], name).code == 0
        assert Path(name).read_bytes() == Path("heel.yaml").read_bytes(), order[stopped]


def test_ctrl_c_at_any_question_keeps_what_was_answered(desk: Path) -> None:
    order = asked(ANSWERS, desk)
    lines = [ANSWERS[fact] for fact in order]
    assert in_process("heel.yaml", cwd=desk, typed="".join(f"{line}\n" for line in lines).encode()).returncode == 0
    for stopped in range(0, len(lines), 2):
        name = f"deel{stopped}.yaml"
        with subprocess.Popen(
            [sys.executable, "-m", "comms.cli", "new", name], cwd=desk, env=clean(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            assert process.stdin
            assert process.stderr
            process.stdin.write("".join(f"{line}\n" for line in lines[:stopped]).encode())
            process.stdin.flush()
            told = b""
            while told.count(b"> ") <= stopped:
                told += os.read(process.stderr.fileno(), 65536)
            process.send_signal(signal.SIGINT)
            out, rest = process.communicate(timeout=30)
        assert (process.returncode, out) == (130, b"")
        assert b"Traceback" not in told + rest
        assert f"comms new {name}".encode() in rest
        assert sorted(Interview(desk / name).answers) == sorted(order[:stopped])
        again = in_process(name, cwd=desk, typed="".join(f"{line}\n" for line in lines[stopped:]).encode())
        assert again.returncode == 0
        assert (desk / name).read_bytes() == (desk / "heel.yaml").read_bytes()


def test_back_asks_the_last_question_again(desk: Path, sit: Sit) -> None:
    lines = [ANSWERS[fact] for fact in asked(ANSWERS, desk)]
    sit(lines, "heel.yaml")
    for place in range(1, len(lines)):
        word = ("terug", "back", "TERUG", " back ")[place % 4]
        detour = sit([*lines[:place], word, *lines[place - 1 :]], f"terug{place}.yaml")
        assert detour.code == 0, detour.err
        assert Path(f"terug{place}.yaml").read_bytes() == Path("heel.yaml").read_bytes(), place


def test_back_to_the_first_question_and_no_further(desk: Path, sit: Sit) -> None:
    lines = [ANSWERS[fact] for fact in asked(ANSWERS, desk)]
    sit(lines, "heel.yaml")
    assert sit(["terug", "terug", *lines[:9], *["terug"] * 12, *lines]).code == 0
    assert Path("nieuw.yaml").read_bytes() == Path("heel.yaml").read_bytes()


def test_back_over_an_answer_that_was_not_known_and_after_a_stop(desk: Path, sit: Sit) -> None:
    lines = lines_for({"phase": "update"}, desk)
    sit(lines, "heel.yaml")
    sit([*lines[:1], "", "stop"])
    assert sit(["terug", *lines[1:]]).code == 0
    assert Path("nieuw.yaml").read_bytes() == Path("heel.yaml").read_bytes()


def test_going_back_and_choosing_otherwise_leaves_no_answer_that_no_longer_matters(desk: Path, sit: Sit) -> None:
    order = asked({"grave": "death"}, desk)
    upto = order.index("outside_expert") + 1
    lines = lines_for({"grave": "death", "outside_expert": "yes"}, desk)[:upto]
    after = lines_for({"grave": "no"}, desk)
    ran = sit([*lines, "terug", "terug", *after[asked({"grave": "no"}, desk).index("grave") :]])
    assert ran.code == 0, ran.err
    assert "outside_expert" not in Path("nieuw.yaml").read_text("utf-8")


# --- The file and the plan --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_finished_file_is_commented_loads_and_says_what_was_answered(language: str, desk: Path, sit: Sit) -> None:
    ran = sit([ANSWERS[fact] for fact in asked(ANSWERS, desk)], language=language)
    text = Path("nieuw.yaml").read_text("utf-8")
    expected: dict[str, Any] = {}
    for fact, value in ANSWERS.items():
        table, _dot, name = fact.rpartition(".")
        (expected.setdefault(table, {}) if table else expected)[name] = yaml.load(value, yaml.BaseLoader)
    expected["sent"] = ["teachers", "students"]
    wanted = comms.Incident.from_dict(expected, base=desk)
    assert comms.Incident.load("nieuw.yaml") == wanted
    with comms.ui_language(language):
        comments = [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
        for _fact, field in every_fact():
            assert any(line.startswith("# " + _(field.about)) for line in comments), field.name
        assert "\n".join(comms_plan(wanted)) == ran.out.rstrip("\n")
    assert "nieuw.yaml" in ran.err
    assert "..." not in [line.lstrip("# ") for line in text.splitlines()]


def comms_plan(made: comms.Incident) -> list[str]:
    from comms.presentation import plan_lines

    return list(plan_lines(made, comms.plan(made)))


@pytest.mark.parametrize(
    "content",
    [b"school: school.yaml\nscale: few\nmedia: none\n", b"", b"# een eigen bestand\n", b"geen yaml: [", b"\xff\xfe\x00",
     b"# ....\nschool: x\n", b"\n# ...\nschool: school.yaml\n"],
    ids=["incident", "empty", "comment", "broken", "bytes", "nearly", "later"],
)  # fmt: skip
def test_a_file_that_no_interview_made_is_refused_and_untouched(content: bytes, desk: Path, sit: Sit) -> None:
    Path("nieuw.yaml").write_bytes(content)
    ran = sit(["school.yaml", *[""] * 40])
    assert (ran.code, ran.out, no_traceback(ran)) == (3, "", True)
    assert "nieuw.yaml" in ran.err
    assert Path("nieuw.yaml").read_bytes() == content


def test_a_finished_interview_is_not_begun_again(desk: Path, sit: Sit) -> None:
    lines = lines_for(ANSWERS, desk)
    sit(lines)
    before = Path("nieuw.yaml").read_bytes()
    ran = sit(lines)
    assert (ran.code, ran.out) == (3, "")
    assert Path("nieuw.yaml").read_bytes() == before


def test_without_a_name_it_takes_up_what_is_unfinished_or_the_first_free_name(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def new(*lines: str) -> int:
        typed = "".join(f"{line}\n" for line in lines).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
        return cli.run(["new"])

    assert new("school.yaml", "stop") == 0
    assert new(*[""] * 40) == 0
    first = Path("incident.yaml").read_bytes()
    assert new("school.yaml", "stop") == 0
    assert Path("incident-2.yaml").exists()
    assert new(*[""] * 40) == 0
    assert new(*[""] * 40) == 0
    assert sorted(each.name for each in desk.glob("incident*")) == [
        "incident-2.yaml",
        "incident-3.yaml",
        "incident.yaml",
    ]
    assert Path("incident.yaml").read_bytes() == first


def test_an_unfinished_file_is_no_incident_yet_or_says_that_it_is_unfinished(desk: Path, sit: Sit) -> None:
    sit(["school.yaml", "stop"])
    assert "comms new nieuw.yaml" in Path("nieuw.yaml").read_text("utf-8")
    with pytest.raises(comms.InputError):
        comms.Incident.load("nieuw.yaml")


def test_a_folder_that_is_not_there_is_made_and_paths_start_at_the_file(desk: Path, sit: Sit) -> None:
    ran = sit(["../../school.yaml", *[""] * 40], "zaken/een/nieuw.yaml")
    assert ran.code == 0, ran.err
    assert comms.Incident.load("zaken/een/nieuw.yaml").school.name == "Testcollege"


def test_where_nothing_can_be_written_the_answers_are_shown(desk: Path, sit: Sit) -> None:
    Path("bestand").write_text("x")
    Path("map").mkdir()
    (Path("map") / "school.yaml").write_bytes(Path("school.yaml").read_bytes())
    ran = sit(["school.yaml"], "bestand/nieuw.yaml")
    assert no_traceback(ran)
    assert ran.code in (0, 3)
    found = sit(["", "update"], "/proc/nieuw.yaml")
    assert (found.code, found.out, no_traceback(found)) == (3, "", True)
    assert "school: " in found.err
    assert sorted(each.name for each in desk.iterdir() if each.name.startswith(".")) == []


@pytest.mark.parametrize("answered", [1, 5, 12, len(ANSWERS)])
def test_a_full_disk_loses_no_answer_and_leaves_no_half_file(
    answered: int, desk: Path, sit: Sit, monkeypatch: Any
) -> None:
    lines = [ANSWERS[fact] for fact in asked(ANSWERS, desk)]
    sit([*lines[: answered - 1], "stop"])
    before = Path("nieuw.yaml").read_bytes() if answered > 1 else b""

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        ran = sit(lines[answered - 1 :])
    assert (ran.code, ran.out, no_traceback(ran)) == (3, "", True)
    shown = "\n".join(line for line in ran.err.splitlines() if ": " in line)
    for fact, line in list(zip(asked(ANSWERS, desk), lines, strict=True))[:answered]:
        assert line in shown or fact == "sent", fact
    assert (Path("nieuw.yaml").read_bytes() if answered > 1 else b"") == before
    assert [each.name for each in desk.iterdir() if each.name.startswith(".comms")] == []
    assert sit(lines[answered - 1 :]).code == 0, "with room again it goes on"


def test_a_disk_that_really_is_full_is_told(desk: Path) -> None:
    """A limit on the size of files stands in for it; the file of before stays whole.

    No bytecode is written under it: Python would leave a cut off file in its cache.
    """
    lines = [ANSWERS[fact] for fact in asked(ANSWERS, desk)]
    ran = subprocess.run(
        [sys.executable, "-m", "comms.cli", "new", "nieuw.yaml"], cwd=desk, timeout=60, capture_output=True,
        env=clean() | {"PYTHONDONTWRITEBYTECODE": "1"},
        input="".join(f"{line}\n" for line in lines).encode(), check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700)),
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (3, b"")
    assert b"Traceback" not in ran.stderr
    kept = Interview(desk / "nieuw.yaml").answers
    assert 1 <= len(kept) < len(ANSWERS)
    assert all(f"{value}".encode() in ran.stderr for value in kept.values())


def test_a_protected_word_in_an_answer_stops_and_is_not_repeated(desk: Path, sit: Sit) -> None:
    answers = {"group": "de groep van quirijn ZWALUWSTAART", "scale": "school", "protected": "protected.txt"}
    ran = sit(lines_for(answers, desk))
    assert ran.code == 2
    assert "beschermd woord" in ran.err
    assert "zwaluwstaart" not in (ran.out + ran.err).casefold()


def test_after_a_protected_word_in_an_answer_the_interview_can_be_mended(desk: Path, sit: Sit) -> None:
    answers = {"group": "de groep van Quirijn Zwaluwstaart", "scale": "school", "protected": "protected.txt"}
    sit(lines_for(answers, desk))
    order = asked(answers, desk)
    backs = len(order) - order.index("group")
    rest = lines_for(answers | {"group": "locatie Zuid"}, desk)[order.index("group") :]
    ran = sit([*["terug"] * backs, *rest])
    assert ran.code == 0, ran.err


# --- Anything at all --------------------------------------------------------------------------------------------------

PIECES = [
    "", "?", "1", "2", "3", "4", "9", "terug", "back", "ja", "nee", "yes", "no", "unknown", "sexual", "threat", "death",
    "staff", "update", "closing", "school.yaml", "protected.txt", "{press: refused}", "[1, 2]", "{", "[", "null", "~", '"',
    "'", "\\", ":", "#", "# ?", "# ...", "- x", "2026-11-20", "2026-11-24 16:00", "\t", "\x85", "\u2028", "\x00", "\x1b[2J",
    "é", "😀", "x" * 300, "{a: {b: c}}", "{students: {by: x, at: y}}", "!!python/object", "&a", "*a", "docenten, ouders",
    "../school.yaml", ".", "/",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", range(3))
def test_whatever_is_typed_the_file_loads_or_goes_on(part: int, language: str, desk: Path, sit: Sit) -> None:
    dealt = random.Random(f"{part} {language}")
    failed = []
    finished = 0
    for session in range(50):
        name = f"gok{session}.yaml"
        lines = ["school.yaml"] * (dealt.random() < 0.8)
        for _line in range(dealt.randrange(5, 60)):
            pieces = 1 if dealt.random() < 0.8 else 3
            lines.append("".join(dealt.choice(PIECES) for _piece in range(pieces)).replace("\n", ""))
        if dealt.random() < 0.5:
            lines += [""] * 40
        try:
            ran = sit(lines, name, language)
            good = ran.code in (0, 2) and no_traceback(ran)
            if good and ran.out:
                finished += 1
                comms.Incident.load(name)
            elif good and Path(name).exists():
                Interview(Path(name))
        except Exception as error:
            failed.append((type(error).__name__, str(error)[:80], lines[:12]))
            continue
        if not good:
            failed.append(("code", ran.err[-200:], lines[:12]))
    assert finished > 5
    assert failed[:2] == [], len(failed)


# --- At a terminal ----------------------------------------------------------------------------------------------------


class Terminal:
    """A process at a terminal of its own: what it shows, and keys for it."""

    def __init__(self, desk: Path, *arguments: str) -> None:
        self.mine, theirs = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comms.cli", *arguments], cwd=desk, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, env=clean() | {"TERM": "xterm", "COMMS_LANG": "nl"},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(theirs)

    def until(self, text: str) -> None:
        while text not in self.shown:
            assert select.select([self.mine], [], [], 30)[0], f"waits for {text}: {self.shown[-300:]}"
            try:
                self.shown += os.read(self.mine, 65536).decode("utf-8", "replace")
            except OSError:
                raise AssertionError(f"ended before {text}: {self.shown[-300:]}") from None

    def type(self, keys: str) -> None:
        self.shown = ""
        os.write(self.mine, keys.encode())

    def ends(self) -> int:
        while select.select([self.mine], [], [], 30)[0]:
            try:
                read = os.read(self.mine, 65536)
            except OSError:
                break
            if not read:
                break
            self.shown += read.decode("utf-8", "replace")
        return self.process.wait(30)

    def close(self) -> None:
        os.close(self.mine)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def test_at_a_terminal_it_is_a_conversation(desk: Path) -> None:
    order, told = conversation(ANSWERS, desk / "vragen.yaml")
    with closing(Terminal(desk, "new", "nieuw.yaml")) as screen:
        for fact in order[:3]:
            screen.until(told[fact][0])
            screen.until("> ")
            screen.type(ANSWERS[fact] + "\r")
        screen.until("> ")
        screen.type("\x03")
        assert screen.ends() == 130
        assert "comms new nieuw.yaml" in screen.shown
    with closing(Terminal(desk, "new", "nieuw.yaml")) as screen:
        screen.until(told[order[3]][0])
        screen.until("> ")
        screen.type("\x04")
        assert screen.ends() == 0
    with closing(Terminal(desk, "new", "nieuw.yaml")) as screen:
        for fact in order[3:]:
            screen.until(told[fact][0])
            screen.until("> ")
            screen.type(ANSWERS[fact] + "\r")
        assert screen.ends() == 0
        assert "Plan voor Testcollege" in screen.shown
        assert "Opgeslagen in nieuw.yaml" in screen.shown
    assert comms.Incident.load(desk / "nieuw.yaml").group == "locatie Zuid"


# --- Without a terminal -----------------------------------------------------------------------------------------------


def test_another_program_can_lead_the_interview_and_stop_it(desk: Path) -> None:
    interview = Interview(desk / "nieuw.yaml")
    typed = iter(["school.yaml", "eerste", "stop"])
    told: list[str] = []
    with pytest.raises(Stopped):
        lead(interview, lambda _prompt: next(typed), told.append)
    assert interview.answers == {"school": "school.yaml", "phase": "first"}
    assert Interview(desk / "nieuw.yaml").answers == interview.answers
