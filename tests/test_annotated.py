"""Drafts with an explanation: a comment at each passage, read back from real Word files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import HELD, OPEN, OPEN_YAML, PROFILE, ROOT, incident
from lxml import etree
from office import NAMESPACES, paragraph, text_box
from test_docx import PLACES, edited, text_xml, with_header

import comms
from comms import cli
from comms.documents import documents
from comms.drafts import drafts_of
from comms.planning import plan
from comms.policy import provisions
from comms.review.formats import word
from comms.templating import asked
from comms.training import reasons
from comms.training.annotated import annotated
from comms.training.exercise_files import files
from comms.training.exercises import exercises

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FACTS = [
    OPEN,
    HELD,
    OPEN | {"origin": "deepfake", "phase": "update", "sent": ["teachers", "students"]},
    OPEN | {"grave": "attempt", "outside_expert": True, "media": "none", "scale": "class"},
]


def comments_in(docx: bytes) -> list[tuple[str, str]]:
    """The comments of a Word file: the text that each stands around, and what it says, its paragraphs as lines."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
        parts = etree.fromstring(archive.read("word/comments.xml"))
    around: dict[str, str] = {}
    open_now: list[str] = []
    for element in body.iter():
        if element.tag == f"{W}commentRangeStart":
            open_now.append(element.get(f"{W}id"))
            around[open_now[-1]] = ""
        elif element.tag == f"{W}commentRangeEnd":
            open_now.remove(element.get(f"{W}id"))
        text = {f"{W}t": element.text or "", f"{W}br": " ", f"{W}p": " "}.get(element.tag, "")
        for each in open_now:
            around[each] += text
    assert not open_now
    references = {each.get(f"{W}id") for each in body.iter(f"{W}commentReference")}
    assert references == set(around)
    said = {each.get(f"{W}id"): "\n".join(_lines(each)) for each in parts}
    return [(" ".join(around[each].split()), said[each]) for each in around]


def _lines(comment: Any) -> Iterator[str]:
    for each in comment.iter(f"{W}p"):
        yield "".join(text.text or "" for text in each.iter(f"{W}t"))


def made_of(made: comms.Incident, *audiences: str, language: str = "nl") -> list[tuple[comms.Draft, bytes]]:
    planned = plan(made)
    drafts = drafts_of(made, planned, audiences or None, [language])
    return [(each, annotated(each, made, planned)) for each in drafts]


@pytest.mark.parametrize("facts", FACTS, ids=["open", "held", "deepfake", "attempt"])
def test_each_passage_has_one_comment_and_it_stands_around_the_passage(facts: dict[str, Any]) -> None:
    for draft, docx in made_of(incident(facts)):
        wanted = [
            " ".join(" ".join(block.text for each in group for block in each.blocks).split())
            for _id, group in groupby(draft.passages, key=lambda each: each.id)
        ]
        found = comments_in(docx)
        assert sorted(text for text, _said in found) == sorted(wanted), draft.document.id


def test_a_comment_says_what_the_policy_asks_and_which_facts_chose_the_passage() -> None:
    ((_draft, docx),) = made_of(incident(), "students")
    (said,) = [said for text, said in comments_in(docx) if text.startswith("Verspreid de beelden niet.")]
    assert f"Beleid 3.students.6b: {provisions()['3.students.6b'].gist['nl']}" in said
    assert "Staat hier bij deze feiten: tekst: volledig." in said
    assert said.endswith("Passage: students.forbid")
    (said,) = [said for text, said in comments_in(docx) if text.startswith("Wij kregen een melding")]
    assert "hoe het is ontstaan: doorgestuurd; soort beelden: seksueel; wie er in beeld is: student." in said


def test_the_first_comment_says_not_to_send_it_and_what_the_plan_says() -> None:
    ((_draft, docx),) = made_of(incident(victim={"consent": "refused"}), "students")
    title, said = comments_in(docx)[1]  # the date stands above the title
    assert title == "Krijg je beelden van een ander? Stuur ze niet door"
    assert said.startswith("Kopie met uitleg, om van te leren. Verstuur deze niet.\nPlan: studenten: vasthouden, kort ")
    assert "Het slachtoffer wil het niet" in said


