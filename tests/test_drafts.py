"""What the drafts say: the table of the policy over a grid of incidents, and the gates that every draft goes through.

The table stands here a second time, written from the policy alone; it shares nothing with the package.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from conftest import DRAFTED, HELD, OPEN, PROFILE, ROOT, draft, incident, letters, said
from test_docx import shown

import comms

ROLES = ("student", "teacher")
AGES = ("minor", "adult", "unknown")
HOMES = ("no", "yes", "unknown")
PHASES = ("first", "update", "closing")
SCALES = ("few", "class", "year", "school", "public", "unknown")
MEDIA = ("none", "expected", "asking", "published")
POLICE = ("not_consulted", "consulted", "preserve", "reported")
MATERIAL = ("sexual", "other", "unknown")
ORIGINS = ("forwarded", "deepfake", "unknown")
GRAVE = ("no", "attempt", "death", "other")
CONSENT = ("granted", "refused", "not_asked")
MESSAGES = ROOT / "templates" / "messages"
IN_GRID = tuple(each for each in (*DRAFTED, "social") if (MESSAGES / f"{each}.md.j2").is_file())
"""A short text for social media is held to the same rules, where there is one."""


@dataclass(frozen=True)
class Case:
    """A draft with the facts that it came from, its text in one piece, and what everyone got."""

    facts: comms.Incident
    draft: comms.Draft
    text: str
    carried: frozenset[str]
    outcomes: dict[str, tuple[str, str]]

    @property
    def full(self) -> bool:
        return self.draft.variant == "full"

    def __repr__(self) -> str:
        facts = self.facts
        words = (facts.phase, facts.scale, facts.media, facts.police, facts.material, facts.origin, facts.grave)
        return f"<{self.draft.audience} {self.draft.variant}: {' '.join(words)} {facts.victim.role}>"


def cases_of(facts: comms.Incident, language: str = "nl") -> list[Case]:
    outcomes = {each.audience: (each.decision, each.variant) for each in comms.plan(facts).messages}
    return [
        Case(facts, found, said(found), frozenset(id for each in found.passages for id in each.provisions), outcomes)
        for found in comms.draft(facts, IN_GRID, [language])
    ]


@cache
def base() -> comms.Incident:
    return incident(sent=list(IN_GRID), outside_expert=True)


def variation(consent: str, role: str, age: str = "adult", home: str = "no", **facts: Any) -> comms.Incident:
    victim = comms.Victim(role=role, age=age, consent=consent, unsafe_at_home=home, parents="know")  # type: ignore[arg-type]
    return base().with_facts(victim=victim, **facts)


def incidents() -> Iterator[comms.Incident]:
    """Each full text in every combination of what its words hang on, the rest dealt round; a sample of other cases."""
    dealt = random.Random(1)
    for phase, material, origin, role, grave in product(PHASES, MATERIAL, ORIGINS, ROLES, ("no", "other")):
        for police, media, scale in zip(
            dealt.sample(POLICE, 4), dealt.sample(MEDIA, 4), dealt.sample(SCALES, 4), strict=True
        ):
            yield variation(
                "granted", role, phase=phase, material=material, origin=origin, grave=grave, police=police,
                media=media, scale=scale, next_update=dealt.choice((None, datetime(2026, 11, 24, 16, 0))),
            )  # fmt: skip
    for phase, scale, media, police, grave, consent in product(PHASES, SCALES, MEDIA, POLICE, GRAVE, CONSENT):
        if dealt.random() < 0.17:
            yield variation(
                consent, dealt.choice(ROLES), dealt.choice(AGES), dealt.choice(("no", "no", "yes", "unknown")),
                phase=phase, scale=scale, media=media, police=police, grave=grave,
                material=dealt.choice(MATERIAL), origin=dealt.choice(ORIGINS),
            )  # fmt: skip


@pytest.fixture(scope="module")
def grid() -> list[Case]:
    return [case for facts in incidents() for case in cases_of(facts)]


@pytest.fixture(scope="module")
def english() -> list[Case]:
    return [case for facts in list(incidents())[::4] for case in cases_of(facts, "en")]


def wrong(grid: list[Case], holds: Callable[[Case], bool]) -> list[Case]:
    """The first few cases for which it does not hold; an empty list is what a test wants."""
    return [case for case in grid if not holds(case)][:5]


# --- The grid itself --------------------------------------------------------------------------------------------------


def test_the_grid_is_large_and_every_passage_is_spoken_in_it(grid: list[Case]) -> None:
    assert 2500 < len(grid) < 6000
    spoken = {passage.id for case in grid for passage in case.draft.passages}
    # Parents may be told what students are not, when the victim wants it so.
    apart = {"victim": OPEN["victim"] | {"consent_for": {"students": "refused"}}, "scale": "class", "media": "none"}
    spoken |= {each.id for found in letters(incident(OPEN | apart)) for each in found.passages}
    spoken |= {"salutation.own", "salutation.name"}  # in letters to one recipient: test_merge.py
    templates = [*MESSAGES.glob("*.md.j2"), *MESSAGES.glob("shared/*.md.j2")]
    assert {each for path in templates for each in re.findall(r'passage "([^"]+)"', path.read_text("utf-8"))} == spoken
    for audience in DRAFTED:
        for variant in ("full", "minimal"):
            for phase in PHASES:
                assert any(
                    (case.draft.audience, case.draft.variant, case.facts.phase) == (audience, variant, phase)
                    for case in grid
                ), f"{audience} {variant} {phase}"


# --- The table of say provisions, from the policy ---------------------------------------------------------------------


def _full(case: Case) -> bool:
    return case.full


def _always(_case: Case) -> bool:
    return True


def _alive(case: Case) -> bool:
    return case.full and case.facts.grave != "death"


def _deletion(case: Case) -> bool:
    return _alive(case) and case.facts.police in ("consulted", "reported")


SAYS: list[tuple[str, str, Callable[[Case], bool]]] = [
    ("3.general.5", "website", _always),
    *[("3.general.5", "social", _always)] * ("social" in IN_GRID),
    ("3.parents.2", "parents", _full),
    ("3.parents.3", "parents", _full),
    ("3.students.3", "students", _full),
    ("3.students.4", "students", lambda case: case.full and case.facts.grave == "no"),
    ("3.students.5", "students", _alive),
    ("3.students.6a", "students", _deletion),
    ("3.students.8", "students", _deletion),
    ("3.students.6b", "students", _always),
    ("3.students.9", "students", _always),
    ("3.students.7", "students", _alive),
    ("3.teachers.1", "teachers", _always),
]
CLOSING_MAY_OMIT = ("3.students.4", "3.students.5")
ONLY_THERE = ("3.students.4", "3.students.5", "3.students.6a", "3.students.8", "3.parents.2", "3.parents.3")
"""What no other audience's text carries either."""


