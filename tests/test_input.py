"""What an incident file may hold, and what is told when it holds something else.

The broken files stand in ``broken/``, one fault a file; ``FAULTS`` says what must be told about each.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

import comms

BROKEN = Path(__file__).parent / "broken"
AUDIENCES = ("victim", "victim_parents", "crisis_team", "teachers", "students", "parents", "website", "social", "press")
LEAST = {"school": {"name": "Voorbeeldcollege"}, "scale": "class", "media": "none"}
LEAST_YAML = "school: {name: Voorbeeldcollege}\nscale: class\nmedia: none\n"


def refused(read: Callable[[], object]) -> comms.InputError:
    with pytest.raises(comms.InputError) as caught:
        read()
    return caught.value


def refused_dict(**facts: Any) -> comms.InputError:
    return refused(lambda: comms.Incident.from_dict(LEAST | facts))


def written(folder: Path, text: str | bytes, name: str = "incident.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# --- One fault a file -------------------------------------------------------------------------------------------------


class Fault(NamedTuple):
    """What is told: place, field, a word of what is wrong, words of what is allowed, what was perhaps meant."""

    file: str
    line: int
    column: int
    field: str
    wrong: str
    allowed: str = ""
    suggestion: str = ""


FAULTS = [
    Fault("unknown-key.yaml", 4, 1, "polise", "onbekend veld", "police", "police"),
    Fault("unknown-victim-key.yaml", 6, 3, "victim.concent", "onbekend veld", "consent", "consent"),
    Fault("wrong-value.yaml", 2, 8, "scale", "clas", "few, class, year, school, public, unknown", "class"),
    Fault("wrong-value.json", 6, 5, "sent[2]", "parent", "parents", "parents"),
    Fault("dutch-value.yaml", 5, 12, "victim.consent", "geweigerd", "granted, refused, not_asked", "refused"),
    Fault("dutch-label.yaml", 2, 8, "scale", "hele school", "school", "school"),
    Fault("missing-scale.yaml", 2, 1, "scale", "ontbreekt", "few, class, year, school, public, unknown"),
    Fault("scale-left-empty.yaml", 2, 7, "scale", "ontbreekt", "few, class, year, school, public, unknown"),
    Fault("double-key.yaml", 6, 1, "grave", "twee keer; eerder op regel 4"),
    Fault("double-key.json", 5, 3, "scale", "twee keer; eerder op regel 3"),
    Fault("alias.yaml", 4, 8, "", "ankers en verwijzingen", "aanhalingstekens"),
    Fault("anchor.yaml", 4, 8, "", "ankers en verwijzingen", "aanhalingstekens"),
    Fault("tag.yaml", 4, 8, "", "label (!)", "aanhalingstekens"),
    Fault("tab.yaml", 5, 1, "", "geen leesbaar YAML", "inspringing"),
    Fault(
        "quotes.yaml", 4, 8, "", "geen leesbaar YAML", "aanhalingstekens"
    ),  # where the quote opens, not the file's end
    Fault("quotes-inside.yaml", 4, 18, "", "geen leesbaar YAML", "aanhalingstekens"),
    Fault("list-for-value.yaml", 2, 8, "scale", "één waarde", "few, class"),
    Fault("value-for-table.yaml", 4, 9, "victim", "tabel", "role, age, consent"),
    Fault("value-for-list.yaml", 4, 7, "sent", "lijst", "[a, b]"),
    Fault("impossible-date.yaml", 2, 7, "date", "2026-02-30", "jaar-maand-dag"),
    Fault("dutch-date.yaml", 2, 7, "date", "20-11-2026", "2026-11-20"),
    Fault("bad-moment.yaml", 4, 14, "next_update", "2026-11-21 25:00", "2026-11-20 16:00"),
    Fault("consent-for-unknown.yaml", 5, 33, "victim.consent_for.student", "onbekend", "students", "students"),
    Fault("sent-unknown.yaml", 5, 18, "sent[2]", "studenten", "victim_parents", "students"),
    Fault("released-by-nobody.yaml", 6, 5, "released.students.by", "ontbreekt", "wie het besloot"),
    Fault("released-unknown.yaml", 5, 3, "released.student", "onbekend", "students", "students"),
    Fault("bad-email.yaml", 3, 10, "email", "info@voorbeeldcollege", "info@school.nl"),
    Fault("bad-phone.yaml", 3, 36, "help.phone", "zie website", "030 123 45 67"),
    Fault("script-as-tips.yaml", 3, 13, "tips_url", "javascript:alert(1)", "https://"),
    Fault("students-with-dot.yaml", 3, 13, "students", "12.000", "12000"),
    Fault("nameless-school.yaml", 2, 3, "name", "ontbreekt", "naam van de school"),
    Fault("unknown-language.yaml", 3, 14, "languages", "eng", "nl, en", "en"),
    Fault("letterhead-not-there.yaml", 3, 15, "letterhead", "briefpapier.docx"),
    Fault("templates-not-there.yaml", 3, 14, "templates", "teksten"),
    Fault("school-not-there.yaml", 1, 9, "school", "niet te lezen"),
    Fault("school-with-nul.yaml", 1, 9, "school", "niet te lezen"),
    Fault("protected-not-there.yaml", 4, 12, "protected", "niet"),
    Fault("protected-in-value.yaml", 5, 8, "group", "beschermd woord", "schrijf het anders"),
    Fault("windows-1252.yaml", 2, 29, "", "UTF-8", "UTF-8"),
    Fault("two-documents.yaml", 4, 1, "", "tweede document", "één per bestand"),
    Fault("trailing-comma.json", 5, 1, "", "geen leesbaar JSON"),
    Fault("comment.json", 3, 21, "", "geen leesbaar JSON"),
    Fault("cut-off.json", 3, 12, "", "geen leesbaar JSON"),
    Fault("too-deep.yaml", 4, 28, "", "te diep genest"),
    Fault("too-deep.json", 1, 32, "", "te diep genest"),
    Fault("control-character.yaml", 4, 16, "", "stuurteken"),
    Fault("control-character-after-accents.yaml", 5, 13, "", "stuurteken"),
]
SEVERAL = {
    "unknown-key-school.yaml", "empty.yaml", "only-comments.yaml", "only-text.yaml", "a-list.yaml", "five-faults.yaml",
    "faulty-profile.yaml", "profile-with-faults.yaml",
}  # fmt: skip
"""What is broken in more than one place, or in a way that has more than one consequence; tested one by one."""


def test_every_broken_file_is_tested() -> None:
    assert {path.name for path in BROKEN.iterdir()} == {fault.file for fault in FAULTS} | SEVERAL


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.file)
def test_a_fault_is_told_with_its_place_and_the_way_out(fault: Fault) -> None:
    path = BROKEN / fault.file
    error = refused(lambda: comms.Incident.load(path))
    (problem,) = (each for each in error.problems if each.place.file == str(path))
    assert (problem.place.line, problem.place.column) == (fault.line, fault.column)
    assert problem.field.removeprefix("school.") == fault.field
    assert fault.wrong in problem.wrong
    assert fault.allowed in problem.allowed
    assert problem.suggestion == (f"bedoelde u {fault.suggestion}?" if fault.suggestion else "")


@pytest.mark.parametrize("name", sorted({fault.file for fault in FAULTS} | SEVERAL))
def test_every_problem_has_the_one_form(name: str) -> None:
    error = refused(lambda: comms.Incident.load(BROKEN / name))
    lines = []
    for problem in error.problems:
        place = problem.place
        where = f"{place.file}:{place.line}:{place.column}" if place.line else place.file
        told = "; ".join(part for part in (problem.wrong, problem.allowed, problem.suggestion) if part)
        lines.append(": ".join(part for part in (where, problem.field, told) if part))
        assert problem.wrong
    assert str(error) == "\n".join(line.replace("\0", "\N{REPLACEMENT CHARACTER}") for line in lines)
    assert isinstance(error, comms.CommsError)
    assert error.exit_code == 2


def test_all_faults_of_a_file_are_told_at_once_in_its_order() -> None:
    path = BROKEN / "five-faults.yaml"
    lines = str(refused(lambda: comms.Incident.load(path))).splitlines()
    assert lines[:4] == [
        f"{path}:4:7: date: “31-11-2026” is geen geldige datum; jaar-maand-dag, bijvoorbeeld: 2026-11-20",
        f"{path}:6:8: media: “geen” is geen geldige waarde; toegestaan: none, expected, asking, published; "
        "bedoelde u none?",
        f"{path}:8:8: victim.age: “16” is geen geldige waarde; toegestaan: minor, adult, unknown",
        f"{path}:9:3: victim.leeftijd: onbekend veld; toegestaan: "
        "role, age, consent, consent_for, unsafe_at_home, parents",
    ]
    assert lines[4].startswith(f"{path}:10:1: consulted: onbekend veld; toegestaan: ")
    assert len(lines) == 5


def test_order_is_by_line_number_and_not_by_its_digits(tmp_path: Path) -> None:
    text = LEAST_YAML + "grave: a\nsuspect: b\n" + "# \n" * 6 + "police: c\n"
    error = refused(lambda: comms.Incident.load(written(tmp_path, text)))
    assert [(each.place.line, each.field) for each in error.problems] == [(4, "grave"), (5, "suspect"), (12, "police")]


def test_an_unknown_key_near_school_or_protected_is_recognised() -> None:
    """``school`` and ``protected`` are fields as the others are: allowed, and perhaps meant."""
    error = refused(lambda: comms.Incident.load(BROKEN / "unknown-key-school.yaml"))
    (unknown,) = (each for each in error.problems if each.field == "shool")
    assert (unknown.place.line, unknown.place.column) == (1, 1)
    assert {"school", "protected"} <= set(unknown.allowed.removeprefix("toegestaan: ").split(", "))
    assert unknown.suggestion == "bedoelde u school?"


@pytest.mark.parametrize("name", ["empty.yaml", "only-comments.yaml"])
def test_an_empty_file_misses_all_that_is_required(name: str) -> None:
    error = refused(lambda: comms.Incident.load(BROKEN / name))
    assert {(each.field, each.wrong) for each in error.problems} == {
        ("school", "ontbreekt"),
        ("scale", "ontbreekt"),
        ("media", "ontbreekt"),
    }


@pytest.mark.parametrize("name", ["a-list.yaml", "only-text.yaml"])
def test_a_file_without_fields_is_told_so(name: str) -> None:
    error = refused(lambda: comms.Incident.load(BROKEN / name))
    assert "hier hoort een tabel" in error.problems[0].wrong
    assert "scale" in error.problems[0].allowed


@pytest.mark.parametrize("name", ["incident.json", "incident.yaml"])
def test_an_empty_file_of_no_bytes_is_an_input_error(tmp_path: Path, name: str) -> None:
    assert refused(lambda: comms.Incident.load(written(tmp_path, "", name))).problems[0].wrong


def test_faults_of_the_profile_are_told_with_those_of_the_incident() -> None:
    error = refused(lambda: comms.Incident.load(BROKEN / "faulty-profile.yaml"))
    found = [(Path(each.place.file).name, each.place.line, each.place.column, each.field) for each in error.problems]
    assert sorted(found) == [
        ("faulty-profile.yaml", 2, 8, "scale"),
        ("profile-with-faults.yaml", 1, 1, "naam"),
        ("profile-with-faults.yaml", 1, 1, "name"),
        ("profile-with-faults.yaml", 2, 8, "email"),
    ]
    (unknown,) = (each for each in error.problems if each.field == "naam")
    assert unknown.suggestion == "bedoelde u name?"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("bad-email.yaml", "school.email"),
        ("bad-phone.yaml", "school.help.phone"),
        ("nameless-school.yaml", "school.name"),
    ],
)
def test_a_field_of_an_inline_profile_is_named_from_the_top_of_the_file(name: str, field: str) -> None:
    """As ``victim.age`` is: a bare ``name`` or ``email`` does not say whose."""
    assert [each.field for each in refused(lambda: comms.Incident.load(BROKEN / name)).problems] == [field]


@pytest.mark.parametrize(
    "name", ["quotes.yaml", "quotes-inside.yaml", "tab.yaml", "school-not-there.yaml", "protected-not-there.yaml"]
)
def test_errors_are_told_in_one_language(name: str) -> None:
    """What a library or the system says in English is no Dutch sentence."""
    told = str(refused(lambda: comms.Incident.load(BROKEN / name))).lower()
    assert not [word for word in ("while ", "found ", "expected", "no such", "directory") if word in told]


# --- Files that are no text, too large, or not there -------------------------------------------------------------------


def test_a_file_of_more_than_a_megabyte_is_refused(tmp_path: Path) -> None:
    line = "# " + "x" * 97 + "\n"
    text = LEAST_YAML + line * 10_000
    assert "megabyte" in str(refused(lambda: comms.Incident.load(written(tmp_path, text))))
    assert comms.Incident.load(written(tmp_path, LEAST_YAML + line * 9_000)).scale == "class"


def test_a_profile_of_more_than_a_megabyte_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "name: Voorbeeldcollege\n" + "#\n" * 500_000, "school.yaml")
    error = refused(lambda: comms.Incident.load(written(tmp_path, "school: school.yaml\nscale: class\nmedia: none\n")))
    assert "megabyte" in str(error)


@pytest.mark.parametrize("name", ["absent.yaml", "absent.json", "x\0.yaml", "x" * 300 + ".yaml", "", "\ud800.yaml"])
def test_a_file_that_can_not_be_there_is_an_input_error(tmp_path: Path, name: str) -> None:
    error = refused(lambda: comms.Incident.load(tmp_path / name))
    assert len(error.problems) == 1
    assert not error.problems[0].place.line


@pytest.mark.parametrize("field", ["school", "protected", "letterhead", "templates"])
@pytest.mark.parametrize("path", ["x\0y", "x" * 5_000, "\ud800", "/dev/null/x"])
def test_a_path_that_no_file_can_have_is_a_problem_of_its_field(field: str, path: str) -> None:
    facts = {"school": LEAST["school"] | {field: path}} if field in ("letterhead", "templates") else {field: path}
    error = refused_dict(**facts)
    assert field in [each.field.removeprefix("school.") for each in error.problems]


def test_utf_16_is_told_to_be_no_utf_8(tmp_path: Path) -> None:
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, LEAST_YAML.encode("utf-16")))).problems
    assert (problem.place.line, problem.place.column) == (1, 1)
    assert "UTF-8" in problem.wrong


def test_columns_count_characters_and_not_bytes(tmp_path: Path) -> None:
    text = "school: {name: Zoë, naam: x}\nscale: class\nmedia: none\n"
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, text))).problems
    assert (problem.place.line, problem.place.column) == (1, 21)
    mixed = "school: {name: Zoë}\nscale: class\nmedia: none\ngroup: één caf".encode() + b"\xe9\n"
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, mixed))).problems
    assert (problem.place.line, problem.place.column) == (4, 15)


@pytest.mark.parametrize("name", ["incident.yaml", "incident.json"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, name: str) -> None:
    text = json.dumps(LEAST)
    assert comms.Incident.load(written(tmp_path, b"\xef\xbb\xbf" + text.encode(), name)).scale == "class"
    (problem,) = refused(
        lambda: comms.Incident.load(written(tmp_path, b"\xef\xbb\xbf" + text.replace("class", "clas").encode(), name))
    ).problems
    assert (problem.place.line, problem.place.column) == (1, text.index('"class"') + 1)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_of_windows_change_nothing(tmp_path: Path, ending: str) -> None:
    text = LEAST_YAML + "group: locatie Zuid\n"
    assert comms.Incident.load(written(tmp_path, text.replace("\n", ending))).group == "locatie Zuid"
    wrong = (LEAST_YAML + "grave: ja\n").replace("\n", ending)
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, wrong))).problems
    assert (problem.place.line, problem.place.column) == (4, 8)
    as_json = '{\n"school": {"name": "X"},\n"scale": "class",\n"media": "geen"}'.replace("\n", ending)
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, as_json, "incident.json"))).problems
    assert (problem.place.line, problem.place.column) == (4, 10)


def test_the_suffix_tells_json_in_any_case(tmp_path: Path) -> None:
    """A tab for indentation is fine in JSON and an error in YAML."""
    text = '{\n\t"school": {"name": "X"},\n\t"scale": "class",\n\t"media": "none"\n}'
    assert comms.Incident.load(written(tmp_path, text, "incident.JSON")).school.name == "X"


def test_a_dash_reads_yaml_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((LEAST_YAML + "grave: ja\n").encode())))
    (problem,) = refused(lambda: comms.Incident.load("-")).problems
    assert str(problem.place) == "-:4:8"


@pytest.mark.parametrize("field", ["school", "protected"])
def test_a_dash_in_a_file_is_a_file_name(field: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only the user at the keyboard chooses standard input; a value of a file does not wait for it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"name: Van de invoer\n")))
    path = written(Path(), json.dumps(LEAST | {field: "-"}))
    assert [each.field for each in refused(lambda: comms.Incident.load(path)).problems if each.field] == [field]


# --- As typed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["no", "yes", "on", "0123", "1e3", "12:30", "1_000", "0x1F", ".inf", "2026-11-20", "1.50", "True", "=", "Nul"],
)
def test_a_text_stays_as_typed(tmp_path: Path, typed: str) -> None:
    assert comms.Incident.load(written(tmp_path, f"{LEAST_YAML}group: {typed}\n")).group == typed
    assert comms.Incident.load(written(tmp_path, f'{LEAST_YAML}group: "{typed}"\n')).group == typed
    as_json = json.dumps(LEAST | {"group": typed})
    assert comms.Incident.load(written(tmp_path, as_json, "incident.json")).group == typed


@pytest.mark.parametrize("typed", ["1e3", "12", "-1.50", "1E+2", "true"])
def test_a_number_in_json_stays_as_typed(tmp_path: Path, typed: str) -> None:
    text = json.dumps(LEAST)[:-1] + f', "group": {typed}}}'
    assert comms.Incident.load(written(tmp_path, text, "incident.json")).group == typed


@pytest.mark.parametrize(
    "phone", ["030 123 45 67", "0301234567", "+31 30 123 45 67", "(030) 123-4567", "0800-1234", "113"]
)
def test_a_phone_number_stays_as_typed(tmp_path: Path, phone: str) -> None:
    text = f"school:\n  name: X\n  phone: {phone}\n  help: {{phone: {phone}}}\nscale: class\nmedia: none\n"
    school = comms.Incident.load(written(tmp_path, text)).school
    assert (school.phone, school.help.phone) == (phone, phone)


@pytest.mark.parametrize(
    ("typed", "group"), [("~", None), ("", None), ("null", None), ("'~'", "~"), ('"null"', "null")]
)
def test_nothing_is_told_from_the_text_of_it(tmp_path: Path, typed: str, group: str | None) -> None:
    assert comms.Incident.load(written(tmp_path, f"{LEAST_YAML}group: {typed}\n")).group == group


def test_null_in_json_is_nothing(tmp_path: Path) -> None:
    text = json.dumps(LEAST | {"group": None, "victim": None, "sent": None, "date": None})
    incident = comms.Incident.load(written(tmp_path, text, "incident.json"))
    assert (incident.group, incident.victim, incident.sent) == (None, comms.Victim(), ())


def test_a_release_keeps_its_words(tmp_path: Path) -> None:
    text = LEAST_YAML + "released: {students: {by: no, at: 12:30}, press: {by: 'x: y', at: 2026-11-20 14:00}}\n"
    released = comms.Incident.load(written(tmp_path, text)).released
    assert released == {"students": comms.Release("no", "12:30"), "press": comms.Release("x: y", "2026-11-20 14:00")}


YES_NO = ("inspector_consulted", "contact_appointed", "outside_expert", "several_victims")


@pytest.mark.parametrize("fact", YES_NO)
@pytest.mark.parametrize(
    ("typed", "value"), [("yes", True), ("true", True), ("True", True), ("no", False), ("false", False)]
)
def test_yes_and_no_may_be_true_and_false(tmp_path: Path, fact: str, typed: str, value: bool) -> None:
    assert getattr(comms.Incident.load(written(tmp_path, f"{LEAST_YAML}{fact}: {typed}\n")), fact) is value
    assert getattr(comms.Incident.from_dict(LEAST | {fact: value}), fact) is value
    assert getattr(comms.Incident.from_dict(LEAST | {fact: typed}), fact) is value


@pytest.mark.parametrize("typed", ["1", "ja", "maybe", "unknown", "on", "[yes]"])
def test_what_is_neither_yes_nor_no_is_refused(tmp_path: Path, typed: str) -> None:
    text = f"{LEAST_YAML}contact_appointed: {typed}\n"
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, text))).problems
    assert problem.field == "contact_appointed"
    assert "no, yes" in problem.allowed


def test_facts_of_three_values_stay_words() -> None:
    incident = comms.Incident.from_dict(LEAST | {"grave": False, "victim": {"unsafe_at_home": True}})
    assert (incident.grave, incident.victim.unsafe_at_home) == ("no", "yes")
    (problem,) = refused_dict(grave=True).problems
    assert (problem.field, "attempt" in problem.allowed) == ("grave", True)


def test_case_matters_and_is_hinted_at() -> None:
    (problem,) = refused_dict(scale="Class").problems
    assert problem.suggestion == "bedoelde u class?"


# --- Defaults ---------------------------------------------------------------------------------------------------------


def test_what_is_left_out_takes_the_cautious_value() -> None:
    before = date.today()
    incident = comms.Incident.from_dict(LEAST)
    assert before <= incident.date <= date.today()
    facts = {name: getattr(incident, name) for name in comms.Incident.__dataclass_fields__}
    victim = {name: getattr(facts["victim"], name) for name in comms.Victim.__dataclass_fields__}
    for name in ("school", "victim", "date"):
        del facts[name]
    assert {name: value or None if name in ("released",) else value for name, value in facts.items()} == {
        "scale": "class",
        "media": "none",
        "group": None,
        "phase": "first",
        "sent": (),
        "material": "unknown",
        "origin": "unknown",
        "police": "not_consulted",
        "suspect": "unknown",
        "inspector_consulted": False,
        "contact_appointed": False,
        "grave": "no",
        "outside_expert": False,
        "several_victims": False,
        "released": None,
        "next_update": None,
        "protected": (),
    }
    assert {name: value or None for name, value in victim.items()} == {
        "role": "student",
        "age": "unknown",
        "consent": "not_asked",
        "consent_for": None,
        "unsafe_at_home": "unknown",
        "parents": "unknown",
    }
    assert incident.school.languages == ("nl",)


@pytest.mark.parametrize("field", ["school", "scale", "media"])
@pytest.mark.parametrize("given", [None, "", "absent"])
def test_three_facts_are_required(field: str, given: str | None) -> None:
    facts = {name: value for name, value in LEAST.items() if name != field}
    if given != "absent":
        facts[field] = given
    (problem,) = refused(lambda: comms.Incident.from_dict(facts)).problems
    assert (problem.field, problem.wrong) == (field, "ontbreekt")


@pytest.mark.parametrize("blank", ["", " ", "\n", "\u00a0"], ids=ascii)
def test_blanks_are_nobody(blank: str) -> None:
    """A release needs someone who decided, and a school a name: what is blank on paper is missing."""
    for given in ({"released": {"students": {"by": blank, "at": "nu"}}}, {"school": {"name": blank}}):
        (problem,) = refused_dict(**given).problems
        assert problem.wrong == "ontbreekt"


@pytest.mark.parametrize(
    ("field", "values"),
    {
        "phase": "first update closing",
        "material": "sexual other unknown",
        "origin": "forwarded threat deepfake unknown",
        "scale": "few class year school public unknown",
        "media": "none expected asking published",
        "police": "not_consulted consulted preserve reported",
        "suspect": "unknown student staff outsider",
        "grave": "no attempt death other",
        "victim.role": "student teacher",
        "victim.age": "minor adult unknown",
        "victim.consent": "granted refused not_asked",
        "victim.unsafe_at_home": "no yes unknown",
        "victim.parents": "know not_to_know unknown",
    }.items(),
)
def test_a_fact_takes_its_words_and_no_other(field: str, values: str) -> None:
    table, _, name = field.rpartition(".")
    for value in values.split():
        incident = comms.Incident.from_dict(LEAST | ({table: {name: value}} if table else {name: value}))
        assert getattr(incident.victim if table else incident, name) == value
    (problem,) = refused_dict(**({table: {name: "x"}} if table else {name: "x"})).problems
    assert (problem.field, problem.allowed) == (field, f"toegestaan: {', '.join(values.split())}")


# --- Values from a program --------------------------------------------------------------------------------------------


def test_dates_may_be_dates() -> None:
    given = {"date": date(2026, 11, 20), "next_update": datetime(2026, 11, 21, 16, 0)}
    incident = comms.Incident.from_dict(LEAST | given)
    assert {"date": incident.date, "next_update": incident.next_update} == given
    assert comms.Incident.from_dict(LEAST | {name: str(value)[:16] for name, value in given.items()}) == incident


def test_a_release_may_hold_a_moment() -> None:
    given = {"students": {"by": "directeur", "at": datetime(2026, 11, 20, 14, 0)}}
    assert comms.Incident.from_dict(LEAST | {"released": given}).released == {
        "students": comms.Release("directeur", "2026-11-20 14:00")
    }


def test_none_is_the_same_as_left_out() -> None:
    names = [name for name in comms.Incident.__dataclass_fields__ if name not in LEAST]
    today = {"date": date(2026, 11, 20)}
    given = LEAST | dict.fromkeys(names) | today | {"victim": dict.fromkeys(comms.Victim.__dataclass_fields__)}
    assert comms.Incident.from_dict(given) == comms.Incident.from_dict(LEAST | today)


def test_values_of_a_program_are_read_as_typed() -> None:
    school = {"name": 112, "phone": 113, "students": 12_000}
    incident = comms.Incident.from_dict(LEAST | {"school": school, "group": 3.5, "sent": ("students", "students")})
    assert (incident.school.name, incident.school.phone, incident.school.students) == ("112", "113", 12_000)
    assert (incident.group, incident.sent) == ("3.5", ("students",))


@pytest.mark.parametrize(
    "given",
    [
        {"group": Ellipsis},
        {"group": b"bytes"},
        {"group": 1j},
        {"group": ["a"]},
        {"group": {"a": "b"}},
        {"date": datetime(2026, 11, 20, 14, 0)},
        {"next_update": date(2026, 11, 20)},
        {"date": 20261120},
        {"sent": "students"},
        {"sent": {"students": True}},
        {"sent": [["students"]]},
        {"victim": ["minor"]},
        {"victim": {"consent_for": ["press"]}},
        {"victim": {"consent_for": {"press": True}}},
        {"released": ["students"]},
        {"released": {"students": "directeur"}},
        {"released": {"students": {"by": "directeur", "at": None}}},
        {"protected": {"a": "b"}},
        {"protected": [["a"]]},
        {"school": ["Voorbeeldcollege"]},
        {"school": {"name": ["Voorbeeldcollege"]}},
        {"school": {"name": "X", "languages": "nl"}},
        {"school": {"name": "X", "students": -1}},
        {"school": {"name": "X", "students": True}},
        {"school": {"name": "X", "roles": {"mentor": "x"}}},
        {"school": {"name": "X", "signatory": "de directeur"}},
        {1: "x"},
        {None: "x"},
        {"": "x"},
    ],
    ids=repr,
)
def test_what_does_not_belong_is_an_input_error(given: dict[Any, Any]) -> None:
    error = refused(lambda: comms.Incident.from_dict(LEAST | given))
    assert len(error.problems) == 1
    assert str(error)


def test_a_dict_that_holds_itself_is_too_deep() -> None:
    endless: dict[str, Any] = {}
    endless["victim"] = endless
    assert "te diep" in str(refused(lambda: comms.Incident.from_dict(LEAST | endless)))


def test_any_mapping_will_do_at_any_depth() -> None:
    facts = MappingProxyType(LEAST | {"victim": MappingProxyType({"age": "minor"})})
    assert comms.Incident.from_dict(facts).victim.age == "minor"


def test_the_mapping_that_is_given_stays_as_it_was() -> None:
    facts = LEAST | {"victim": {"age": "minor"}, "sent": ["students"]}
    before = json.dumps(facts)
    comms.Incident.from_dict(facts)
    assert json.dumps(facts) == before


# --- Characters -------------------------------------------------------------------------------------------------------

LONE = "a\ud800b"


def test_a_pair_of_surrogates_in_json_is_one_character(tmp_path: Path) -> None:
    text = json.dumps(LEAST | {"group": "locatie 🌻"}, ensure_ascii=True)
    assert "\\ud83c\\udf3b" in text
    assert comms.Incident.load(written(tmp_path, text, "incident.json")).group == "locatie 🌻"


def test_a_lone_surrogate_comes_out_visibly(tmp_path: Path) -> None:
    text = json.dumps(LEAST | {"scale": "school", "group": LONE})
    plan = comms.plan(comms.Incident.load(written(tmp_path, text, "incident.json")))
    assert plan.message("students").reach.text == "alle studenten van a\ufffdb"


@pytest.mark.parametrize("where", ["value", "key", "school", "protected", "letterhead", "language", "audience"])
def test_odd_characters_do_not_reach_the_screen(where: str) -> None:
    """An error can be printed, and what is printed can not steer a terminal."""
    for odd in (LONE, "a\x1b[31mb", "a\0b", "a\x07b", "a\x9bb"):
        facts: dict[str, Any] = {
            "value": {"grave": odd},
            "key": {odd: "x"},
            "school": {"school": odd},
            "protected": {"protected": odd},
            "letterhead": {"school": {"name": "X", "letterhead": odd}},
            "language": {"school": {"name": "X", "languages": [odd]}},
            "audience": {"victim": {"consent_for": {odd: "granted"}}},
        }[where]
        told = str(refused_dict(**facts))
        told.encode()
        assert odd[1] not in told
        assert "a\ufffd" in told


def test_a_control_character_in_json_is_refused_and_not_repeated(tmp_path: Path) -> None:
    text = json.dumps(LEAST)[:-1] + ', "group": "a\x1b[31m"}'
    error = refused(lambda: comms.Incident.load(written(tmp_path, text, "incident.json")))
    assert "\x1b" not in str(error)


def test_a_lone_surrogate_in_yaml_does_not_crash(tmp_path: Path) -> None:
    text = LEAST_YAML + 'group: "\\ud800"\n'
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, text))).problems
    assert problem.place.line == 4


# --- The profile and the paths ----------------------------------------------------------------------------------------

PROFILE = {
    "name": "Voorbeeldcollege",
    "place": "Zwolle",
    "website": "www.voorbeeldcollege.nl",
    "email": "info@voorbeeldcollege.nl",
    "phone": "030 123 45 67",
    "students": 12000,
    "tips_url": "https://www.voorbeeldcollege.nl/tips",
    "signatory": {"name": "A. Directeur", "role": "directeur"},
    "help": {"name": "Loket", "role": "receptie", "phone": "030 123 45 68", "email": "loket@voorbeeldcollege.nl"},
    "press": {"name": "W. Voerder", "phone": "030 123 45 69", "email": "pers@voorbeeldcollege.nl"},
    "online_responder": {"name": "O. Nliner"},
    "roles": {"slb": "mentor"},
    "languages": ["nl", "en"],
}


def test_a_profile_may_stand_in_the_file_or_beside_it(tmp_path: Path) -> None:
    written(tmp_path, json.dumps(PROFILE), "school.json")
    inline = comms.Incident.from_dict(LEAST | {"school": PROFILE})
    by_path = comms.Incident.from_dict(LEAST | {"school": "school.json"}, base=tmp_path)
    by_object = comms.Incident.from_dict(LEAST | {"school": Path("school.json")}, base=str(tmp_path))
    absolute = comms.Incident.from_dict(LEAST | {"school": str(tmp_path / "school.json")}, base="elsewhere")
    assert inline.school == by_path.school == by_object.school == absolute.school
    assert inline.school.press == comms.Contact("W. Voerder", None, "030 123 45 69", "pers@voorbeeldcollege.nl")
    assert inline.school.students == 12_000
    assert inline.school.languages == ("nl", "en")
    assert (inline.school.role("slb"), inline.school.role("team_leader")) == ("mentor", "teamleider")


def test_paths_start_at_the_file_that_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("cases", "house/style", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    written(tmp_path / "house", "name: X\nletterhead: style/paper.docx\ntemplates: style\n", "school.yaml")
    written(tmp_path / "house/style", b"", "paper.docx")
    written(tmp_path / "cases", "# namen\nQ. Zwaluwstaart\n\n  3B-nacht  \n", "words.txt")
    facts = "school: ../house/school.yaml\nprotected: words.txt\nscale: class\nmedia: none\n"
    path = written(tmp_path / "cases", facts)
    monkeypatch.chdir(tmp_path / "elsewhere")
    for incident in (comms.Incident.load(path), comms.Incident.load("../cases/incident.yaml")):
        assert incident.protected == ("Q. Zwaluwstaart", "3B-nacht")
        assert incident.school.letterhead is not None
        assert incident.school.letterhead.resolve() == tmp_path / "house/style/paper.docx"
        assert incident.school.templates is not None
        assert incident.school.templates.resolve() == tmp_path / "house/style"


def test_a_folder_is_no_profile_and_no_letterhead(tmp_path: Path) -> None:
    for given in ({"school": "."}, {"protected": "."}, {"school": {"name": "X", "letterhead": "."}}):
        error = refused(lambda given=given: comms.Incident.from_dict(LEAST | given, base=tmp_path))
        assert error.problems


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "info@voorbeeldcollege.nl\nBcc: x@y.nl"),
        ("email", "a b@c.nl"),
        ("email", "Info <info@school.nl>"),
        ("email", "a@b.nl,c@d.nl"),
        ("phone", "zie website"),
        ("phone", "030\n123"),
        ("website", "javascript:alert(1)"),
        ("website", "www.school.nl/<script>"),
        ("tips_url", "javascript:alert(1)"),
        ("tips_url", "JavaScript://www.school.nl/%0aalert(1)"),
        ("tips_url", "data:text/html,x"),
        ("tips_url", "file:///etc/passwd"),
        ("tips_url", "//www.school.nl"),
        ("tips_url", "https://"),
        ("tips_url", 'https://www.school.nl/"onclick'),
        ("tips_url", "https://www.school.nl/a b"),
        ("students", "1e3"),
        ("students", "ongeveer 12000"),
        ("students", "١٢"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused(field: str, value: str) -> None:
    (problem,) = refused_dict(school={"name": "X", field: value}).problems
    assert problem.field.removeprefix("school.") == field
    assert problem.allowed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "o'neil+pers@mbo.voorbeeld-college.nl"),
        ("website", "https://www.voorbeeldcollege.nl/over-ons"),
        ("website", "voorbeeldcollege.nl"),
        ("tips_url", "https://www.voorbeeldcollege.nl/tips?x=1&y=2#top"),
        ("tips_url", "http://intranet.school.nl:8080/tips"),
    ],
)
def test_a_value_of_the_right_form_is_kept_as_typed(field: str, value: str) -> None:
    assert getattr(comms.Incident.from_dict(LEAST | {"school": {"name": "X", field: value}}).school, field) == value


# --- Protected words --------------------------------------------------------------------------------------------------

WORD = "Zwaluwstaart"


@pytest.mark.parametrize(
    "given",
    [
        {"group": f"de klas van {WORD}"},
        {"group": f"de klas van {WORD.upper()}s broer en z.w.a.l.u.w.s.t.a.a.r.t"},
        {"group": "Zwalüwstaart"},
        {"scale": WORD},
        {"grave": WORD},
        {"date": WORD},
        {"next_update": WORD},
        {"contact_appointed": WORD},
        {"sent": [WORD]},
        {"victim": {"consent": WORD}},
        {"victim": WORD},
        {"victim": {"consent_for": {"press": WORD}}},
        {"released": {"students": {"by": WORD, "at": "nu"}}},
        {"released": {"students": {"by": "directeur", "at": WORD}}},
        {"school": {"name": f"{WORD}college {WORD}"}},
        {"school": {"name": "X", "phone": WORD}},
        {"school": {"name": "X", "email": f"{WORD}@nergens"}},
        {"school": {"name": "X", "students": WORD}},
        {"school": {"name": "X", "tips_url": WORD}},
        {"school": {"name": "X", "languages": [WORD]}},
        {"school": {"name": "X", "letterhead": f"{WORD}.docx"}},
        {"school": {"name": "X", "templates": WORD}},
    ],
    ids=repr,
)
def test_a_protected_word_is_refused_and_never_repeated(given: dict[str, Any]) -> None:
    """Neither by the error that says so, nor by another error about the same value."""
    error = refused_dict(**given, protected=[WORD])
    assert [each for each in error.problems if "beschermd woord" in each.wrong]
    assert WORD.casefold() not in str(error).casefold()
    assert "zwal" not in str(error).casefold(), "nor in another form"


@pytest.mark.parametrize(
    "given",
    [
        {WORD: "x"},
        {"victim": {WORD: "x"}},
        {"victim": {"consent_for": {WORD: "granted"}}},
        {"released": {WORD: {"by": "x", "at": "y"}}},
        {"school": {"name": "X", WORD: "x"}},
        {"school": f"{WORD}.yaml"},
    ],
    ids=repr,
)
def test_a_protected_word_as_a_key_or_a_path_is_not_repeated_either(given: dict[str, Any]) -> None:
    assert WORD.casefold() not in str(refused_dict(**given, protected=[WORD])).casefold()


def test_a_protected_word_in_a_broken_profile_is_not_repeated(tmp_path: Path) -> None:
    written(tmp_path, f'{{"name": {WORD}}}', "school.json")
    facts = LEAST | {"school": "school.json", "protected": [WORD]}
    error = refused(lambda: comms.Incident.from_dict(facts, base=tmp_path))
    assert "geen leesbaar JSON" in str(error)
    assert WORD[:6] not in str(error)


def test_the_place_of_a_protected_word_is_told(tmp_path: Path) -> None:
    written(tmp_path, f"# niet delen\n{WORD}\n", "words.txt")
    written(tmp_path, f"name: X\nplace: {WORD}\n", "school.yaml")
    text = f"school: school.yaml\nprotected: words.txt\nscale: class\nmedia: none\ngroup: bij {WORD.lower()}\n"
    path = written(tmp_path, text)
    error = refused(lambda: comms.Incident.load(path))
    assert [(Path(each.place.file).name, each.place.line, each.field) for each in error.problems] == [
        ("incident.yaml", 5, "group"),
        ("school.yaml", 2, "place"),
    ]


@pytest.mark.parametrize("text", ["zwaluw", "zwaluwstaarten", "een januaridag"])
def test_only_whole_words_are_protected(text: str) -> None:
    assert comms.Incident.from_dict(LEAST | {"group": text, "protected": [WORD, "Jan"]}).group == text


def test_what_is_protected_in_vain_is_refused_or_found() -> None:
    """A nickname without letters is a nickname; what can not be found must not seem safe."""
    for nickname in ("🌻", "_-_"):
        refused_dict(group=f"de groep van {nickname}", protected=[nickname])


def test_protected_words_may_be_a_list_or_a_file(tmp_path: Path) -> None:
    written(tmp_path, b"\xef\xbb\xbfQ. Zwaluwstaart\r\n# wie\r\n\r\n3B-nacht", "words.txt")
    by_file = comms.Incident.from_dict(LEAST | {"protected": "words.txt"}, base=tmp_path)
    by_list = comms.Incident.from_dict(LEAST | {"protected": ["Q. Zwaluwstaart", "3B-nacht"]})
    assert by_file.protected == by_list.protected == ("Q. Zwaluwstaart", "3B-nacht")


def test_protected_words_that_are_no_utf_8_are_told_with_the_field(tmp_path: Path) -> None:
    written(tmp_path, b"Jos\xe9\n", "words.txt")
    facts = LEAST | {"protected": "words.txt"}
    error = refused(lambda: comms.Incident.from_dict(facts, base=tmp_path))
    assert "protected" in [each.field for each in error.problems]
    assert "UTF-8" in str(error)


# --- YAML that surprises ----------------------------------------------------------------------------------------------


def test_every_alias_anchor_and_tag_is_told(tmp_path: Path) -> None:
    text = "school: {name: &n X}\nscale: !!str class\nmedia: none\ngroup: *n\nvictim: !!python/object:os.system {}\n"
    error = refused(lambda: comms.Incident.load(written(tmp_path, text)))
    assert [(each.place.line, each.place.column) for each in error.problems][:4] == [(1, 16), (2, 8), (4, 8), (5, 9)]


def test_aliases_do_not_multiply(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    error = refused(lambda: comms.Incident.load(written(tmp_path, "\n".join(lines) + "\n")))
    assert len(error.problems) < 1_000


def test_a_merge_key_is_an_unknown_field(tmp_path: Path) -> None:
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, f"{LEAST_YAML}<<: {{group: x}}\n"))).problems
    assert (problem.field, problem.wrong) == ("<<", "onbekend veld")


def test_a_list_or_table_as_a_key_is_told(tmp_path: Path) -> None:
    (problem,) = refused(lambda: comms.Incident.load(written(tmp_path, f"{LEAST_YAML}[a, b]: x\n"))).problems
    assert (problem.place.line, problem.place.column) == (4, 1)


def test_double_keys_are_told_at_every_depth_and_each_time(tmp_path: Path) -> None:
    text = LEAST_YAML + "victim:\n  age: minor\n  age: adult\n  age: unknown\nscale: year\n"
    error = refused(lambda: comms.Incident.load(written(tmp_path, text)))
    assert [(each.place.line, each.place.column) for each in error.problems] == [(6, 3), (7, 3), (8, 1)]


@pytest.mark.parametrize("depth", [30, 500, 50_000])
@pytest.mark.parametrize(("name", "pair"), [("x.yaml", "[]"), ("x.json", "[]"), ("x.yaml", "- "), ("x.json", '{"a":')])
def test_no_depth_crashes(tmp_path: Path, depth: int, name: str, pair: str) -> None:
    opening, closing = (pair[0], pair[1]) if pair == "[]" else (pair, "")
    text = opening * depth + closing * depth
    assert "te diep" in str(refused(lambda: comms.Incident.load(written(tmp_path, text, name))))


@pytest.mark.parametrize(
    "text",
    [
        "{", "[", '{"school"', '{"school":', '{"school": {"name": "x"}', '{"a": 1 "b": 2}', "{'school': 'x'}", "[1,]",
        '{"a": "\\x"}', '{"a": "\\u12"}', '{"a": "\n"}', '{"a": +1}', '{"a": .5}', '{"a": NaN}', '{"a": tru}', "{1: 2}",
        '{"a": "x"} {}', "nul", '"', "\\", "{,}", '{"a":: 1}',
    ],
)  # fmt: skip
def test_what_is_no_json_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    error = refused(lambda: comms.Incident.load(written(tmp_path, text, "incident.json")))
    assert "geen leesbaar JSON" in error.problems[-1].wrong
    assert error.problems[-1].place.line >= 1


@pytest.mark.parametrize("seed", range(4))
def test_no_broken_text_crashes(tmp_path: Path, seed: int) -> None:
    """Whatever is cut out, doubled or typed in between: an incident or an InputError, nothing else."""
    import random

    dice = random.Random(seed)
    good = [path for path in BROKEN.iterdir() if path.stat().st_size]
    outcomes = set()
    for number in range(250):
        source = good[number % len(good)]
        data = bytearray(source.read_bytes())
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data) + 1)
            match dice.randrange(3):
                case 0:
                    del data[at : at + dice.randint(1, 8)]
                case 1:
                    data[at:at] = data[at : at + dice.randint(1, 20)]
                case _:
                    data[at:at] = dice.choice(
                        (b"\t", b"\0", b"\xff", b"'", b'"', b"{", b"]", b"- ", b": ", b"&a", b"*a", b"!x ", b"%", b"\r",
                         b"\xc2\x85", b"\xe2\x80\xa8", b"? ", b"| ", b"\\ud800", b"<<: ", b"~", b"\x1b", b"@", b"...\n")
                    )  # fmt: skip
        path = written(tmp_path, bytes(data), f"case{PurePosixPath(source.name).suffix}")
        try:
            outcomes.add(type(comms.Incident.load(path)).__name__)
        except comms.InputError as error:
            outcomes.add("InputError")
            assert str(error)
    assert "InputError" in outcomes
