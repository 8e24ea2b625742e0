"""Who it is about stays unknown: protected words in no output and no form, and a warning where facts fit few people."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import HELD, OPEN, PROFILE, ROOT, Ran, incident
from test_docx import NAMESPACES, edited, text_xml, with_body, with_header

import comms
from comms import cli
from comms.documents import documents

NAME = "Quirijn Zwaluwstaart"
PROTECTED = [NAME, "Jan", "3B-nacht", "@q_zwaluw", "Zoë"]
TRACE = re.compile(r"z\W*w\W*a\W*l\W*u\W*w", re.IGNORECASE)
"""How any form of the name is recognised in what is told."""
FORMATS = ("docx", "html", "md", "txt", "eml")
LETTERHEAD = ROOT / "templates" / "letterhead.docx"


Run = Callable[..., Ran]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a profile, an incident and protected words, where the command runs."""
    (tmp_path / "protected.txt").write_text("".join(f"{word}\n" for word in PROTECTED), "utf-8")
    profile(tmp_path)
    facts(tmp_path)
    for name in ("COMMS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "nl")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def profile(folder: Path, **changes: Any) -> None:
    text = yaml.safe_dump(PROFILE | changes, allow_unicode=True)
    (folder / "school.yaml").write_text(text, "utf-8")


def facts(folder: Path, **changes: Any) -> None:
    merged = OPEN | {"school": "school.yaml", "protected": "protected.txt"} | changes
    (folder / "incident.yaml").write_text(yaml.safe_dump(merged, allow_unicode=True), "utf-8")


@pytest.fixture
def run(desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def runs(*arguments: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        code = cli.run(list(arguments))
        return Ran(code, *capsys.readouterr())

    return runs


def own(folder: Path, body: str, passage: str = "students.greeting", language: str = "nl", name: str = "eigen") -> Path:
    path = folder / "teksten" / language / f"{name}.md.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{{% passage "{passage}" %}}\n{body}\n{{% endpassage %}}\n', "utf-8")
    return folder / "teksten"


def everything_in(content: bytes, suffix: str) -> str:
    """All that stands in a file: decoded, unpacked, names of parts, addresses and properties too."""
    if suffix == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [name + "\n" + archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        return "\n".join([*parts, *(re.sub(r"<[^>]*>", "", part) for part in parts)])
    if suffix == "eml":
        mail = message_from_bytes(content, policy=policy.default)
        bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        return "\n".join(
            [*(f"{name}: {value}" for name, value in mail.items()), *bodies, content.decode("utf-8", "replace")]
        )
    return content.decode("utf-8")


# --- In what a school writes itself -----------------------------------------------------------------------------------

FORMS = {
    "as it is": "Quirijn Zwaluwstaart",
    "small": "quirijn zwaluwstaart",
    "capitals": "QUIRIJN ZWALUWSTAART",
    "accents": "Quïrijn Zwalúwstäart",
    "combining accents": "Quirijn Zwalu\u0301wstaart",
    "hyphen": "Quirijn-Zwaluwstaart",
    "dots": "Quirijn.Zwaluwstaart",
    "underscore": "Quirijn_Zwaluwstaart",
    "one word": "QuirijnZwaluwstaart",
    "spelled out": "Q u i r i j n  Z w a l u w s t a a r t",
    "spelled with dots": "Q.u.i.r.i.j.n. Z.w.a.l.u.w.s.t.a.a.r.t.",
    "hyphenated": "Quirijn Zwaluw-staart",
    "soft hyphen": "Quirijn Zwaluw\u00adstaart",
    "zero width": "Quirijn Zwaluw\u200bstaart",
    "no-break space": "Quirijn\u00a0Zwaluwstaart",
    "ligature": "Quirĳn Zwaluwstaart",
    "full width": "Ｑｕｉｒｉｊｎ Ｚｗａｌｕｗｓｔａａｒｔ",
    "bold": "**Quirijn** Zwaluwstaart",
    "bold inside": "Qui**rijn Zwaluw**staart",
    "over lines": "Quirijn\nZwaluwstaart",
    "hard line break": "Quirijn  \nZwaluwstaart",
    "over paragraphs": "Quirijn\n\nZwaluwstaart",
    "over a list": "- Quirijn\n- Zwaluwstaart",
    "heading and text": "## Quirijn\n\nZwaluwstaart",
    "between quotes": "“Quirijn” (‘Zwaluwstaart’)",
    "with possessive": "Quirijn Zwaluwstaart's moeder",
    "shown link": "[Quirijn Zwaluwstaart](https://school.example/)",
    "address of a link": "[hier](https://school.example/quirijn-zwaluwstaart)",
    "address without hyphen": "[hier](https://school.example/?wie=QuirijnZwaluwstaart)",
    "address in code": "[hier](https://school.example/quirijn%20zwaluwstaart)",
    "mail address": "[mail](mailto:quirijn.zwaluwstaart@school.example)",
    "class": "Klas 3B nacht",
    "class in one": "Klas 3bnacht",
    "account": "Volg @Q_Zwaluw niet",
    "account without sign": "q zwaluw",
    "other accent": "Zoe",
    "short name": "Jan zegt",
}


@pytest.mark.parametrize("form", list(FORMS))
def test_a_protected_word_in_an_own_passage_stops_the_draft_in_any_form(form: str, tmp_path: Path) -> None:
    folder = own(tmp_path, f"Beste studenten, {FORMS[form]}" if "\n" not in FORMS[form] else FORMS[form])
    made = incident(school={"templates": str(folder)}, protected=PROTECTED)
    with pytest.raises(comms.ReviewError) as caught:
        comms.draft(made, ["students"])
    assert caught.value.exit_code == 1
    assert "students.greeting" in str(caught.value)
    assert not TRACE.search(str(caught.value))


ALLOWED = ["20 januari 2027", "Janneke", "de janitor", "Jans fiets", "Zoekt u iets? Bel ons.", "Wij zoeken.", "Bel 3 keer in de nacht",
           "een staart van een zwaluw", "Zwaluwstaarten", "Zoëven", "Anjan", "Quirijntje", "nacht 3B", "3b-nachten"]  # fmt: skip


@pytest.mark.parametrize("text", ALLOWED)
def test_what_only_resembles_a_protected_word_stops_nothing(text: str, tmp_path: Path) -> None:
    folder = own(tmp_path, text)
    (found,) = comms.draft(incident(school={"templates": str(folder)}, protected=PROTECTED), ["students"])
    assert text in found.markdown.replace("\\", "")
    assert found.findings == ()


def test_the_month_is_no_name() -> None:
    made = incident(date="2027-01-20", next_update="2027-01-21 16:00", protected=["Jan", "Mei", "jan."])
    for found in comms.draft(made, None, ["nl", "en"]):
        assert re.search("januari|January", found.text), found.document.id
        for suffix in FORMATS:
            assert found.content(suffix)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("document", [name for name in documents() if name != "next_of_kin"])
def test_every_document_is_looked_through(document: str, language: str, tmp_path: Path) -> None:
    """In the title too, which is the mail's subject and a property of the Word file."""
    made = incident(protected=PROTECTED)
    (plain,) = comms.draft(made, [document], [language])
    for passage in (plain.passages[0], plain.passages[-1]):
        folder = tmp_path / passage.id
        body = "# Over Quirijn Zwaluwstaart" if passage.part == "title" else "Quirijn Zwaluwstaart"
        own(folder, body, passage.id, language)
        with_own = incident(school={"templates": str(folder / "teksten")}, protected=PROTECTED)
        with pytest.raises(comms.ReviewError) as caught:
            comms.draft(with_own, [document], [language])
        assert passage.id in str(caught.value)


def test_a_name_over_two_passages_is_found(tmp_path: Path) -> None:
    """What stands one after the other is read as one, whoever wrote the parts."""
    plain = [each.id for each in comms.draft(incident(), ["students"])[0].passages]
    first, second = plain[3], plain[4]
    own(tmp_path, "Dit gaat over Quirijn", first, name="een")
    own(tmp_path, "Zwaluwstaart en anderen.", second, name="twee")
    with pytest.raises(comms.ReviewError):
        comms.draft(incident(school={"templates": str(tmp_path / "teksten")}, protected=PROTECTED), ["students"])


TOGETHER = [
    ({"signatory": {"name": "Quirijn", "role": "Zwaluwstaart"}}, "students", "txt"),
    ({"help": PROFILE["help"] | {"name": "Quirijn", "role": "Zwaluwstaart"}}, "students", "txt"),
    ({"name": "Quirijn", "place": "Zwaluwstaart"}, "students", "docx"),
    ({"press": PROFILE["press"] | {"name": "Quirijn Zwaluw-staart"}}, "press", "txt"),
]


@pytest.mark.parametrize(
    ("changes", "document", "suffix"), TOGETHER, ids=["signatory", "help", "school-and-place", "press"]
)
def test_values_that_make_the_name_together_are_found_where_they_meet(
    changes: dict[str, Any], document: str, suffix: str
) -> None:
    try:
        made = incident(school=changes, protected=PROTECTED)
        content = comms.draft(made, [document])[0].content(suffix)
    except comms.CommsError as error:
        assert not TRACE.search(str(error))
        return
    shown = re.sub(r"<[^>]*>", " ", everything_in(content, suffix))
    assert not re.search(r"Quirijn\W+Zwaluw\W?staart", shown), re.findall(r".{20}Zwaluw.{20}", shown)[:3]


def test_the_command_writes_nothing_when_one_text_holds_a_name(desk: Path, run: Run) -> None:
    own(desk, "Beste Quirijn,", "press.title")
    own(desk, "# Verklaring over q.zwaluw", "press.title")
    profile(desk, templates="teksten")
    before = sorted(path.name for path in desk.iterdir())
    for arguments in (["-f", "txt"], ["-f", "eml"], ["--json"], ["-f", "docx", "-f", "html", "-o", "uit"]):
        ran = run("draft", "incident.yaml", "--include-held", *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert "press.title" in ran.err
        assert not TRACE.search(ran.err)
    assert sorted(path.name for path in desk.iterdir()) == before


# --- In the letterhead ------------------------------------------------------------------------------------------------

CORE = (
    '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">{}</cp:coreProperties>'
)
APP = '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">{}</Properties>'
SPLIT = "<w:p><w:r><w:t>Qui</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>rijn Zwaluw</w:t></w:r><w:r><w:t>staart</w:t></w:r></w:p>"
BREAK = "<w:p><w:r><w:t>Quirijn</w:t><w:br/><w:t>Zwaluwstaart</w:t></w:r></w:p>"
TAB = "<w:p><w:r><w:t>Quirijn</w:t><w:tab/><w:t>Zwaluwstaart</w:t></w:r></w:p>"
CELLS = (
    "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>Quirijn</w:t></w:r></w:p>"
    "</w:tc><w:tc><w:tcPr/><w:p><w:r><w:t>Zwaluwstaart</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"
)
ALT_TEXT = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="1" name="logo" descr="Foto van Quirijn Zwaluwstaart"/></wp:inline></w:drawing></w:r></w:p>'
)


def put(name: str, xml: str) -> Callable[[Path], Path]:
    return lambda path: edited(path, lambda parts: parts.update({name: xml.encode()}))


def header(xml: str) -> Callable[[Path], Path]:
    return put("word/header1.xml", f"<w:hdr {NAMESPACES}>{xml}</w:hdr>")


def related(target: str) -> Callable[[Path], Path]:
    """A relation to something outside, such as the address behind a link or a template on someone's computer."""

    def change(parts: dict[str, bytes]) -> None:
        added = (
            '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
            f'Target="{target}" TargetMode="External"/></Relationships>'
        ).encode()
        parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
            b"</Relationships>", added
        )

    return lambda path: edited(path, change)


LETTERHEADS: dict[str, Callable[[Path], Path]] = {
    "body": lambda path: with_body(path, "Dossier Quirijn Zwaluwstaart"),
    "body-runs": lambda path: with_body(path, xml=SPLIT),
    "body-break": lambda path: with_body(path, xml=BREAK),
    "body-tab": lambda path: with_body(path, xml=TAB),
    "body-cells": lambda path: with_body(path, xml=CELLS),
    "body-paragraphs": lambda path: with_body(path, "Quirijn", "Zwaluwstaart"),
    "header": lambda path: with_header(path, "Groep van quirijn zwaluwstaart"),
    "header-runs": header(SPLIT),
    "header-spelled": lambda path: with_header(path, "Q.U.I.R.I.J.N. Z-w-a-l-u-w-s-t-a-a-r-t"),
    "footer": put("word/footer1.xml", f"<w:ftr {NAMESPACES}>{text_xml('QUIRIJN ZWALÚWSTAART')}</w:ftr>"),
    "title": put("docProps/core.xml", CORE.format("<dc:title>Quirijn Zwaluwstaart</dc:title>")),
    "keywords": put("docProps/core.xml", CORE.format("<cp:keywords>Quirijn, Zwaluwstaart</cp:keywords>")),
    "description": put("docProps/core.xml", CORE.format("<dc:description>Quirijn Zwaluwstaart</dc:description>")),
    "company": put("docProps/app.xml", APP.format("<Company>Quirijn Zwaluwstaart</Company>")),
    "manager": put("docProps/app.xml", APP.format("<Manager>Quirijn</Manager><Company>Zwaluwstaart</Company>")),
    "picture": lambda path: with_body(path, xml=ALT_TEXT),
    "link": related("https://school.example/quirijn-zwaluwstaart"),
    "variable": put("word/settings.xml", f'<w:settings {NAMESPACES}><w:docVars><w:docVar w:name="x" w:val="{NAME}"/></w:docVars></w:settings>'),
    "file-name": lambda path: edited(path, lambda parts: parts.update({"word/media/quirijn-zwaluwstaart.png": b"PNG"})),
}  # fmt: skip


@pytest.mark.parametrize("place", list(LETTERHEADS))
def test_a_protected_word_of_the_letterhead_comes_in_no_word_file(place: str, tmp_path: Path) -> None:
    """It is refused, or what held it is not in the file that is written."""
    path = LETTERHEADS[place](tmp_path / "papier.docx")
    made = incident(school={"letterhead": str(path)}, protected=PROTECTED)
    (found,) = comms.draft(made, ["students"])
    assert found.text
    try:
        content = found.docx_bytes()
    except comms.CommsError as error:
        assert isinstance(error, (comms.ReviewError, comms.TemplateError))
        assert not TRACE.search(str(error))
        assert "papier.docx" in str(error)
        return
    assert not TRACE.search(everything_in(content, "docx"))


def test_the_command_writes_no_other_file_either(desk: Path, run: Run) -> None:
    LETTERHEADS["header"](desk / "papier.docx")
    profile(desk, letterhead="papier.docx")
    ran = run("draft", "incident.yaml", "-f", "docx", "-f", "txt")
    assert (ran.code, ran.out, (desk / "drafts").exists()) == (1, "", False)
    assert not TRACE.search(ran.err)
    assert run("draft", "incident.yaml", "-f", "txt").code == 0, "only the Word file is made on it"


# --- In facts and profile ---------------------------------------------------------------------------------------------

IN_FACTS: list[tuple[str, dict[str, Any], str]] = [
    ("group", {"group": "de groep van Quirijn Zwaluwstaart"}, "incident.yaml"),
    ("group", {"group": "klas 3b.nacht"}, "incident.yaml"),
    ("group", {"group": "de vrienden van jan"}, "incident.yaml"),
    ("released.press.by", {"released": {"press": {"by": "Q u i r i j n zwaluwstaart", "at": "nu"}}}, "incident.yaml"),
    ("released.press.at", {"released": {"press": {"by": "crisisteam", "at": "bij Zoe thuis"}}}, "incident.yaml"),
]
IN_PROFILE: list[tuple[str, dict[str, Any]]] = [
    ("name", {"name": "Quirijn Zwaluwstaart College"}),
    ("place", {"place": "zwaluwstaart-quirijn, Quirijn.Zwaluwstaart"}),
    ("tips_url", {"tips_url": "https://www.school.example/quirijn/zwaluwstaart"}),
    ("email", {"email": "quirijn.zwaluwstaart@school.example"}),
    ("help.name", {"help": PROFILE["help"] | {"name": "Quírijn ZWALUWSTAART"}}),
    ("signatory.role", {"signatory": {"name": "A", "role": "mentor van 3B-nacht"}}),
    ("press.email", {"press": PROFILE["press"] | {"email": "jan@school.example"}}),
    ("roles.slb", {"roles": {"slb": "Jan, de mentor"}}),
    ("letterhead", {"letterhead": "quirijn_zwaluwstaart.docx"}),
    ("templates", {"templates": "teksten/Quirijn Zwaluwstaart"}),
    ("organisations.politie.hours", {"organisations": {"politie": {"hours": "vraag naar Zoë"}}}),
]
COMMANDS = [["plan"], ["plan", "--json"], ["draft"], ["draft", "--json"], ["draft", "-f", "txt", "-o", "uit"]]


@pytest.mark.parametrize(
    ("field", "changes", "file"), IN_FACTS, ids=[f"{row[0]}-{number}" for number, row in enumerate(IN_FACTS)]
)
def test_a_protected_word_in_a_fact_stops_with_its_place(
    field: str, changes: dict[str, Any], file: str, desk: Path, run: Run
) -> None:
    facts(desk, **changes)
    refused(run, rf"(?m)^{re.escape(file)}:[0-9]+:[0-9]+: {re.escape(field)}: hier staat een beschermd woord")


@pytest.mark.parametrize(("field", "changes"), IN_PROFILE, ids=[row[0] for row in IN_PROFILE])
def test_a_protected_word_in_the_profile_stops_with_its_place(
    field: str, changes: dict[str, Any], desk: Path, run: Run
) -> None:
    profile(desk, **changes)
    refused(run, rf"(?m)^school\.yaml:[0-9]+:[0-9]+: {re.escape(field)}: hier staat een beschermd woord")


def refused(run: Run, told: str) -> None:
    for arguments in COMMANDS:
        ran = run(*arguments, "incident.yaml")
        assert (ran.code, ran.out) == (2, ""), arguments
        assert re.search(told, ran.err), ran.err
        assert not TRACE.search(ran.err)
        for word in ("quirijn", "3b", "zoe", "zoë"):
            assert word not in ran.err.casefold(), ran.err
    assert not Path("drafts").exists()
    assert not Path("uit").exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--set", "group=bij Quirijn Zwaluwstaart"],
        ["--set", "group=QUIRIJN.zwaluwstaart"],
        ["--set", "released={press: {by: Quirijn Zwaluwstaart, at: nu}}"],
        ["--set", "Quirijn Zwaluwstaart=x"],
        ["--set", "scale=Quirijn Zwaluwstaart"],
        ["--scale", "Quirijn Zwaluwstaart"],
        ["--set", "victim.Quirijn Zwaluwstaart=x"],
        ["--set", "group=[Quirijn Zwaluwstaart"],
        ["--set", "group={Quirijn Zwaluwstaart: x}"],
    ],
)
def test_a_protected_word_in_an_option_stops_and_is_not_repeated(options: list[str], desk: Path, run: Run) -> None:
    for command in ("plan", "draft"):
        ran = run(command, "incident.yaml", *options)
        assert (ran.code, ran.out) == (2, "")
        assert not TRACE.search(ran.err), ran.err


def test_a_protected_word_on_standard_input_is_not_repeated(desk: Path, run: Run) -> None:
    text = Path("incident.yaml").read_text("utf-8") + "group: bij quirijn zwaluwstaart\n"
    ran = run("plan", "-", stdin=text)
    assert (ran.code, ran.out) == (2, "")
    assert re.search(r"-:[0-9]+:[0-9]+: group: ", ran.err)
    assert not TRACE.search(ran.err)


# --- In no output at all ----------------------------------------------------------------------------------------------


def test_with_protected_words_nothing_of_them_is_in_any_output(desk: Path, run: Run) -> None:
    """Names that stand nowhere but in the list: it is never shown, in no format and no property."""
    profile(desk, languages=["nl", "en"])
    facts(desk, grave="death", outside_expert=True, released={"students": {"by": "crisisteam", "at": "14:00"}})
    words = re.compile(r"z\W*w\W*a\W*l\W*u\W*w|quirijn|3b\W*nacht|\bjan\b|\bzoë\b", re.IGNORECASE)
    told = [run("plan", "incident.yaml"), run("plan", "--json", "incident.yaml")]
    told.append(run("draft", "incident.yaml", "--include-held", *(part for each in FORMATS for part in ("-f", each))))
    told.append(run("draft", "incident.yaml", "--include-held", "--json"))
    assert [each.code for each in told] == [0] * 4
    for ran in told:
        assert not words.search(ran.out + ran.err)
    files = list((desk / "drafts").iterdir())
    assert len(files) > 100
    for path in files:
        assert not words.search(path.name)
        assert not words.search(everything_in(path.read_bytes(), path.suffix[1:])), path.name


@pytest.mark.parametrize(
    "arguments", [["schema"], ["schema", "school"], ["policy"], ["explain", "protected"], ["explain", "1.3"]]
)
def test_what_explains_the_program_knows_no_incident(arguments: list[str], desk: Path, run: Run) -> None:
    ran = run(*arguments)
    assert not TRACE.search(ran.out + ran.err)
    assert not re.search(r"\b[Qq]uirijn\b", ran.out + ran.err)


def test_data_of_a_plan_and_of_drafts_names_no_list_of_words(desk: Path, run: Run) -> None:
    for arguments in (["plan", "--json"], ["draft", "--json"]):
        data = json.loads(run(*arguments, "incident.yaml").out)
        assert "protected" not in json.dumps(data, ensure_ascii=False)


# --- Few people -------------------------------------------------------------------------------------------------------

FEW = [
    ({"victim": {"role": "teacher"}, "scale": "class"}, "om een docent gaat", True),
    ({"victim": {"role": "teacher"}, "scale": "few"}, "om een docent gaat", True),
    ({"victim": {"role": "teacher"}, "scale": "year"}, "om een docent gaat", False),
    ({"victim": {"role": "teacher"}, "scale": "school"}, "om een docent gaat", False),
    ({"victim": {"role": "student"}, "scale": "class"}, "om een docent gaat", False),
    ({"victim": {"role": "student"}, "scale": "few"}, "maar een paar mensen krijgen", True),
    ({"victim": {"role": "student"}, "scale": "class"}, "maar een paar mensen krijgen", False),
    ({"school": {"students": 1}}, "De school heeft 1 studenten", True),
    ({"school": {"students": 250}}, "De school heeft 250 studenten", True),
    ({"school": {"students": 251}}, "De school heeft", False),
    ({"school": {"students": 12000}}, "De school heeft", False),
    ({}, "De school heeft", False),
    ({"school": {"students": 100}, "origin": "threat", "media": "none", "victim": {"consent": "refused"}}, "De school heeft", False),
    ({"victim": {"role": "teacher", "consent": "refused"}, "scale": "class", "media": "none"}, "om een docent gaat", False),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "words", "warned"), FEW, ids=[str(number) for number in range(len(FEW))])