@pytest.mark.parametrize(("provision", "audience", "applies"), SAYS, ids=[f"{row[0]}-{row[1]}" for row in SAYS])
def test_what_must_be_said_is_said_where_it_applies_and_nowhere_else(
    provision: str, audience: str, applies: Callable[[Case], bool], grid: list[Case]
) -> None:
    mine = [case for case in grid if case.draft.audience == audience]
    must = [case for case in mine if applies(case)]
    assert must
    optional = provision in CLOSING_MAY_OMIT
    assert wrong(must, lambda case: provision in case.carried or (optional and case.facts.phase == "closing")) == []
    others = [case for case in mine if not applies(case)]
    assert wrong(others, lambda case: provision not in case.carried) == []
    if provision in ONLY_THERE:
        assert wrong(grid, lambda case: provision not in case.carried or case.draft.audience == audience) == []


def test_no_blame_is_asked_of_nobody_in_a_minimal_text_or_after_a_death(grid: list[Case]) -> None:
    bare = [case for case in grid if not case.full or case.facts.grave == "death"]
    assert bare
    assert wrong(bare, lambda case: "3.students.7" not in case.carried) == []


def test_the_plan_asks_for_exactly_what_the_table_says(grid: list[Case]) -> None:
    def rows(case: Case) -> set[str]:
        left_out = CLOSING_MAY_OMIT if case.facts.phase == "closing" else ()
        return {id for id, who, applies in SAYS if who == case.draft.audience and applies(case) and id not in left_out}

    assert wrong(grid, lambda case: set(case.draft.planned.says) - set(CLOSING_MAY_OMIT) <= case.carried) == []
    assert wrong(grid, lambda case: rows(case) <= set(case.draft.planned.says)) == []


