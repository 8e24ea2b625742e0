"""What only the incident tells of a text, and the gate that every draft goes through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import HELD, OPEN, draft, incident

import comms

NAME = "Sanne"


def rules(text: str, audience: str | None = None, **changes: Any) -> dict[str, str]:
    """The findings of a Dutch text in a case: rule and severity."""
    found = comms.check(text, "nl", audience, incident(OPEN, **changes))
    return {each.rule: each.severity for each in found}


def test_nothing_is_against_the_wish_when_the_plan_says_send() -> None:
    assert not {each for each in rules("Beste ouders,", "parents") if each.startswith("case.")}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"scale": "class", "media": "none", "victim": {"consent": "refused"}}, "case.withhold"),
        ({"victim": {"consent": "refused"}}, "case.hold"),
        ({"contact_appointed": False}, "case.hold"),
    ],
    ids=["refused in a small circle", "refused in a large case", "nobody to tell the victim"],
)
def test_a_text_that_may_not_go_out_is_an_error_with_its_provisions(changes: dict[str, Any], rule: str) -> None:
    found = comms.check("Beste studenten, kom naar ons toe.", "nl", "students", incident(OPEN, **changes))
    (mine,) = [each for each in found if each.rule == rule]
    assert mine.severity == "error"
    assert mine.provisions
    assert mine.suggestion


@pytest.mark.parametrize(
    ("rule", "text", "holds", "holds_not"),
    [
        ("case.minimal_victim", "Er gaan beelden rond van een docent.", {"victim": {"consent": "refused"}}, {}),
        ("case.not_sexual", "Er worden seksuele beelden doorgestuurd.", {"material": "unknown"}, {}),
        ("case.nothing_spread", "De foto's zijn gisteren doorgestuurd.", {"origin": "threat"}, {}),
        ("case.no_deletion", "Verwijder de beelden meteen.", {"police": "preserve"}, {"police": "reported"}),
        ("case.suicide_line", "Wij hebben verdrietig nieuws.", {"grave": "attempt"}, {"grave": "other"}),
    ],
)
def test_a_rule_of_a_case_holds_in_that_case_only(
    rule: str, text: str, holds: dict[str, Any], holds_not: dict[str, Any]
) -> None:
    assert rules(text, "students", **holds).get(rule) == "error"
    assert rule not in rules(text, "students", **holds_not)
    assert rule not in {each.rule for each in comms.check(text, "nl", "students")}


def test_a_protected_word_is_found_in_any_form_and_never_repeated() -> None:
    text = "Beste ouders,\n\nDe beelden van S a n n e zijn naïef genoemd.\n\nSan-\nne is thuis."
    found = comms.check(text, "nl", None, incident(OPEN, protected=[NAME]))
    protected = [each for each in found if each.rule == "protected"]
    assert [each.line for each in protected] == [3, 5]
    assert {each.severity for each in protected} == {"error"}
    beside = [each for each in found if each.start >= protected[0].start]
    assert [each for each in beside if each.excerpt != "…"] == []


def test_the_school_and_its_people_are_no_names_that_tell_who_it_is() -> None:
    text = "Beelden van een student van Testcollege worden doorgestuurd. Bel Bo Steun, Cas Woord of Ans Testers."
    assert not [each for each in rules(text) if each.startswith("identity.")]
    assert [each for each in rules("Beelden van onze student Sanne de Wit worden doorgestuurd.") if "identity" in each]


OWN = '{{% passage "students.calm" carries "3.victim.2" %}}\n{text}\n{{% endpassage %}}\n'


def own_text(folder: Path, text: str) -> comms.Incident:
    """An incident at a school that says it in its own words."""
    (folder / "nl").mkdir()
    (folder / "nl" / "students.md.j2").write_text(OWN.format(text=text), "utf-8")
    return incident(OPEN, school={"templates": str(folder)})


def test_a_draft_with_words_of_blame_in_a_schools_own_text_is_stopped(tmp_path: Path) -> None:
    made = own_text(tmp_path, "Wie zulke foto's van zichzelf maakt, is naïef en heeft het aan zichzelf te danken.")
    with pytest.raises(comms.ReviewError) as caught:
        draft("students", made)
    assert "students.calm" in str(caught.value)
    assert caught.value.exit_code == 1


def test_a_held_draft_is_reviewed_for_what_it_says_and_not_for_being_held() -> None:
    held = draft("students", incident(HELD))
    assert held.decision == "hold"
    assert [each for each in held.findings if each.severity == "error"] == []


def test_a_name_that_the_plan_does_not_know_is_told_with_those_it_does(tmp_path: Path) -> None:
    made = own_text(tmp_path, "Zo zit het: {{ plan.studenten.decision }}.")
    with pytest.raises(comms.TemplateError) as caught:
        draft("students", made)
    assert "studenten" in str(caught.value)
    assert "students" in str(caught.value).partition("studenten")[2]