def test_a_warning_where_facts_fit_few_people(changes: dict[str, Any], words: str, warned: bool) -> None:
    warnings = comms.plan(incident(**changes)).warnings
    assert any(words in each for each in warnings) is warned, warnings


PARENTS = [
    ({"parents": "know", "age": "adult"}, {}, False),
    ({"parents": "not_to_know", "age": "adult"}, {}, True),
    ({"parents": "not_to_know", "age": "minor"}, {}, True),
    ({"parents": "unknown", "age": "adult"}, {}, True),
    ({"parents": "unknown", "age": "minor"}, {}, True),
    ({"parents": "know", "age": "minor"}, {}, False),
    ({"parents": "not_to_know", "role": "teacher"}, {}, False),
    ({"parents": "not_to_know", "consent": "refused"}, {}, False),
    ({"parents": "not_to_know"}, {"scale": "few"}, False),
]


@pytest.mark.parametrize(("victim", "changes", "warned"), PARENTS, ids=[str(number) for number in range(len(PARENTS))])
def test_a_warning_when_the_victims_own_parents_can_get_the_letter(
    victim: dict[str, Any], changes: dict[str, Any], warned: bool
) -> None:
    made = comms.plan(incident(victim=victim, **changes))
    found = [each for each in made.warnings if "ouders van het slachtoffer" in each]
    assert bool(found) is warned, made.warnings
    if warned:
        assert made.message("parents").decision == "send"