# --- Words ------------------------------------------------------------------------------------------------------------


def test_the_order_to_delete_waits_for_the_police(grid: list[Case]) -> None:
    students = [case for case in grid if case.draft.audience == "students"]
    allowed = [case for case in students if _deletion(case)]
    assert wrong(allowed, lambda case: "verwijder" in case.text.lower()) == []
    words = ("verwijder", "prullenbak", "gooi ze weg", "bewaar ze niet")
    others = [case for case in students if not _deletion(case)]
    assert wrong(others, lambda case: not any(word in case.text.lower() for word in words)) == []


def test_nobody_else_orders_or_mentions_deletion_unless_students_were_told_to(grid: list[Case]) -> None:
    def told(case: Case) -> bool:
        return case.outcomes["students"] == ("send", "full") and case.facts.police in ("consulted", "reported")

    others = [case for case in grid if case.draft.audience != "students"]
    mentions = [case for case in others if re.search(r"\b(ge)?wissen\b|verwijder", case.text)]
    assert mentions
    assert wrong(mentions, told) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_113_is_named_exactly_after_an_attempt_or_a_death(
    language: str, grid: list[Case], request: pytest.FixtureRequest
) -> None:
    cases = grid if language == "nl" else request.getfixturevalue("english")
    grave = ("attempt", "death")
    assert wrong(cases, lambda case: bool(re.search(r"\b113\b", case.text)) == (case.facts.grave in grave)) == []
    assert any(case.facts.grave in grave for case in cases)


def test_nothing_sexual_is_said_unless_it_is_and_never_in_a_minimal_text(grid: list[Case]) -> None:
    said_so = [case for case in grid if "seksu" in case.text.lower()]
    assert said_so
    assert wrong(said_so, lambda case: case.full and case.facts.material == "sexual") == []


@pytest.mark.parametrize("word", ["Openbaar Ministerie", "strafbaar feit"])
def test_an_offence_is_named_only_with_sexual_images(word: str, grid: list[Case]) -> None:
    named = [case for case in grid if word in case.text]
    assert named
    assert wrong(named, lambda case: case.full and case.facts.material == "sexual") == []


def test_the_description_is_of_a_student_or_of_a_teacher(grid: list[Case]) -> None:
    other = {"student": "een docent van", "teacher": "een student van"}
    mine = {"student": "een student van", "teacher": "een docent van"}
    assert wrong(grid, lambda case: other[case.facts.victim.role] not in case.text) == []
    told = [case for case in grid if case.full and case.draft.audience in DRAFTED]
    assert wrong(told, lambda case: mine[case.facts.victim.role] in case.text) == []
    teachers = [case for case in grid if case.facts.victim.role == "teacher"]
    assert wrong(teachers, lambda case: "medestudent" not in case.text.lower()) == []