def test_a_passage_without_a_provision_says_so() -> None:
    ((_draft, docx),) = made_of(incident(), "students")
    (said,) = [said for text, said in comments_in(docx) if text == "Beste studenten,"]
    assert said == "Voert zelf geen bepaling uit.\nStaat in elke tekst van deze soort.\nPassage: students.greeting"


def test_comments_are_in_the_language_of_the_interface() -> None:
    with comms.ui_language("en"):
        ((_draft, docx),) = made_of(incident(), "students", language="nl")
    said = "\n".join(said for _text, said in comments_in(docx))
    assert f"Policy 3.students.6b: {provisions()['3.students.6b'].gist['en']}" in said
    assert "Beleid" not in said


def test_only_comments_are_new() -> None:
    for draft, docx in made_of(incident()):
        plain = draft.docx_bytes()
        assert word.read(BytesIO(docx)).written == word.read(BytesIO(plain)).written
        with zipfile.ZipFile(BytesIO(docx)) as new, zipfile.ZipFile(BytesIO(plain)) as old:
            changed = {
                name for name in new.namelist() if name not in old.namelist() or new.read(name) != old.read(name)
            }
        assert changed == {
            "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", "word/comments.xml",
        }  # fmt: skip


def test_what_conditions_ask_is_known_of_every_passage_of_every_draft() -> None:
    for path in sorted((ROOT / "samples").glob("[0-9]*.yaml")):
        made = comms.Incident.load(path)
        for draft in comms.draft(made, languages=["nl"]):
            known = asked(draft.document.template)
            assert [each.id for each in draft.passages if each.id not in known] == []


def test_every_fact_that_a_condition_asks_has_words() -> None:
    told_by_the_plan = ("incident.sent", "incident.victim.consent_for", "incident.released")
    for document in documents().values():
        for names in asked(document.template).values():
            for name in names:
                if name.startswith("incident.") and name not in told_by_the_plan:
                    assert name.split(".")[-1] in reasons.FACT_NAMES.keys() & reasons._LABELS.keys(), name


def test_a_letterhead_of_a_school_has_them_at_the_right_places_too(tmp_path: Path) -> None:
    cell = f"<w:tc><w:tcPr/>{text_xml(*PLACES[:3])}</w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl>"
    body = f"<w:document {NAMESPACES}><w:body>{table}{text_xml(PLACES[3])}</w:body></w:document>"
    path = edited(tmp_path / "body.docx", lambda parts: parts.update({"word/document.xml": body.encode()}))
    letterhead = with_header(tmp_path / "letterhead.docx", PLACES[1], source=path)
    ((draft, docx),) = made_of(incident(school={"letterhead": str(letterhead)}), "students")
    found = comments_in(docx)
    assert len(found) == len({each.id for each in draft.passages})
    assert found[1][0] == "Stuur de beelden niet door"
    assert found[-1][0].startswith("Met vriendelijke groet")


def test_a_title_in_a_text_box_is_explained_at_the_top(tmp_path: Path) -> None:
    xml = paragraph(text_box(text_xml(PLACES[1])))
    body = f"<w:document {NAMESPACES}><w:body>{xml}{text_xml(PLACES[0], *PLACES[2:])}</w:body></w:document>"
    letterhead = edited(tmp_path / "l.docx", lambda parts: parts.update({"word/document.xml": body.encode()}))
    ((_draft, docx),) = made_of(incident(school={"letterhead": str(letterhead)}), "students")
    ((_text, said),) = [each for each in comments_in(docx) if "Passage: students.title" in each[1]]
    assert said.startswith("Dit gaat over: “Stuur de beelden niet door”\nKopie met uitleg")


def test_a_protected_word_is_in_no_comment() -> None:
    ((_draft, docx),) = made_of(incident(OPEN | {"protected": ["emotioneel"]}), "students")
    (said,) = [said for text, said in comments_in(docx) if text.startswith("Zoiets is heel zwaar")]
    assert said.startswith("Staat hier bij deze feiten")


# --- The command


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "school.yaml").write_text(yaml.safe_dump(PROFILE), "utf-8")
    (tmp_path / "incident.yaml").write_text(OPEN_YAML, "utf-8")
    return tmp_path