def test_warnings_are_in_the_plan_in_the_data_and_in_english(desk: Path, run: Run) -> None:
    facts(desk, victim=OPEN["victim"] | {"role": "teacher"}, scale="class")
    flat = " ".join(run("plan", "incident.yaml").out.split())
    (warning,) = [
        each for each in json.loads(run("plan", "--json", "incident.yaml").out)["warnings"] if "docent" in each
    ]
    assert warning in flat.replace(" ! ", " ")
    english = json.loads(run("--ui-language", "en", "plan", "--json", "incident.yaml").out)["warnings"]
    assert any("teacher" in each for each in english)
    assert warning not in english


# --- What still lies in the folder ------------------------------------------------------------------------------------


def told_as_standing(ran: Ran) -> set[str]:
    lines = [line for line in ran.err.splitlines() if "staat er nog van eerder" in line]
    assert len(lines) <= 1
    return {Path(name.strip()).name for line in lines for name in line.split(":", 2)[2].split(",")}


def test_a_text_from_before_a_refusal_is_told(desk: Path, run: Run) -> None:
    first = run("draft", "incident.yaml", "-f", "docx", "-f", "eml")
    assert told_as_standing(first) == set()
    facts(desk, scale="year", media="none", victim=OPEN["victim"] | {"consent": "refused"})
    decisions = {each.audience: each.decision for each in comms.plan(comms.Incident.load("incident.yaml")).messages}
    assert decisions["students"] == "withhold"
    governed = {name for name, each in documents().items() if decisions[each.governed_by] != "send"}
    assert {"students", "parents", "website", "class_script", "students_app"} <= governed
    wanted = {f"{name}.nl.{suffix}" for name in governed for suffix in ("docx", "eml")}
    wanted |= {"teachers.nl.eml"}  # the full text of before; now only the short one may go out
    for options in ([], ["-a", "teachers"], ["-f", "md"]):
        assert told_as_standing(run("draft", "incident.yaml", "--overwrite", *options)) == wanted
    assert (desk / "drafts" / "students.nl.docx").exists(), "it is told, never taken away"