FORBIDDEN = (
    r"wraakporno", r"revenge porn", r"dader", r"leerling", r"imago", r"kinderporno", r"naaktfoto", r"gelekt",
    r"plegen", r"\bart\.", r"artikel", r"\bcel\b", r"\bboete", r"gevangenis", r"had(den)? niet", r"wel dom",
    r"eigen schuld", r"uitgelokt", r"naïef", r"excuses", r"sorry", r"slachtoffer(?!hulp)", r"geslaagd", r"mislukt",
)  # fmt: skip
FORBIDDEN_IN_ENGLISH = (
    r"revenge porn", r"perpetrator", r"culprit", r"offender", r"\bpupils?\b", r"reputation", r"child porn",
    r"nudes?\b", r"leaked", r"commit(ted)? suicide", r"\bfine of\b", r"\bfined\b", r"prison", r"should not have",
    r"stupid", r"naive", r"\bvictims?\b", r"sorry", r"apolog",
)  # fmt: skip


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_words_that_no_letter_uses(pattern: str, grid: list[Case]) -> None:
    assert wrong(grid, lambda case: not re.search(pattern, case.text, re.IGNORECASE)) == []


@pytest.mark.parametrize("pattern", FORBIDDEN_IN_ENGLISH)
def test_words_that_no_english_letter_uses(pattern: str, english: list[Case]) -> None:
    assert wrong(english, lambda case: not re.search(pattern, case.text, re.IGNORECASE)) == []


def test_every_draft_says_where_help_is_at_any_hour(grid: list[Case], english: list[Case]) -> None:
    for cases, hours in ((grid, "dag en nacht"), (english, "day and night")):
        mine = [case for case in cases if case.draft.audience in DRAFTED]
        assert wrong(mine, lambda case, hours=hours: "Meldknop" in case.text and hours in case.text) == []


def test_students_are_told_je_and_parents_u(grid: list[Case]) -> None:
    polite, familiar = (
        re.compile(r"\b(u|uw)\b", re.IGNORECASE),
        re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE),
    )
    for audience, pattern in (("students", polite), ("parents", familiar), ("website", familiar), ("press", familiar)):
        mine = [case for case in grid if case.draft.audience == audience]
        assert wrong(mine, lambda case, pattern=pattern: not pattern.search(case.text)) == [], audience


# --- Who may not know more than whom ----------------------------------------------------------------------------------

TOLD = ("een docent van", "een student van", "seksuele beelden", "doorgestuurd", "nep of bewerkt", "politie")
"""Words by which a reader learns a fact of the case."""


def test_outside_is_told_nothing_that_students_and_parents_were_not(grid: list[Case]) -> None:
    by_incident: dict[int, dict[str, Case]] = defaultdict(dict)
    for case in grid:
        by_incident[id(case.facts)][case.draft.audience] = case
    compared = 0
    for cases in by_incident.values():
        for outside, inside in product(("website", "press", "social"), ("students", "parents")):
            if outside in cases and inside in cases:
                told = [word for word in TOLD if word in cases[outside].text]
                compared += bool(told)
                assert [word for word in told if word not in cases[inside].text] == [], (cases[outside], cases[inside])
    assert compared > 100


def test_outside_says_what_happened_only_when_students_heard_it(grid: list[Case]) -> None:
    outside = [case for case in grid if case.draft.audience in ("website", "press", "social") and case.full]
    assert outside
    assert wrong(outside, lambda case: case.outcomes["students"] == ("send", "full")) == []


# --- Facts that change no word ----------------------------------------------------------------------------------------


def key_of(case: Case) -> tuple[object, ...]:
    facts = case.facts
    others = tuple(case.outcomes[audience] for audience in ("students", "website"))
    return case.draft.audience, facts.phase, facts.grave, facts.media, others


def test_a_minimal_text_tells_nothing_about_the_case() -> None:
    dealt = random.Random(2)
    texts: dict[tuple[object, ...], set[str]] = defaultdict(set)
    count: dict[tuple[object, ...], int] = defaultdict(int)
    every = list(product(ROLES, AGES, HOMES, MATERIAL, ORIGINS, SCALES, POLICE))
    for phase, grave, media in product(PHASES, ("no", "attempt"), ("none", "asking")):
        for role, age, home, material, origin, scale, police in dealt.sample(every, 24):
            consent = dealt.choice(("refused", "not_asked"))
            facts = variation(
                consent, role, age, home, phase=phase, grave=grave, media=media, material=material, origin=origin,
                scale=scale, police=police,
            )  # fmt: skip
            for case in cases_of(facts):
                assert case.draft.variant == "minimal"
                texts[key_of(case)].add(case.text)
                count[key_of(case)] += 1
    assert sum(number > 5 for number in count.values()) > 30
    assert [(key, len(found)) for key, found in texts.items() if len(found) > 1] == []