def test_a_copy_is_written_beside_each_draft(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asks = ["-a", "students", "-a", "phone_card", "--annotated"]
    assert cli.run(["draft", "incident.yaml", "-f", "md", *asks]) == 0
    names = ["phone_card.nl.annotated.docx", "phone_card.nl.md", "students.nl.annotated.docx", "students.nl.md"]
    assert sorted(each.name for each in (desk / "drafts").iterdir()) == names
    assert sorted(capsys.readouterr().out.split()) == [f"drafts/{each}" for each in names]
    first = (desk / "drafts" / names[2]).read_bytes()
    assert cli.run(["draft", "incident.yaml", "-f", "md", *asks]) == 0
    assert (desk / "drafts" / names[2]).read_bytes() == first


def test_a_held_one_is_written_only_when_asked_for(desk: Path) -> None:
    held = [
        "draft",
        "incident.yaml",
        "--set",
        "contact_appointed=no",
        "--media",
        "none",
        "-a",
        "students",
        "--annotated",
    ]
    assert cli.run(held) == 0
    assert not (desk / "drafts").exists()
    assert cli.run([*held, "--include-held"]) == 0
    shown = word.read(BytesIO((desk / "drafts" / "students.nl.annotated.docx").read_bytes())).written.text
    assert "NIET VERZENDEN" in shown


def test_all_or_nothing_and_nothing_is_overwritten(desk: Path) -> None:
    (desk / "drafts").mkdir()
    standing = desk / "drafts" / "students.nl.annotated.docx"
    standing.write_bytes(b"van mij")
    asks = ["draft", "incident.yaml", "-a", "students", "--annotated"]
    assert cli.run(asks) == 3
    assert [each.name for each in (desk / "drafts").iterdir()] == [standing.name]
    assert standing.read_bytes() == b"van mij"
    assert cli.run([*asks, "--overwrite"]) == 0
    assert comments_in(standing.read_bytes())


def test_as_data_no_file_is_written_without_a_folder(desk: Path) -> None:
    asks = ["draft", "incident.yaml", "-a", "students", "--annotated", "--json"]
    assert cli.run(asks) == 0
    assert not (desk / "drafts").exists()
    assert cli.run([*asks, "-o", "uit"]) == 0
    assert sorted(each.name for each in (desk / "uit").iterdir()) == ["students.nl.annotated.docx", "students.nl.docx"]


def test_a_copy_from_before_a_refusal_is_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["draft", "incident.yaml", "-a", "students", "--annotated"]) == 0
    capsys.readouterr()
    assert cli.run(["draft", "incident.yaml", "--consent", "refused"]) == 0
    assert "staat er nog van eerder" in (told := capsys.readouterr().err)
    assert "drafts/students.nl.annotated.docx" in told


# --- Exercises in Word


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_key_of_an_exercise_has_each_fault_as_a_comment_at_its_place(language: str) -> None:
    for exercise in exercises(ROOT / "samples" / "faults", language):
        found = comments_in(files(exercise)[f"{exercise.id}.key.docx"])
        places = [each.better if each.missing else exercise.text[each.start : each.end] for each in exercise.faults]
        assert [text for text, _said in found] == [" ".join(each.split()) for each in places]
        for fault, (_text, said) in zip(exercise.faults, found, strict=True):
            assert fault.note in said and fault.why in said and fault.better in said
            assert all(f"{each}: {provisions()[each].gist[language]}" in said for each in fault.provisions)


def test_an_exercise_gives_nothing_away_and_has_room_to_write() -> None:
    for exercise in exercises(ROOT / "samples" / "faults", "nl"):
        sheet = files(exercise)[f"{exercise.id}.exercise.docx"]
        with zipfile.ZipFile(BytesIO(sheet)) as archive:
            assert "word/comments.xml" not in archive.namelist()
            body = etree.fromstring(archive.read("word/document.xml"))
        wide = [each for each in body.iter(f"{W}p") if each.find(f"{W}pPr/{W}ind") is not None]
        texts = ["".join(text.text or "" for text in each.iter(f"{W}t")) for each in wide]
        assert texts == [each.replace("\n", "") for each in exercise.text.split("\n\n")]
        read = word.read(BytesIO(sheet)).written.text
        assert "Wat ontbreekt er?" in read
        assert all(fault.note not in read for fault in exercise.faults)