def test_a_text_that_now_waits_is_told_until_it_is_written_anew(desk: Path, run: Run) -> None:
    run("draft", "incident.yaml", "-f", "txt")
    facts(desk, **{name: HELD[name] for name in ("contact_appointed", "media")})
    waiting = {"students.nl.txt", "parents.nl.txt", "website.nl.txt", "social.nl.txt", "press.nl.txt",
               "class_script.nl.txt", "students_app.nl.txt"}  # fmt: skip
    assert told_as_standing(run("draft", "incident.yaml", "-f", "txt", "--overwrite")) == waiting
    assert told_as_standing(run("draft", "incident.yaml", "-f", "txt", "--overwrite", "--include-held")) == set()


def test_a_full_text_from_before_is_told_when_only_a_short_one_may_go_out(desk: Path, run: Run) -> None:
    """Refused, and released in its minimal form: what still lies there in another format says too much."""
    run("draft", "incident.yaml", "-f", "docx")
    full = (desk / "drafts" / "students.nl.docx").read_bytes()
    facts(
        desk,
        victim=OPEN["victim"] | {"consent": "refused"},
        released={"students": {"by": "crisisteam", "at": "14:00"}},
    )
    message = comms.plan(comms.Incident.load("incident.yaml")).message("students")
    assert (message.decision, message.variant) == ("send", "minimal")
    ran = run("draft", "incident.yaml", "-f", "md")
    assert (desk / "drafts" / "students.nl.docx").read_bytes() == full
    assert {"students.nl.docx", "teachers.nl.docx", "press.nl.docx"} <= told_as_standing(ran)


def test_a_document_that_no_longer_belongs_to_the_facts_is_told(desk: Path, run: Run) -> None:
    facts(desk, grave="death", outside_expert=True)
    run("draft", "incident.yaml", "-f", "txt")
    assert (desk / "drafts" / "next_of_kin.nl.txt").exists()
    facts(desk)
    assert "next_of_kin.nl.txt" in told_as_standing(run("draft", "incident.yaml", "-f", "txt", "--overwrite"))


def test_the_guide_for_the_victim_is_told_after_a_death(desk: Path, run: Run) -> None:
    run("draft", "incident.yaml", "-f", "txt")
    facts(desk, grave="death", outside_expert=True)
    assert "victim.nl.txt" in told_as_standing(run("draft", "incident.yaml", "-f", "txt", "--overwrite"))


def test_files_of_someone_else_in_the_folder_are_nobodys_business(desk: Path, run: Run) -> None:
    (desk / "drafts").mkdir()
    for name in ("notulen.txt", "students", "mystudents.nl.docx", "studentsx.nl.txt"):
        (desk / "drafts" / name).write_text("x")
    facts(desk, scale="year", media="none", victim=OPEN["victim"] | {"consent": "refused"})
    assert told_as_standing(run("draft", "incident.yaml")) == set()