def test_age_home_and_parents_change_no_text() -> None:
    dealt = random.Random(3)
    for _ in range(25):
        role, consent = dealt.choice(ROLES), dealt.choice(("granted", "granted", "refused"))
        fixed: dict[str, Any] = {
            "phase": dealt.choice(PHASES), "scale": dealt.choice(SCALES), "media": dealt.choice(MEDIA),
            "police": dealt.choice(POLICE), "material": dealt.choice(MATERIAL), "origin": dealt.choice(ORIGINS),
            "grave": dealt.choice(GRAVE),
        }  # fmt: skip
        texts: dict[tuple[object, ...], set[str]] = defaultdict(set)
        for age, home, parents in product(AGES, HOMES, ("know", "unknown", "not_to_know")):
            if parents != "know" and (age, home) not in (("minor", "no"), ("adult", "yes")):
                continue
            facts = variation(consent, role, age, home, **fixed)
            facts = facts.with_facts(victim=replace(facts.victim, parents=parents))
            for case in cases_of(facts):
                others = tuple(case.outcomes[audience] for audience in ("students", "website"))
                texts[(case.draft.audience, case.draft.variant, others)].add(case.text)
        assert [(key, fixed) for key, found in texts.items() if len(found) > 1] == []


# --- Languages --------------------------------------------------------------------------------------------------------


def test_english_says_the_same_passages(english: list[Case]) -> None:
    assert len(english) > 500
    for case in english:
        (dutch,) = comms.draft(case.facts, [case.draft.audience], ["nl"])
        assert [each.id for each in case.draft.passages] == [each.id for each in dutch.passages], case
        kinds = [[block.kind for block in each.blocks] for each in case.draft.passages]
        assert kinds == [[block.kind for block in each.blocks] for each in dutch.passages], case
        assert case.draft.language == "en"
        assert case.text != said(dutch)


def test_the_language_of_the_program_changes_no_draft_that_goes_out() -> None:
    with comms.ui_language("en"):
        english_program = letters(incident())
    for one, other in zip(english_program, letters(incident()), strict=True):
        assert (one.markdown, one.html, one.text) == (other.markdown, other.html, other.text)


@pytest.mark.parametrize("audience", DRAFTED)
def test_dates_are_those_of_the_language(audience: str) -> None:
    facts = incident(next_update="2026-11-23 16:05")
    assert "20 november 2026" in said(draft(audience, facts))
    assert "20 November 2026" in said(draft(audience, facts, "en"))
    assert "maandag 23 november 2026 om 16:05 uur" in said(draft(audience, facts))
    assert "Monday 23 November 2026" in said(draft(audience, facts, "en"))
    assert "16:05" not in said(draft(audience, incident(next_update="2026-11-23 16:05", phase="closing", sent=DRAFTED)))


# --- Gaps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("audience", DRAFTED)
def test_what_the_profile_lacks_is_a_gap_that_shows(audience: str, language: str) -> None:
    facts = comms.Incident.from_dict(OPEN | {"school": {"name": "Testcollege"}})
    found = draft(audience, facts, language)
    assert found.gaps
    assert set(re.findall("【[^】]*】", said(found))) == set(found.gaps)
    assert len(set(found.gaps)) == len(found.gaps)
    complete = draft(audience, incident(), language)
    assert complete.gaps == ()
    assert "【" not in said(complete)
    one_line = " ".join(found.text.split())
    mail = message_from_bytes(found.eml_bytes(), policy=policy.default)
    html_part = mail.get_body(("html",))
    assert html_part is not None
    for gap in found.gaps:
        assert gap in found.markdown
        assert gap in one_line
        assert f"<mark>{gap}</mark>" in found.html
        assert gap in "\n".join(shown(found.docx_bytes()))
        assert gap in html_part.get_content()


def test_gaps_are_named_in_the_language_of_the_draft() -> None:
    facts = comms.Incident.from_dict(OPEN | {"school": {"name": "Testcollege"}})
    dutch, english = (set(draft("students", facts, language).gaps) for language in ("nl", "en"))
    assert len(dutch) == len(english)
    assert not dutch & english
    with comms.ui_language("en"):
        assert set(draft("students", facts).gaps) == dutch


def test_a_gap_is_never_a_link() -> None:
    facts = comms.Incident.from_dict(OPEN | {"school": {"name": "Testcollege"}})
    for found in letters(facts):
        for block in found.message.blocks():
            assert not [run for run in block.runs if run.href and ("【" in run.text or "%E3%80%90" in run.href)]


def test_a_text_in_the_brackets_of_a_gap_counts_as_one() -> None:
    found = draft("students", incident(school={"help": PROFILE["help"] | {"name": "【wie?】"}}))
    assert found.gaps == ("【wie?】",)


@pytest.mark.parametrize(
    ("correction", "shown_as", "href"),
    [
        ("www.meldknop.example", "Meldknop.nl", "https://www.meldknop.example"),
        ("https://www.meldknop.example/hulp", "Meldknop.nl", "https://www.meldknop.example/hulp"),
        ("http://meldknop.example", "Meldknop.nl", "http://meldknop.example"),
    ],
)
def test_a_corrected_address_of_an_organisation_works(correction: str, shown_as: str, href: str) -> None:
    facts = incident(school={"organisations": {"meldknop": {"website": correction, "checked_on": "2026-11-01"}}})
    runs = [run for block in draft("students", facts).message.blocks() for run in block.runs if run.text == shown_as]
    assert [run.href for run in runs] == [href]


def test_corrected_data_of_an_organisation_are_used_as_typed() -> None:
    corrected = {"veilig_thuis": {"phone": "0800-9999", "hours": "elke dag van 9 tot 9", "checked_on": "2026-11-01"}}
    facts = incident(school={"organisations": corrected})
    assert "0800-9999 (elke dag van 9 tot 9)" in said(draft("students", facts))
    assert "0800-9999 (elke dag van 9 tot 9)" in said(draft("students", facts, "en"))


# --- The review -------------------------------------------------------------------------------------------------------


def own_texts(folder: Path, body: str, passage: str = "students.greeting") -> Path:
    (folder / "nl").mkdir(parents=True)
    text = f'{{% passage "{passage}" %}}\n{body}\n{{% endpassage %}}\n'
    (folder / "nl" / "own.md.j2").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    "body", ["Beste Q. Zwaluwstaart,", "Hoi Q-ZWALUWSTAART", "Q.\nzwaluwstaart", "**Q** Zwaluwstàárt"]
)
def test_a_protected_word_in_an_own_text_stops_the_draft(body: str, tmp_path: Path) -> None:
    folder = own_texts(tmp_path / "teksten", body)
    facts = incident(school={"templates": str(folder)}, protected=["Q. Zwaluwstaart"])
    with pytest.raises(comms.ReviewError) as caught:
        comms.draft(facts, ["students"])
    assert caught.value.exit_code == 1
    assert "students.greeting" in str(caught.value)
    assert "zwaluw" not in str(caught.value).casefold()
    assert len(comms.draft(facts, ["parents"])) == 1


def test_part_of_a_word_stops_nothing(tmp_path: Path) -> None:
    folder = own_texts(tmp_path / "teksten", "Beste januari,")
    assert draft("students", incident(school={"templates": str(folder)}, protected=["Jan"])).findings == ()


def test_a_protected_name_split_over_two_paragraphs_is_found(tmp_path: Path) -> None:
    folder = own_texts(tmp_path / "teksten", "Beste Quirijn\n\nZwaluwstaart,")
    with pytest.raises(comms.ReviewError):
        comms.draft(incident(school={"templates": str(folder)}, protected=["Quirijn Zwaluwstaart"]), ["students"])


# --- Held and withheld ------------------------------------------------------------------------------------------------


def conditions(found: comms.Draft) -> list[str]:
    assert found.planned.conditions
    return [each.text for each in found.planned.conditions]


def flat(text: str) -> str:
    return " ".join(re.sub(r"[\\>*\n]", " ", text).split())


@pytest.mark.parametrize(("program", "sign"), [("nl", "NIET VERZENDEN"), ("en", "DO NOT SEND")])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("audience", ["students", "parents", "website", "press"])
def test_a_held_draft_says_so_in_every_format(audience: str, language: str, program: str, sign: str) -> None:
    with comms.ui_language(program):
        found = draft(audience, incident(HELD), language)
        mail = message_from_bytes(found.eml_bytes(), policy=policy.default)
        plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None and page is not None
        shapes = {
            "md": flat(found.markdown),
            "txt": flat(found.text),
            "html": flat(found.html),
            "fragment": flat(found.html_fragment),
            "docx": flat("\n".join(shown(found.docx_bytes()))),
            "eml plain": flat(plain.get_content()),
            "eml html": flat(page.get_content()),
        }
        assert found.decision == "hold"
        assert sign in mail["Subject"]
        assert re.search(f"<title>[^<]*{sign}", found.html)
        for shape, text in shapes.items():
            assert sign in text, shape
            assert text.index(sign) < text.index("Meldknop"), shape
            for condition in conditions(found):
                assert flat(condition) in text.replace("&#x27;", "'"), shape


@pytest.mark.parametrize("audience", DRAFTED)
def test_a_draft_that_may_go_out_carries_no_banner(audience: str) -> None:
    found = draft(audience)
    assert found.decision == "send"
    for text in (found.markdown, found.text, found.html, "\n".join(shown(found.docx_bytes()))):
        assert "NIET VERZENDEN" not in text


@pytest.mark.parametrize("suffix", ["docx", "html", "md", "txt", "eml"])
def test_a_held_draft_is_saved_only_by_who_asks_for_it(suffix: str, tmp_path: Path) -> None:
    found = draft("students", incident(HELD))
    path = tmp_path / f"students.{suffix}"
    with pytest.raises(comms.HeldError) as caught:
        found.save(path)
    assert caught.value.exit_code == 1
    assert conditions(found)[0] in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(comms.HeldError):
        found.save(path, overwrite=True)
    found.save(path, include_held=True)
    assert path.read_bytes() == found.content(suffix)


def test_held_drafts_are_in_the_list_and_withheld_ones_are_not() -> None:
    facts = incident(HELD, scale="few", media="none")
    decisions = {each.audience: each.decision for each in comms.plan(facts).messages}
    drafts = {each.audience: each.decision for each in letters(facts)}
    assert {decisions[audience] for audience in DRAFTED} == {"send", "hold", "withhold"}
    assert drafts == {who: decisions[who] for who in DRAFTED if decisions[who] != "withhold"}
    assert comms.draft(facts, ["parents"]) == []


# --- What may be asked for --------------------------------------------------------------------------------------------


def test_drafts_come_in_the_order_of_sending_each_language_in_turn() -> None:
    everything = comms.draft(incident())
    assert [each.audience for each in everything if each.audience in DRAFTED] == list(DRAFTED)
    both = comms.draft(incident(), ["press", "teachers"], ["en", "nl", "en"])
    assert [(each.audience, each.language) for each in both] == [
        ("teachers", "en"), ("teachers", "nl"), ("press", "en"), ("press", "nl")
    ]  # fmt: skip
    profile = comms.draft(incident(school={"languages": ["en", "nl"]}), ["press"])
    assert [each.language for each in profile] == ["en", "nl"]
    assert comms.draft(incident(), iter(["press"]), iter(["en"]))[0].language == "en"
    assert comms.draft(incident(), []) == []
    assert [each.audience for each in comms.draft(incident(), ["press", "press", "teachers"])] == ["teachers", "press"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((["student"],), ("student", "students", "bedoelde u")),
        ((["ouders"],), ("ouders", "parents")),
        ((["iedereen"],), ("iedereen", "parents")),
        ((None, ["de"]), ("de", "nl, en")),
        ((None, ["../nl"]), ("../nl",)),
        ((None, [""]), ("nl, en",)),
    ],
)
def test_what_there_is_no_text_for_is_an_error(arguments: tuple[Any, ...], words: tuple[str, ...]) -> None:
    with pytest.raises(comms.UnknownNameError) as caught:
        comms.draft(incident(), *arguments)
    assert caught.value.exit_code == 2
    for word in words:
        assert word in str(caught.value)


def test_an_unknown_language_is_an_error_whether_or_not_there_is_a_text() -> None:
    with pytest.raises(comms.UnknownNameError):
        comms.draft(incident(HELD, scale="few", media="none"), ["parents"], ["xx"])


# --- Saving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.docx", "a.DOCX", "a.html", "a.md", "a.txt", "a.eml", "met.punt.md", "a b é.txt"])
def test_the_suffix_says_the_format(name: str, tmp_path: Path) -> None:
    found = draft("students")
    found.save(str(tmp_path / "nieuw" / name))
    path = tmp_path / "nieuw" / name
    assert path.read_bytes() == found.content(path.suffix.lower().lstrip("."))
    assert [each.name for each in path.parent.iterdir()] == [name], "no temporary file stays"


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.doc", "a.md.bak", ".md", "a."])
def test_another_suffix_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(comms.UnknownNameError, match="docx, html, md, txt, eml"):
        draft("students").save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_other_content_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "students.md"
    path.write_text("Zelf geschreven", "utf-8")
    found = draft("students")
    with pytest.raises(comms.WritingError) as caught:
        found.save(path)
    assert (caught.value.exit_code, str(path) in str(caught.value)) == (3, True)
    assert path.read_text("utf-8") == "Zelf geschreven"
    found.save(path, overwrite=True)
    assert path.read_text("utf-8") == found.markdown
    stamp = path.stat()
    found.save(path)
    assert path.stat() == stamp, "the same content again leaves the file alone"


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_place_that_cannot_be_written_is_told(overwrite: bool, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("x")
    (tmp_path / "map.md").mkdir()
    for path in (tmp_path / "bestand" / "a.md", tmp_path / "map.md"):
        with pytest.raises(comms.WritingError, match=re.escape(str(path.parent))):
            draft("students").save(path, overwrite=overwrite)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bestand", "map.md"]


@pytest.mark.parametrize("suffix", ["docx", "html", "md", "txt", "eml"])
@pytest.mark.parametrize("facts", [OPEN, HELD], ids=["sent", "held"])
def test_the_same_facts_give_the_same_bytes(suffix: str, facts: dict[str, Any]) -> None:
    first, second = (draft("students", incident(facts)).content(suffix) for _ in range(2))
    assert first == second
    assert first


def test_a_draft_as_data_says_what_it_is() -> None:
    found = draft("press")
    data = found.to_dict()
    assert list(data) == [
        "audience", "language", "decision", "variant", "title", "markdown", "text", "html", "passages", "findings",
        "gaps",
    ]  # fmt: skip
    assert data["title"] == found.title == "Verklaring van Testcollege over een melding van beelden"
    assert data["markdown"].startswith("# " + found.title)
    for passage in data["passages"]:
        assert set(passage) == {"id", "provisions", "markdown"}
        assert passage["markdown"] in data["markdown"]
