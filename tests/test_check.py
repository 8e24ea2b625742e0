"""``comms check``: what it reads of each kind of file, what it refuses, how it reports, and what it writes into copies."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import office
import pytest
import test_docx
import yaml
from conftest import OPEN_YAML, PROFILE, ROOT, Ran, command
from jsonschema import Draft202012Validator
from lxml import etree
from office import deleted, field, inserted, open_document, paragraph, run, story, text_box, word_file

from comms import cli
from comms.document import Run as Stretch
from comms.review import annotate, files, reports
from comms.review.files import Reading, Source
from comms.review.findings import CATEGORIES, Finding

TEXTS = ROOT / "tests" / "texts"
BAD = "Het is haar eigen schuld."
"""What any review finds, and no excuse covers."""
RULE = "blame.own_fault"
"""The rule that finds it, by these two words."""
FINE = "De school zoekt uit wat er is gebeurd."
W = f"{{{office.WORD}}}"


@pytest.fixture(autouse=True)
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    """No language of the machine that runs the tests."""
    for name in ("COMMS_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "nl")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Checked(Ran):
    """What one check gave."""

    @property
    def all_findings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.data["findings"]
        return found

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Those of the one rule that these tests are about; others may find something in the same words."""
        return [each for each in self.all_findings if each["rule"] == RULE]


Run = Callable[..., Checked]


@pytest.fixture
def run_check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def runs(*arguments: str, stdin: bytes = b"") -> Checked:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = cli.run(["check", *arguments])
        return Checked(code, *capsys.readouterr())

    return runs


def read(path: Path, content: bytes | str | None = None) -> Source:
    """The one source in a file, which is written first when there is content for it."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    reading = Reading()
    sources = list(reading.sources([str(path)]))
    assert [str(error) for error in reading.unreadable] == []
    return sources[0]


def said(source: Source) -> list[tuple[str, str, str]]:
    """The parts of what a file says: kind, place and text."""
    written = source.extract.written
    return [(part.kind, part.place, written.text[part.start : part.end]) for part in written.parts]


def shown(source: Source) -> list[str]:
    return [text for kind, _place, text in said(source) if kind not in ("comment", "address")]


def beside(source: Source) -> dict[str, list[str]]:
    """What stands beside the text, by its place."""
    found: dict[str, list[str]] = {}
    for kind, place, text in said(source):
        if kind in ("comment", "address"):
            found.setdefault(place, []).append(text)
    return found


# --- Word -------------------------------------------------------------------------------------------------------------

STYLES = story(
    "styles",
    '<w:style w:styleId="Kop1"><w:name w:val="heading 1"/></w:style>',
    '<w:style w:styleId="Eigen"><w:name w:val="Schoolkop"/><w:basedOn w:val="Basis"/></w:style>',
    '<w:style w:styleId="Basis"><w:name w:val="Basis"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>',
    '<w:style w:styleId="Punt"><w:name w:val="Opsomming"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>',
    '<w:style w:styleId="Rond"><w:name w:val="Rond"/><w:basedOn w:val="Rond"/></w:style>',
)
NOTES = story(
    "footnotes",
    f'<w:footnote w:type="separator" w:id="-1">{paragraph("nooit")}</w:footnote>',
    f'<w:footnote w:id="2">{paragraph("In de noot.")}</w:footnote>',
)
COMMENTS = story(
    "comments",
    f'<w:comment w:id="0" w:author="Ans">{paragraph("Een opmerking.")}</w:comment>',
    f'<w:comment w:id="1" w:author="comms">{paragraph("Van ons zelf.")}</w:comment>',
)
FULL = word_file(
    paragraph("De titel", properties='<w:pStyle w:val="Kop1"/>'),
    paragraph(run("Een zin die "), run("over run", "<w:b/>"), run("s loopt, met een "), "<w:proofErr/>", run("t"), "<w:r><w:tab/></w:r>", run("ab")),
    paragraph("Zij is ", deleted("heel dom "), inserted("verdrietig "), "nu."),
    paragraph('<w:hyperlink r:id="link">' + run("hier") + "</w:hyperlink>", " en ", field("https://veld.example/x", "daar")),
    paragraph('<w:fldSimple w:instr=" HYPERLINK &quot;https://simpel.example&quot; ">' + run("ginds") + "</w:fldSimple>"),
    paragraph("Zie ", '<w:hyperlink r:id="link2">' + run("wolk.example/a") + "</w:hyperlink>", "."),
    paragraph("Voor ", text_box(paragraph("In het tekstvak."), described="Foto van een meisje"), "en na."),
    "<w:tbl><w:tr><w:tc>" + paragraph("In de cel.") + "<w:tbl><w:tr><w:tc>" + paragraph("Dieper.") + "</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
    "<w:sdt><w:sdtPr><w:alias w:val='nooit'/></w:sdtPr><w:sdtContent>" + paragraph("<w:smartTag>" + run("In een blok.") + "</w:smartTag>") + "</w:sdtContent></w:sdt>",
    "<w:p/>",
    paragraph("Met noot", '<w:r><w:footnoteReference w:id="2"/></w:r>', ". ", '<w:commentRangeStart w:id="0"/>', run("Gezegd"), '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'),
    paragraph("- een", "<w:r><w:br/></w:r>", run("- twee")),
    paragraph("Punt een.", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
    paragraph("Geen punt.", properties='<w:pStyle w:val="Punt"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
    parts={
        "header1": story("hdr", paragraph("Boven aan.")),
        "footer1": story("ftr", paragraph("Onder aan.")),
        "footnotes": NOTES,
        "comments": COMMENTS,
        "styles": STYLES,
        "docProps/core.xml": office.properties(dc_title="Brief over haar", dc_creator="Ans Testers", cp_keywords="naaktfoto"),
        "docProps/custom.xml": '<Properties xmlns="x" xmlns:vt="y"><property name="Klas"><vt:lpwstr>MZ3A</vt:lpwstr></property></Properties>',
    },
    links={"link": "https://wolk.example/fotos", "link2": "https://wolk.example/a"},
)  # fmt: skip


def test_all_that_a_word_file_says_is_read_once_and_in_order(desk: Path) -> None:
    source = read(desk / "brief.docx", FULL)
    assert [each for each in said(source) if each[0] not in ("comment", "address")] == [
        ("heading", "", "De titel"),
        ("paragraph", "", "Een zin die over runs loopt, met een t\tab"),
        ("paragraph", "", "Zij is verdrietig nu."),
        ("paragraph", "", "hier en daar"),
        ("paragraph", "", "ginds"),
        ("paragraph", "", "Zie wolk.example/a."),
        ("paragraph", "", "Voor en na."),
        ("paragraph", "tekstvak", "In het tekstvak."),
        ("paragraph", "", "In de cel."),
        ("paragraph", "", "Dieper."),
        ("paragraph", "", "In een blok."),
        ("paragraph", "", "Met noot. Gezegd"),
        ("bullet", "", "een"),
        ("bullet", "", "twee"),
        ("bullet", "", "Punt een."),
        ("paragraph", "", "Geen punt."),
        ("paragraph", "koptekst", "Boven aan."),
        ("paragraph", "voettekst", "Onder aan."),
        ("paragraph", "voetnoot", "In de noot."),
    ]
    assert beside(source) == {
        "verwijderde tekst": ["Zij is heel dom nu."],
        "adres achter een link": [
            "hier https://wolk.example/fotos  en daar https://veld.example/x",
            "ginds https://simpel.example",
        ],
        "beschrijving van een afbeelding": ["Foto van een meisje"],
        "opmerking": ["Een opmerking."],
        "eigenschap titel": ["Brief over haar"],
        "eigenschap auteur": ["Ans Testers"],
        "eigenschap trefwoorden": ["naaktfoto"],
        "eigenschap Klas": ["MZ3A"],
    }


def test_the_strict_form_of_word_is_read_as_well(desk: Path) -> None:
    with zipfile.ZipFile(BytesIO(FULL)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for usual, strict in office.STRICT.items():
        parts = {name: content.replace(usual, strict) for name, content in parts.items()}
    assert said(read(desk / "streng.docx", office.zipped(parts))) == said(read(desk / "brief.docx", FULL))


def test_a_template_a_diagram_and_an_old_picture_are_read(desk: Path) -> None:
    old = '<w:r><w:pict><v:shape alt="Foto van haar"/></w:pict></w:r>'
    diagram = (
        '<d:dataModel xmlns:d="urn:d" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        "<a:p><a:r><a:t>Eerste </a:t></a:r><a:r><a:t>vak</a:t></a:r></a:p><a:p/><a:p><a:r><a:t>Tweede</a:t></a:r></a:p>"
        "</d:dataModel>"
    )
    content = word_file(
        paragraph("Tekst ", old),
        main=f"{office.KIND}template.main+xml",
        parts={"word/diagrams/data1.xml": diagram},
        kinds={"diagrams/data1.xml": "diagramData"},
    )
    assert said(read(desk / "sjabloon.dotx", content)) == [
        ("paragraph", "", "Tekst"),
        ("comment", "beschrijving van een afbeelding", "Foto van haar"),
        ("paragraph", "diagram", "Eerste vak"),
        ("paragraph", "diagram", "Tweede"),
    ]


@pytest.mark.parametrize(
    ("style", "kind"),
    [("Kop1", "heading"), ("Eigen", "heading"), ("Punt", "bullet"), ("Rond", "paragraph"), ("Onbekend", "paragraph")],
)
def test_headings_and_lists_are_known_by_their_styles(style: str, kind: str, desk: Path) -> None:
    content = word_file(paragraph("Tekst", properties=f'<w:pStyle w:val="{style}"/>'), parts={"styles": STYLES})
    assert said(read(desk / "x.docx", content)) == [(kind, "", "Tekst")]


def test_a_moved_text_and_an_old_look_are_what_word_shows(desk: Path) -> None:
    moved = '<w:moveFrom w:id="1">' + run("weg ") + '</w:moveFrom><w:moveTo w:id="2">' + run("hier ") + "</w:moveTo>"
    old = '<w:pPrChange w:id="3"><w:pPr><w:pStyle w:val="Kop1"/></w:pPr></w:pPrChange>'
    mark = '<w:rPr><w:del w:id="4"/></w:rPr>'
    source = read(desk / "x.docx", word_file(paragraph(moved, "blijft", properties=mark + old)))
    assert said(source) == [("paragraph", "", "hier blijft"), ("comment", "verwijderde tekst", "weg blijft")]


def test_findings_in_what_only_gives_context_are_not_told_twice(desk: Path, run_check: Run) -> None:
    (desk / "a.docx").write_bytes(
        word_file(paragraph(BAD + " Kijk ", '<w:hyperlink r:id="link">' + run("hier") + "</w:hyperlink>", deleted(" niet"), "."), links={"link": "https://school.example/tips"})
    )  # fmt: skip
    found = run_check("a.docx", "--json").findings
    assert [each["excerpt"] for each in found] == ["eigen schuld"]


PLACES = {
    "tekstvak": word_file(paragraph(FINE, text_box(paragraph(BAD)))),
    "koptekst": word_file(paragraph(FINE), parts={"header1": story("hdr", paragraph(BAD))}),
    "voettekst": word_file(paragraph(FINE), parts={"footer1": story("ftr", paragraph(BAD))}),
    "voetnoot": word_file(paragraph(FINE, '<w:r><w:footnoteReference w:id="2"/></w:r>'), parts={"footnotes": NOTES.replace("In de noot.", BAD)}),
    "eindnoot": word_file(paragraph(FINE), parts={"endnotes": story("endnotes", f'<w:endnote w:id="2">{paragraph(BAD)}</w:endnote>')}),
    "opmerking": word_file(paragraph(FINE), parts={"comments": story("comments", f'<w:comment w:id="0">{paragraph(BAD)}</w:comment>')}),
    "verwijderde tekst": word_file(paragraph("Het is haar ", deleted("eigen schuld"), ".")),
    "koptekst, verwijderde tekst": word_file(paragraph(FINE), parts={"header1": story("hdr", paragraph(deleted(BAD)))}),
    "eigenschap titel": word_file(paragraph(FINE), parts={"docProps/core.xml": office.properties(dc_title=BAD)}),
    "beschrijving van een afbeelding": word_file(paragraph(FINE, text_box(paragraph(FINE), described=BAD))),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_finding_names_its_place(place: str, desk: Path, run_check: Run) -> None:
    (desk / "brief.docx").write_bytes(PLACES[place])
    ran = run_check("brief.docx", "--json")
    assert [(each["place"], each["line"], each["excerpt"]) for each in ran.findings] == [(place, 1, "eigen schuld")]
    assert ran.code == 1
    told = run_check("brief.docx").out
    assert f"brief.docx, alinea 1 ({place})" in told


def test_paragraphs_are_counted_as_readers_count_them(desk: Path, run_check: Run) -> None:
    content = word_file(paragraph(FINE), "<w:p/>", paragraph(FINE, text_box(paragraph(FINE))), paragraph("Kijk: ", BAD))
    (desk / "brief.docx").write_bytes(content)
    (found,) = run_check("brief.docx", "--json").findings
    assert (found["line"], found["column"], found["excerpt"]) == (4, 19, "eigen schuld")


def test_a_comment_in_word_can_switch_a_rule_off(desk: Path, run_check: Run) -> None:
    def file(directive: str) -> bytes:
        return word_file(
            paragraph('<w:commentRangeStart w:id="0"/>', run(BAD), '<w:r><w:commentReference w:id="0"/></w:r>'),
            paragraph(FINE),
            paragraph(BAD),
            parts={
                "comments": story("comments", f'<w:comment w:id="0" w:author="Ans">{paragraph(directive)}</w:comment>')
            },
        )

    (desk / "a.docx").write_bytes(file("comms: blame.own_fault uit: wij halen een ouder aan"))
    assert [(each["rule"], each["line"]) for each in run_check("a.docx", "--json").findings] == [("blame.own_fault", 3)]
    (desk / "a.docx").write_bytes(file("comms: blame.own_fault uit"))
    assert {RULE, "directive.reason"} <= {each["rule"] for each in run_check("a.docx", "--json").all_findings}


# --- Other kinds ------------------------------------------------------------------------------------------------------


def test_an_open_document_is_read(desk: Path) -> None:
    changes = (
        '<text:tracked-changes><text:changed-region text:id="weg"><text:deletion><office:change-info><dc:creator>Ans</dc:creator>'
        "</office:change-info><text:p>heel dom </text:p></text:deletion></text:changed-region>"
        '<text:changed-region text:id="nog"><text:deletion/></text:changed-region>'
        '<text:changed-region text:id="bij"><text:insertion/></text:changed-region></text:tracked-changes>'
    )
    body = (
        f'{changes}<text:h>De titel</text:h><text:p>Twee<text:s text:c="2"/>blanks,\n   een<text:tab/>tab<text:line-break/>- en</text:p>'
        '<text:p>Zij is <text:change text:change-id="weg"/><text:change-start text:change-id="bij"/>verdrietig <text:change-end text:change-id="bij"/>nu.</text:p>'
        '<text:p>Kom <text:change-start text:change-id="nog"/>nooit <text:change-end text:change-id="nog"/>hier.</text:p>'
        '<text:p><text:a xlink:href="https://wolk.example/fotos">hier</text:a><text:a xlink:href="#kop">daar</text:a></text:p>'
        "<text:list><text:list-item><text:p>punt</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>In de cel.</text:p></table:table-cell></table:table-row></table:table>"
        '<text:p>Noot<text:note text:note-class="endnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Onderin.</text:p></text:note-body></text:note>.'
        "<office:annotation><dc:creator>Ans</dc:creator><dc:date>2026</dc:date><text:p>Gezegd.</text:p></office:annotation>"
        "<office:annotation><dc:creator>comms</dc:creator><text:p>Van ons.</text:p></office:annotation></text:p>"
        "<text:p>Bij <draw:frame><draw:text-box><text:p>In het vak.</text:p></draw:text-box><svg:desc>Een foto</svg:desc></draw:frame>beeld <text:title>Veld</text:title></text:p>"
    )
    source = read(
        desk / "brief.odt",
        open_document(
            body,
            styles='<style:master-page><style:header><text:p>Boven.</text:p></style:header><style:footer-first><text:p>Onder.</text:p></style:footer-first></style:master-page>',
            meta='<dc:title>Over haar</dc:title><meta:keyword>foto</meta:keyword><meta:user-defined meta:name="Klas">2B</meta:user-defined>',
        ),
    )  # fmt: skip
    assert [each for each in said(source) if each[0] != "comment"] == [
        ("heading", "", "De titel"),
        ("paragraph", "", "Twee  blanks, een\ttab"),
        ("bullet", "", "en"),
        ("paragraph", "", "Zij is verdrietig nu."),
        ("paragraph", "", "Kom hier."),
        ("paragraph", "", "hierdaar"),
        ("bullet", "", "punt"),
        ("paragraph", "", "In de cel."),
        ("paragraph", "", "Noot."),
        ("paragraph", "voetnoot", "Onderin."),
        ("paragraph", "", "Bij beeld Veld"),
        ("paragraph", "tekstvak", "In het vak."),
        ("paragraph", "koptekst", "Boven."),
        ("paragraph", "voettekst", "Onder."),
    ]
    assert beside(source) == {
        "verwijderde tekst": ["Zij is heel dom nu.", "Kom nooit hier."],
        "adres achter een link": ["hier https://wolk.example/fotos daar"],
        "opmerking": ["Gezegd."],
        "beschrijving van een afbeelding": ["Een foto"],
        "eigenschap titel": ["Over haar"],
        "eigenschap trefwoorden": ["foto"],
        "eigenschap Klas": ["2B"],
    }


def test_a_page_is_read_as_a_browser_shows_it() -> None:
    source = read(TEXTS / "pagina.html")
    assert [each for each in said(source) if each[0] != "comment"] == [
        ("heading", "titel van de pagina", "Foto’s verspreid"),
        ("heading", "", "Wat er speelt"),
        ("paragraph", "", "Het is haar eigen schuld & dat wéét zij."),
        ("bullet", "", "een"),
        ("bullet", "", "twee"),
        ("paragraph", "", "drie 3 < 4 vier"),
        ("paragraph", "", "vijf"),
    ]
    assert beside(source) == {
        "beschrijving van de pagina": ["Het is haar eigen schuld"],
        "adres achter een link": ["Het is haar eigen schuld & dat wéét zij https://wolk.example/fotos ."],
        "beschrijving van een afbeelding": ["De foto van het meisje"],
        "tekst die verschijnt bij aanwijzen": ['wijs "aan"'],
    }


def test_the_place_in_a_page_is_that_in_the_file(run_check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TEXTS)
    source = (TEXTS / "pagina.html").read_text("utf-8")
    found = run_check("pagina.html", "--json").findings
    assert [(each["line"], each["column"]) for each in found] == [(6, 3), (13, 19)]
    assert [source[each["start"] : each["end"]] for each in found] == ["eigen schuld", "eig</b>en\n   schuld"]


def test_a_comment_in_a_page_can_switch_a_rule_off(desk: Path, run_check: Run) -> None:
    off = "<!-- comms: blame.own_fault uit: aangehaald -->"
    for page in (f"<p>{FINE}</p>{off}<p>{BAD}</p>", f"<p>{BAD} {off}</p>"):
        (desk / "a.html").write_text(page)
        assert run_check("a.html", "--json").findings == []
    (desk / "a.html").write_text(f"<p>{BAD}</p><!-- gewoon --><p>{FINE}</p>{off}<p>{FINE}</p><p>{BAD}</p>")
    assert [each["line"] for each in run_check("a.html", "--json").findings] == [1, 1]


def test_a_mail_is_read_once() -> None:
    source = read(TEXTS / "bericht.eml")
    assert shown(source) == [
        "Foto’s op school",
        "Beste ouders,",
        "Het is haar eigen schuld. Praat erover in het café of thuis.",
    ]
    assert said(source)[0] == ("heading", "onderwerp", "Foto’s op school")
    assert beside(source) == {"naam van een bijlage": ["naaktfoto van haar.jpg"]}


def mail(plain: str = "", page: str = "") -> bytes:
    message = EmailMessage()
    message["Subject"] = "Bericht"
    if plain:
        message.set_content(plain)
    if page and plain:
        message.add_alternative(page, subtype="html")
    elif page:
        message.set_content(page, subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (mail(plain="> Zij zei het.\n\n- een\n- twee"), ["Bericht", "Zij zei het.", "een", "twee"]),
        (mail(page="<p>Alleen hier.</p>"), ["Bericht", "Alleen hier."]),
        (
            mail(plain="Zie de pagina.", page="<p>De hele <b>brief</b> staat hier.</p><p>Zie de pagina.</p>"),
            ["Bericht", "De hele brief staat hier.", "Zie de pagina."],
        ),
        (
            mail(plain="Eerst dit en dan dat, en daarna nog iets.", page="<p>Eerst dit en dan dat, en daarna nog iets. Meer niet!</p>"),
            ["Bericht", "Eerst dit en dan dat, en daarna nog iets. Meer niet!"],
        ),
        (
            mail(plain="De lange tekst die alleen hier staat.", page="<p>Kort iets heel anders.</p>"),
            ["Bericht", "De lange tekst die alleen hier staat.", "Kort iets heel anders."],
        ),
    ],
    ids=["plain", "page", "page says more", "page adds", "different"],
)  # fmt: skip
def test_of_text_and_page_in_a_mail_each_thing_counts_once(content: bytes, lines: list[str], desk: Path) -> None:
    assert shown(read(desk / "a.eml", content)) == lines


def test_a_broken_header_is_read_as_it_stands(desk: Path) -> None:
    source = read(
        desk / "a.eml", b"Subject: =?onbekend?q?haar?= =?utf-8?b?%%%?=\nContent-Type: text/plain; charset=x\n\nDag \xff"
    )
    assert shown(source)[-1] == "Dag ÿ"


@pytest.mark.parametrize("name", ["windows-1252.txt", "utf-16.txt", "utf-8-bom.txt"])
def test_every_usual_encoding_of_a_text_is_read(name: str) -> None:
    assert read(TEXTS / name).extract.written.text == "Beste ouders,\n\nHet is haar éigen schuld – naïef.\n"


def test_markdown_is_read_with_the_places_of_the_file(run_check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TEXTS)
    source = (TEXTS / "brief.md").read_text("utf-8")
    found = run_check("brief.md", "--json").findings
    assert ("blame.own_fault", 5, 14) in [(each["rule"], each["line"], each["column"]) for each in found]
    assert source[found[0]["start"] : found[0]["end"]] == "eigen* schuld"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (BAD.encode(), ""),
        (("\ufeff" + BAD).encode("utf-16-le"), ""),
        (word_file(paragraph(FINE), paragraph(BAD)), ""),
        (open_document(f"<text:p>{FINE}</text:p><text:p>{BAD}</text:p>"), ""),
        (f"<!DOCTYPE html><title>Dag</title><p>{BAD}</p>".encode(), ""),
        (mail(plain=FINE + "\n\n" + BAD), ""),
        (b"Subject: Dag\n\n" + BAD.encode(), ""),
    ],
    ids=["text", "utf-16", "docx", "odt", "html", "eml", "text with a colon"],
)
def test_standard_input_is_taken_for_what_it_is(content: bytes, place: str, run_check: Run) -> None:
    ran = run_check("-", "--json", stdin=content)
    assert [(each["file"], each["excerpt"]) for each in ran.findings] == [("-", "eigen schuld")]
    assert ran.code == 1


def test_an_empty_text_has_no_findings(desk: Path, run_check: Run) -> None:
    (desk / "leeg.txt").write_bytes(b"")
    assert (run_check("leeg.txt").code, run_check("-").code) == (0, 0)


def test_a_message_says_the_same_in_every_format(desk: Path, run_check: Run) -> None:
    from comms.render import docx as word
    from comms.render import email, html, markdown, text

    letter = test_docx.message(
        test_docx.heading("Wat u kunt doen"),
        test_docx.paragraph("Het is ", Stretch("haar eigen", bold=True), " schuld."),
        test_docx.bullet("Zij had dat nooit ", Stretch("moeten doen", href="https://school.example/a?b=1&c=2"), "."),
        test_docx.bullet(FINE),
    )
    (desk / "a.docx").write_bytes(word.letterhead(test_docx.OURS).render(letter, test_docx.VALUES))
    (desk / "a.html").write_text(html.render(letter), "utf-8")
    (desk / "a.md").write_text(markdown.render(letter), "utf-8")
    (desk / "a.txt").write_text(text.render(letter), "utf-8")
    (desk / "a.eml").write_bytes(email.render(letter))

    def told(name: str) -> set[tuple[str, str]]:
        found = run_check(name, "--json", "--fail-on", "never").all_findings
        return {(each["rule"], re.sub(r"\W+", " ", re.sub(r"<[^>]*>", "", each["excerpt"])).strip()) for each in found}

    assert ("blame.own_fault", "eigen schuld") in told("a.docx")
    assert told("a.docx") == told("a.html") == told("a.md") == told("a.txt") == told("a.eml")


# --- What is refused ----------------------------------------------------------------------------------------------------


def without(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return office.zipped({each: archive.read(each) for each in archive.namelist() if each != name})


def with_password(content: bytes) -> bytes:
    """The zip with the mark of a password on each part."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        position = content.find(signature)
        while position >= 0:
            changed[position + offset] |= 1
            position = content.find(signature, position + 1)
    return bytes(changed)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BOMB = '<!DOCTYPE w:document [<!ENTITY a "lol"><!ENTITY b "' + "&a;" * 1000 + '">]>'
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
MANIFEST_LOCKED = (
    '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
)
DOCUMENT = f"<w:document {office.NAMESPACES}><w:body>{paragraph(FINE)}</w:body></w:document>"
REFUSED: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "password": ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), ("heeft een wachtwoord", "zonder wachtwoord")),
    "old word named docx": ("a.docx", OLE, ("oud Word-bestand", ".docx")),
    "old word": ("a.doc", OLE, (".doc wordt niet gelezen", ".docx")),
    "zip password": ("a.docx", with_password(word_file(paragraph(FINE))), ("wachtwoord",)),
    "empty": ("a.docx", b"", ("is leeg",)),
    "cut off": ("a.docx", word_file(paragraph(FINE))[:-40], ("beschadigd",)),
    "damaged": ("a.docx", word_file(paragraph(FINE)).replace(b"word/document.xml", b"word/documint.xml", 1), ("beschadigd",)),
    "wrong checksum": ("a.docx", word_file(paragraph("aaaa"), compression=zipfile.ZIP_STORED).replace(b"aaaa", b"bbbb"), ("beschadigd",)),
    "other compression": ("a.docx", word_file(paragraph(FINE), compression=zipfile.ZIP_LZMA), ("beschadigd",)),
    "no body": ("a.docx", without(word_file(paragraph(FINE)), "word/document.xml"), ("beschadigd",)),
    "no types": ("a.docx", without(word_file(paragraph(FINE)), "[Content_Types].xml"), ("zipbestand", "geen Word-bestand")),
    "broken xml": ("a.docx", word_file("<w:p>"), ("word/document.xml is beschadigd",)),
    "spreadsheet": ("a.docx", word_file(main="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), ("geen Word-document",)),
    "inserted file": ("a.docx", word_file(paragraph(FINE), parts={"word/chunk.html": "<p>"}, kinds={"chunk.html": "aFChunk"}), ("andere bestanden", ".docx")),
    "macros": ("a.docx", word_file(paragraph(FINE), main=MACROS), ("macro's", ".docx")),
    "macro part": ("a.docx", word_file(paragraph(FINE), parts={"word/vbaProject.bin": b"x"}), ("macro's",)),
    "macros by name": ("a.docm", word_file(paragraph(FINE), main=MACROS), ("macro's", ".docx")),
    "entities": ("a.docx", word_file(parts={"word/document.xml": BOMB + DOCUMENT.replace(FINE, "&b;")}), ("DTD",)),
    "entities in properties": ("a.docx", word_file(paragraph(FINE), parts={"docProps/core.xml": BOMB.replace("w:document", "x") + "<x/>"}), ("DTD",)),
    "deep": ("a.docx", word_file("<w:tbl>" * 2_000 + "</w:tbl>" * 2_000), ("te diep genest",)),
    "bomb": ("a.docx", word_file("<w:p/>" + " " * 90_000_000), ("uitgepakt te groot", "40 MB")),
    "long": ("a.docx", word_file(paragraph("a" * 5_100_000)), ("te lang", "5000000")),
    "paragraphs": ("a.docx", word_file("<w:p/>" * 1_000_000), ("te lang",)),
    "page named docx": ("a.docx", b"\n<!DOCTYPE html><p>dag", ("geen .docx", "webpagina", ".html")),
    "text named docx": ("a.docx", FINE.encode(), ("geen .docx", "gewone tekst")),
    "pdf named docx": ("a.docx", b"%PDF-1.7", ("geen .docx", "pdf")),
    "odt named docx": ("a.docx", open_document("<text:p/>"), ("OpenDocument", ".odt")),
    "docx named odt": ("a.odt", word_file(paragraph(FINE)), ("beschadigd",)),
    "drawing": ("a.odt", open_document("<text:p/>", media="application/vnd.oasis.opendocument.graphics"), ("geen tekst", ".odt")),
    "odt password": ("a.odt", open_document("<text:p/>", manifest=MANIFEST_LOCKED), ("wachtwoord",)),
    "odt macros": ("a.odt", open_document("<text:p/>", parts={"Basic/Standard/Module1.xml": "<x/>"}), ("macro's",)),
    "odt entities": ("a.odt", open_document("<text:p/>", parts={"meta.xml": BOMB + "<x/>"}), ("DTD",)),
    "docx named txt": ("a.txt", word_file(paragraph(FINE)), ("geen tekst", "Office-bestand")),
    "picture named html": ("a.html", b"\x89PNG\r\n\x1a\n", ("geen tekst", "afbeelding")),
    "utf-16 without mark": ("a.txt", FINE.encode("utf-16-le"), ("geen tekst", "UTF-8")),
    "half a letter": ("a.txt", b"\xff\xfea", ("geen tekst", "UTF-8")),
    "long text": ("a.md", b"a" * 5_000_001, ("te lang",)),
    "no mail": ("a.eml", b"\n\n", ("geen mail", ".eml")),
    "nested mail": ("a.eml", b"Content-Type: message/rfc822\n\n" * 3_000, ("te diep genest",)),
    "many parts": ("a.eml", b"MIME-Version: 1.0\n\n" + b"boundary=\n" * 100, ("te veel onderdelen",)),
    "other kind": ("a.pdf", b"%PDF-1.7", ("deze soort", "toegestaan: .docx")),
    "no suffix": ("brief", FINE.encode(), ("deze soort", "toegestaan: .docx")),
    "rtf": ("a.rtf", b"{\\rtf", (".rtf wordt niet gelezen", ".docx")),
    "mail of another program": ("a.msg", OLE, (".msg wordt niet gelezen", ".eml")),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_read_is_told_in_one_line_and_the_rest_is_checked(
    case: str, desk: Path, run_check: Run
) -> None:
    name, content, words = REFUSED[case]
    (desk / name).write_bytes(content)
    (desk / "goed.txt").write_text(BAD)
    ran = run_check(name, "goed.txt")
    assert ran.code == 2
    (line,) = ran.err.splitlines()
    assert line.startswith(f"{name}: ")
    for word in words:
        assert word in line
    assert "goed.txt:1:13" in ran.out
    assert "1 bestand niet gelezen" in ran.out


def test_a_bomb_takes_little_memory(desk: Path) -> None:
    (desk / "a.docx").write_bytes(word_file(paragraph("a" * 300_000_000)))
    tracemalloc.start()
    reading = Reading()
    assert list(reading.sources(["a.docx"])) == []
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "te groot" in str(reading.unreadable[0])
    assert most < 150_000_000


def test_a_listing_that_claims_to_be_huge_is_not_believed(desk: Path, run_check: Run) -> None:
    content = word_file(paragraph(FINE), parts={f"{'x' * 80}{number}/y": b"" for number in range(40_000)})
    (desk / "a.docx").write_bytes(content)
    ran = run_check("a.docx")
    assert (ran.code, "beschadigd" in ran.err) == (2, True)


def test_large_pictures_do_not_count(desk: Path, run_check: Run) -> None:
    (desk / "a.docx").write_bytes(word_file(paragraph(FINE), parts={"word/media/image1.bin": bytes(80_000_000)}))
    assert run_check("a.docx").code == 0


PAGES = {
    "attribute": "<a " + "x" * 300_000 + ">",
    "quotes": "<a\"'" * 100_000 + ">",
    "tags": "<a" * 200_000,
    "comments": "<!--" * 200_000,
    "lists": "<ul>" * 200_000,
    "titles": "<title></titl" * 100_000,
    "entities": "&am;&#x110000;" * 50_000,
}


@pytest.mark.parametrize("case", PAGES)
def test_no_page_keeps_the_command_from_ending(case: str, desk: Path) -> None:
    (desk / "a.html").write_text(PAGES[case], "utf-8")
    assert command("check", "a.html", cwd=desk).returncode in (0, 1, 2)  # or it is stopped, after a minute


def test_names_that_are_no_files(desk: Path, run_check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "rond.docx").symlink_to("rond.docx")
    os.mkfifo(desk / "pijp.docx")
    (desk / "map.docx").mkdir()
    (desk / "map.docx" / "a.txt").write_text(BAD)
    real = Path.open

    def closed(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "dicht.docx":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **options)

    (desk / "dicht.docx").write_bytes(FULL)
    monkeypatch.setattr(Path, "open", closed)
    ran = run_check("rond.docx", "pijp.docx", "weg.docx", "map.docx", "a\0b.docx", "dicht.docx", "weg.xyz", "")
    assert ran.code == 2
    told = ran.err.splitlines()
    assert [line.split(": ")[0] for line in told[:3]] == ["rond.docx", "pijp.docx", "weg.docx"]
    assert "in een kring" in told[0]
    assert "gewoon bestand" in told[1]
    assert "bestaat niet" in told[2]
    assert "geen bestandsnaam" in told[3]
    assert told[4] == "dicht.docx: kan niet worden gelezen: geen toestemming"
    assert "map.docx/a.txt:1:13" in ran.out
    assert "Traceback" not in ran.err


# --- Folders ------------------------------------------------------------------------------------------------------------


def test_a_folder_is_walked_and_what_is_passed_over_is_counted(desk: Path, run_check: Run) -> None:
    for name in ("a.txt", "b/c.md", "b/d/e.html", "z.png", "b/f.pdf", ".git/g.txt", "~$a.docx", ".h.md", "oud.doc"):
        (desk / "map" / name).parent.mkdir(parents=True, exist_ok=True)
        (desk / "map" / name).write_text(BAD)
    (desk / "map" / "rond").symlink_to(desk / "map")
    (desk / "map" / "link.txt").symlink_to(desk / "map" / "a.txt")
    (desk / "map" / "a.checked.txt").write_text(BAD)
    ran = run_check("map", "map/a.txt", "map/b")
    places = list(dict.fromkeys(line for line in ran.out.splitlines() if line.startswith("map/") and ":1:13" in line))
    assert places == ["map/a.txt:1:13", "map/b/c.md:1:13", "map/b/d/e.html:1:13"]
    assert re.search(r"3 bestanden gecontroleerd: \d+ fouten", ran.out)
    assert ".pdf, .png" in ran.out
    assert ran.err.splitlines() == ["map/oud.doc: .doc wordt niet gelezen; bewaar het als .docx of .odt"]
    assert ran.code == 2


def test_a_folder_without_anything_to_read_is_wrong_input(desk: Path, run_check: Run) -> None:
    (desk / "map").mkdir()
    (desk / "map" / "a.png").write_bytes(b"x")
    ran = run_check("map")
    assert ran.code == 2
    assert "1 bestand overgeslagen" in ran.out


# --- Reports ------------------------------------------------------------------------------------------------------------


def test_people_are_shown_the_place_the_words_why_and_what_is_better(desk: Path, run_check: Run) -> None:
    (desk / "a.txt").write_text(f"{FINE}\n\n{BAD}\n")
    lines = run_check("a.txt").out.splitlines()
    first = lines.index(f"  fout: verwijt aan het slachtoffer ({RULE})") - 1
    assert lines[first : first + 4] == [
        "a.txt:3:13",
        f"  fout: verwijt aan het slachtoffer ({RULE})",
        "    Het is haar eigen schuld.",
        "                ^^^^^^^^^^^^",
    ]
    assert "(3.students.7)" in " ".join(lines)
    assert any(line.startswith("    Beter: ") for line in lines)
    assert re.fullmatch(r"1 bestand gecontroleerd: (1 fout|\d+ fouten)", lines[-1])
    (desk / "a.txt").write_text(FINE)
    assert run_check("a.txt").out.splitlines() == ["1 bestand gecontroleerd: niets gevonden"]


def test_colour_only_on_a_terminal_that_wants_it(desk: Path) -> None:
    (desk / "a.txt").write_text(BAD)
    assert "\x1b[" not in command("check", "a.txt", cwd=desk).stdout

    def on_terminal(**environment: str) -> str:
        ours, theirs = os.openpty()
        clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "LANG", "LC_ALL")}
        subprocess.run(
            [sys.executable, "-m", "comms.cli", "check", "a.txt"],
            cwd=desk,
            env={**clean, "TERM": "xterm", **environment},
            stdout=theirs,
            check=False,
        )
        os.close(theirs)
        told = b""
        try:
            while piece := os.read(ours, 100_000):
                told += piece
        except OSError:  # the other end is closed
            pass
        return told.decode()

    assert "\x1b[31m" in on_terminal()
    assert "\x1b[" not in on_terminal(NO_COLOR="1")


UNDERLINED = [
    ("Het is haar eigen schuld.", "eigen schuld", 60, "Het is haar eigen schuld.", "            ^^^^^^^^^^^^"),
    ("\tHet is haar\teigen schuld.", "eigen\u0020schuld", 60, "Het is haar    eigen schuld.", "               ^^^^^^^^^^^^"),
    ("日本 eigen schuld", "eigen schuld", 60, "日本 eigen schuld", "     ^^^^^^^^^^^^"),
    ("é\u0301 eig\u0301en", "eig\u0301en", 60, "é\u0301 eig\u0301en", "  ^^^^^"),
    ("eerst\neigen\nschuld hier\ndaarna", "eigen\nschuld", 60, "eigen schuld hier", "^^^^^^^^^^^^"),
    ("\x1b[31mrood eigen", "eigen", 60, "�[31mrood eigen", "          ^^^^^"),
    ("een twee drie vier eigen schuld vijf zes zeven acht", "eigen schuld", 30, "… vier eigen schuld vijf …", "       ^^^^^^^^^^^^"),
    ("a" * 50 + " eigen " + "b" * 50, "eigen", 30, None, None),
    ("x" * 200, "x" * 200, 40, "x" * 36 + " …", "^" * 36),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "width", "line", "marks"), UNDERLINED)
def test_what_is_found_is_underlined(text: str, words: str, width: int, line: str | None, marks: str | None) -> None:
    start = text.index(words)
    told = reports.underlined(text, start, start + len(words), width)
    if line is not None:
        assert told == (line, marks)
    assert all(sum(reports._width(each) for each in row) <= width for row in told)
    if words.isascii():
        marked = told[1].index("^")
        assert told[0][marked : marked + len(words)].startswith(words[: width // 2].replace("\n", " ")) or "日" in text


def test_of_a_line_as_long_as_a_book_a_little_is_shown() -> None:
    text = "woord " * 300_000
    for offset in range(0, 1_200_000, 120_000):
        line, marks = reports.underlined(text, offset, offset + 5, 80)
        assert len(line) <= 80
        assert marks.strip() == "^^^^^"


KEYS = {
    "file", "line", "column", "start", "end", "rule", "category", "severity", "excerpt", "message", "suggestion",
    "provisions",
}  # fmt: skip


def test_the_findings_as_data_have_the_documented_keys(desk: Path, run_check: Run) -> None:
    (desk / "a.txt").write_text(f"Dag.\n{BAD}\n")
    ran = run_check("a.txt", "--format", "json")
    assert list(json.loads(ran.out)) == ["findings"]
    (found,) = ran.findings
    assert set(found) - {"replacement"} == KEYS
    assert (found["file"], found["line"], found["column"], found["start"], found["end"]) == ("a.txt", 2, 13, 17, 29)
    assert (found["rule"], found["category"], found["severity"]) == ("blame.own_fault", "victim_blaming", "error")
    assert found["category"] in CATEGORIES
    assert run_check("a.txt", "--json").out == ran.out


SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "version", "rules"],
                                "properties": {"rules": {"uniqueItems": True, "items": {"$ref": "#/$defs/rule"}}},
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "originalUriBaseIds": {"type": "object"},
                    "invocations": {
                        "type": "array",
                        "items": {
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "items": {"required": ["message"], "properties": {"level": {"$ref": "#/$defs/level"}}}
                                },
                            },
                        },
                    },
                    "artifacts": {"type": "array", "uniqueItems": True},
                    "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                },
            },
        },
    },
    "$defs": {
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
        "rule": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "shortDescription", "fullDescription", "help"],
            "properties": {
                "id": {"type": "string"},
                "shortDescription": {"$ref": "#/$defs/message"},
                "fullDescription": {"$ref": "#/$defs/message"},
                "help": {"$ref": "#/$defs/message"},
                "defaultConfiguration": {"properties": {"level": {"$ref": "#/$defs/level"}}},
                "properties": {"properties": {"tags": {"type": "array", "uniqueItems": True}}},
            },
        },
        "result": {
            "type": "object",
            "additionalProperties": False,
            "required": ["message", "ruleId", "locations"],
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/message"},
                "properties": {"type": "object"},
                "locations": {
                    "minItems": 1,
                    "items": {
                        "additionalProperties": False,
                        "required": ["physicalLocation"],
                        "properties": {
                            "message": {"$ref": "#/$defs/message"},
                            "logicalLocations": {"type": "array"},
                            "physicalLocation": {
                                "required": ["artifactLocation", "region"],
                                "properties": {
                                    "artifactLocation": {
                                        "required": ["uri"],
                                        "properties": {"uri": {"pattern": "^(?![a-z]+:|/)[A-Za-z0-9._~!$&'()*+,;=:@%/-]+$"}},
                                    },
                                    "region": {
                                        "required": ["startLine", "startColumn", "endLine", "endColumn", "charOffset"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "startLine": {"type": "integer", "minimum": 1},
                                            "startColumn": {"type": "integer", "minimum": 1},
                                            "endLine": {"type": "integer", "minimum": 1},
                                            "endColumn": {"type": "integer", "minimum": 1},
                                            "charOffset": {"type": "integer", "minimum": 0},
                                            "charLength": {"type": "integer", "minimum": 0},
                                            "snippet": {"$ref": "#/$defs/message"},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip
"""What SARIF 2.1.0 asks of the parts that we write. No well-kept package for Python ships the schema itself; the
output was also held against the whole schema, as an npm package ships it."""


def test_sarif_holds_what_its_standard_asks(desk: Path, run_check: Run) -> None:
    (desk / "süb dir").mkdir()
    (desk / "süb dir" / "a.txt").write_text(f"Dag.\n{BAD}\n")
    (desk / "b.docx").write_bytes(FULL + b"")
    (desk / "c.docx").write_bytes(PLACES["koptekst"])
    ran = run_check("süb dir/a.txt", "b.docx", "c.docx", "weg.docx", str(desk / "süb dir"), "--format", "sarif")
    data = json.loads(ran.out)
    assert [error.message for error in Draft202012Validator(SARIF).iter_errors(data)] == []
    (sarif,) = data["runs"]
    rules = [rule["id"] for rule in sarif["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules) > 10
    for result in sarif["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])
    ours = [each["locations"][0] for each in sarif["results"] if each["ruleId"] == RULE]
    assert ours[0]["physicalLocation"] == {
        "artifactLocation": {"uri": "s%C3%BCb%20dir/a.txt", "uriBaseId": "ROOT"},
        "region": {
            "startLine": 2, "startColumn": 13, "endLine": 2, "endColumn": 25, "charOffset": 17, "charLength": 12,
            "snippet": {"text": "eigen schuld"},
        },
    }  # fmt: skip
    assert ours[-1]["logicalLocations"] == [{"name": "koptekst"}]
    assert sarif["invocations"][0]["executionSuccessful"] is False
    (notice,) = sarif["invocations"][0]["toolExecutionNotifications"]
    assert "weg.docx" in notice["message"]["text"]


def test_a_name_that_is_no_unicode_can_be_reported(desk: Path, run_check: Run) -> None:
    name = os.fsdecode(b"gr\xf6n.txt")
    (desk / name).write_text(BAD)
    assert "gr�n.txt:1:13" in run_check(name).out
    assert "\\udcf6" in run_check(name, "--json").out
    assert "gr%F6n.txt" in run_check(name, "--format", "sarif").out


WARNING = f"{FINE}\n\ncomms: blame.own_fault uit\n"
"""A rule that is switched off without a reason."""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (BAD, {"error": 1, "warning": 1, "info": 1, "never": 0}),
        (WARNING, {"error": 0, "warning": 1, "info": 1, "never": 0}),
        (FINE, {"error": 0, "warning": 0, "info": 0, "never": 0}),
    ],
    ids=["error", "warning", "nothing"],
)
def test_from_which_severity_the_exit_code_tells(text: str, codes: dict[str, int], desk: Path, run_check: Run) -> None:
    (desk / "a.txt").write_text(text)
    assert {each: run_check("a.txt", "--fail-on", each).code for each in codes} == codes
    assert run_check("a.txt").code == codes["error"]


OWN = """
[[rule]]
id = "eigen.kreet"
category = "terms"
severity = "warning"
provisions = ["3.media.2"]
looks_for = ["oude kreet"]
why = { nl = "Dat woord is oud.", en = "That word is old." }
better = { nl = "Een nieuw woord.", en = "A new word." }
replace = "nieuw woord"
found = ["Een oude kreet."]
not_found = ["Een kreet."]

[[rule]]
id = "eigen.groet"
category = "missing"
severity = "warning"
provisions = []
requires = ["groet"]
audiences = ["students"]
why = { nl = "Sluit af met een groet.", en = "End with a greeting." }
found = ["Dag."]
not_found = ["Een groet."]
"""


def with_a_case(desk: Path) -> tuple[str, str]:
    """An incident of a school with rules of its own, as arguments of the command."""
    rules = {"blame.own_fault": {"severity": "info", "reason": "wij halen ouders aan"}}
    profile = {**PROFILE, "review": {"rules": rules, "own": "regels"}}
    (desk / "school.yaml").write_text(yaml.safe_dump(profile))
    (desk / "incident.yaml").write_text(OPEN_YAML)
    (desk / "regels").mkdir()
    (desk / "regels" / "nl.toml").write_text(OWN)
    return "--incident", "incident.yaml"


def test_the_reader_and_the_case_count(desk: Path, run_check: Run) -> None:
    case = with_a_case(desk)
    (desk / "a.txt").write_text(f"{BAD} Een oude kreet.")

    def told(*arguments: str) -> dict[str, str]:
        found = run_check("a.txt", "--json", *arguments).all_findings
        return {each["rule"]: each["severity"] for each in found if each["rule"].startswith(("eigen", RULE))}

    assert told() == {"blame.own_fault": "error"}
    assert told(*case) == {"blame.own_fault": "info", "eigen.kreet": "warning"}
    assert told("--school", "school.yaml") == {"blame.own_fault": "info", "eigen.kreet": "warning"}
    assert told(*case, "-a", "students") == {
        "blame.own_fault": "info",
        "eigen.kreet": "warning",
        "eigen.groet": "warning",
    }
    assert told(*case, "-a", "parents") == {"blame.own_fault": "info", "eigen.kreet": "warning"}


def test_a_better_wording_of_a_rule_is_written_into_the_copy(desk: Path, run_check: Run) -> None:
    case = with_a_case(desk)
    (desk / "a.docx").write_bytes(word_file(paragraph("Een ", run("oude", "<w:b/>"), run(" kreet is dat."))))
    ran = run_check("a.docx", *case, "--fix", "--json")
    replaced = [(each["rule"], each["replacement"]) for each in ran.all_findings if "replacement" in each]
    assert replaced == [("eigen.kreet", "nieuw woord")]
    assert changes((desk / "a.checked.docx").read_bytes())[3] == "Een nieuw woord is dat."
    assert changes((desk / "a.checked.docx").read_bytes())[2] == "Een oude kreet is dat."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("BESTAND|MAP",)),
        (("a.txt", "--format", "xml"), ("xml", "sarif")),
        (("a.txt", "--fail-on", "fout"), ("fout", "warning")),
        (("a.txt", "-l", "fr"), ("fr", "nl")),
        (("a.txt", "-a", "student"), ("student", "bedoelde u students?")),
        (("a.txt", "--incident", "weg.yaml"), ("weg.yaml",)),
        (("a.txt", "--school", "weg.yaml"), ("weg.yaml",)),
        (("a.txt", "--school", "a.txt"), ("a.txt", "name")),
        (("a.txt", "--onzin"), ("--onzin",)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_use_is_told(arguments: tuple[str, ...], words: tuple[str, ...], desk: Path, run_check: Run) -> None:
    (desk / "a.txt").write_text(FINE)
    ran = run_check(*arguments)
    assert (ran.code, ran.out) == (2, "")
    for word in words:
        assert word in ran.err


def test_english_texts_are_checked_in_english(desk: Path, run_check: Run) -> None:
    (desk / "a.txt").write_text("Dear parents,\n\nIt is her own fault and she should have known what would happen.\n")
    assert run_check("a.txt", "--json").findings


# --- Copies of Word files with comments and changes ---------------------------------------------------------------------


def finding(text: str, words: str, number: int = 0, replacement: str | None = None, **values: Any) -> Finding:
    """A finding about the words where they stand for the so manieth time."""
    start = -1
    for _each in range(number + 1):
        start = text.index(words, start + 1)
    return Finding(
        "blame.test", "victim_blaming", "error", f"Waarom niet: {words}", ("3.students.7",), start, start + len(words),
        excerpt=words, suggestion="iets beters", replacement=replacement, **values,
    )  # fmt: skip


Wanted = tuple[str, int, str | None]


def marked(
    path: Path, content: bytes, wanted: Iterable[Wanted | str], *, comment: bool = True, fix: bool = False
) -> bytes:
    """The copy of a file with these words marked: the words, for the so manieth time, and what is better."""
    source = read(path, content)
    text = source.extract.written.text
    parts = source.extract.written.parts
    findings = []
    for each in wanted:
        words, number, replacement = (each, 0, None) if isinstance(each, str) else each
        found = finding(text, words, number, replacement)
        place = next((part.place for part in parts if part.start <= found.start < part.end), "")
        findings.append(Finding(**{**{name: getattr(found, name) for name in found.__slots__}, "place": place}))
    made = annotate.copied(source, files.placed(source, findings), comment=comment, fix=fix)
    assert made is not None
    assert path.read_bytes() == content
    return made.content


def body(content: bytes, part: str = "word/document.xml") -> Any:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        return etree.fromstring(archive.read(part))


def commented(content: bytes) -> list[str]:
    """For each comment of ours the text that it stands around, as Word shows it, with marks for what is no text."""
    root = body(content)
    found: dict[str, str] = {}
    open_now: list[str] = []
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name == "commentRangeStart":
            open_now.append(element.get(f"{W}id"))
            found[element.get(f"{W}id")] = ""
        elif name == "commentRangeEnd":
            open_now.remove(element.get(f"{W}id"))
        elif name in ("t", "delText", "footnoteReference", "drawing"):
            fallback = next(element.iterancestors("{*}Fallback"), None)
            for each in open_now if fallback is None else ():
                found[each] += element.text or "" if name in ("t", "delText") else f"<{name}>"
    assert open_now == []
    references = [each.get(f"{W}id") for each in root.iter(f"{W}commentReference")]
    assert sorted(references) == sorted(found)
    authors = {each.get(f"{W}id"): each.get(f"{W}author") for each in body(content, "word/comments.xml")}
    assert set(found) <= set(authors)
    return [text for each, text in found.items() if authors[each] == "comms"]


def test_every_finding_becomes_a_comment_at_its_place(desk: Path) -> None:
    wanted: list[Wanted | str] = [
        "Een zin", "die over runs loopt", "t\tab", "dom", "verdrietig nu", "hier en daar", "ginds", "cel", "een blok",
        "noot. Gezegd", "twee",
    ]  # fmt: skip
    made = marked(desk / "brief.docx", FULL, wanted)
    assert commented(made) == [
        "Een zin", "die over runs loopt", "tab", "dom", "verdrietig nu", "hier en daar", "ginds", "cel", "een blok",
        "noot<footnoteReference>. Gezegd", "twee",
    ]  # fmt: skip
    comments = list(docx.Document(BytesIO(made)).comments)
    assert [each.author for each in comments] == [
        "Ans",
        *["comms"] * len(wanted),
    ][:1] + ["comms"] + ["comms"] * len(wanted)
    assert comments[2].text.split("\n") == [
        "Fout: verwijt aan het slachtoffer",
        "Waarom niet: Een zin",
        "Beter: iets beters",
        "Meer uitleg: comms explain blame.test (3.students.7)",
    ]
    assert shown(read(desk / "kopie.docx", made)) == shown(read(desk / "brief.docx"))
    assert marked(desk / "brief.docx", FULL, wanted) == made


def test_what_can_not_hold_a_comment_is_commented_where_it_is_referred_to(desk: Path) -> None:
    wanted = ["tekstvak", "meisje", "Boven aan", "Onder", "In de noot", "Een opmerking", "over haar", "wolk.example/fotos", "veld.example", "simpel"]  # fmt: skip
    made = marked(desk / "brief.docx", FULL, wanted)
    around = dict(zip([each.text.split("“")[1].split("”")[0] for each in docx.Document(BytesIO(made)).comments if "“" in each.text], sorted_by_id(made), strict=True))  # fmt: skip
    assert around["tekstvak"] == around["meisje"] == "<drawing>In het tekstvak."
    assert around["Boven aan"] == around["Onder"] == around["over haar"] == "De titel"
    assert around["In de noot"] == "<footnoteReference>"
    assert around["wolk.example/fotos"] == "hier"
    assert around["veld.example"] == "daar"
    assert around["simpel"] == "ginds"
    told = [each.text for each in docx.Document(BytesIO(made)).comments]
    assert any("Dit gaat over koptekst: “Boven aan”" in each for each in told)


def sorted_by_id(content: bytes) -> list[str]:
    """What our comments stand around, in the order of the comments."""
    root = body(content)
    order = [each.get(f"{W}id") for each in root.iter(f"{W}commentRangeStart")]
    authors = {each.get(f"{W}id"): each.get(f"{W}author") for each in body(content, "word/comments.xml")}
    ours = [each for each in order if authors[each] == "comms"]
    texts = commented(content)
    return [texts[ours.index(each)] for each in sorted(ours, key=int)]


def test_a_finding_about_the_whole_text_is_commented_at_the_top(desk: Path) -> None:
    for content in (word_file(paragraph(FINE)), word_file("<w:p/>"), word_file()):
        source = read(desk / "a.docx", content)
        whole = Finding("missing.help", "missing", "warning", "Er staat geen hulp in.", ())
        made = annotate.copied(source, files.placed(source, [whole]), comment=True, fix=False)
        assert made is not None
        assert len(list(docx.Document(BytesIO(made.content)).comments)) == 1
        assert commented(made.content) in ([FINE], [""])


def changes(content: bytes, part: str = "word/document.xml") -> tuple[list[str], list[str], str, str]:
    """What is deleted and inserted by us, and the text when all of our changes are refused or accepted."""
    root = body(content, part)
    texts = {"del": [], "ins": []}  # type: dict[str, list[str]]
    refused = accepted = ""
    for element in root.iter(f"{W}t", f"{W}delText"):
        around = [each for each in element.iterancestors() if each.get(f"{W}author") == "comms"]
        kind = etree.QName(around[0]).localname if around else ""
        if kind:
            texts[kind].append(element.text)
        if next(element.iterancestors(f"{W}del"), None) is None or kind == "del":
            refused += element.text if kind != "ins" else ""
            accepted += element.text if kind != "del" else ""
        assert (element.tag == f"{W}delText") == (next(element.iterancestors(f"{W}del"), None) is not None)
    ids = [each.get(f"{W}id") for each in root.iter(f"{W}ins", f"{W}del")]
    assert len(ids) == len(set(ids))
    return texts["del"], texts["ins"], refused, accepted


def test_a_better_wording_becomes_a_tracked_change_that_keeps_its_looks(desk: Path) -> None:
    content = word_file(
        paragraph(run("Het is "), run("haar eigen", "<w:b/><w:color w:val='FF0000'/>"), run(" schuld, zegt men.")),
        paragraph("Wraakporno is niet leuk."),
    )
    made = marked(
        desk / "a.docx", content, [("eigen schuld", 0, "pech"), ("Wraakporno", 0, "ongewenste verspreiding")], fix=True
    )
    assert changes(made) == (
        ["eigen", " schuld", "Wraakporno"],
        ["pech", "Ongewenste verspreiding"],
        "Het is haar eigen schuld, zegt men.Wraakporno is niet leuk.",
        "Het is haar pech, zegt men.Ongewenste verspreiding is niet leuk.",
    )
    new = next(body(made).iter(f"{W}ins")).find(f"{W}r/{W}rPr")
    assert [etree.QName(each).localname for each in new] == ["b", "color"]
    assert commented(made) == ["eigen schuldpech", "WraakpornoOngewenste verspreiding"]
    assert beside(read(desk / "b.docx", made))["verwijderde tekst"] == ["Het is haar eigen schuld, zegt men.", "Wraakporno is niet leuk."]  # fmt: skip


def test_changes_alone_need_no_comments(desk: Path) -> None:
    made = marked(desk / "a.docx", word_file(paragraph(BAD)), [("eigen", 0, "niet haar")], comment=False, fix=True)
    assert changes(made)[3] == "Het is haar niet haar schuld."
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert "word/comments.xml" not in archive.namelist()


def test_changes_in_links_insertions_notes_and_headers(desk: Path) -> None:
    content = word_file(
        paragraph("Zie ", '<w:hyperlink r:id="l">' + run("haar eigen ") + "</w:hyperlink>", "schuld."),
        paragraph("Nu ", inserted("staat een oud woord hier"), "."),
        paragraph("Een vak: ", text_box(paragraph("oude kreet"))),
        paragraph("Weg is ", deleted("het vorige"), "."),
        links={"l": "https://x.example"},
        parts={
            "header1": story("hdr", paragraph("Een oude kop.")),
            "footnotes": story("footnotes", f'<w:footnote w:id="2">{paragraph("Een oude noot.")}</w:footnote>'),
        },
    )
    wanted: list[Wanted | str] = [
        ("eigen schuld", 0, "pech"), ("oud woord", 0, "nieuw woord"), ("woord hier", 0, "nooit"), ("oude kreet", 0, "nooit"),
        ("vorige", 0, "nooit"), ("oude kop", 0, "nieuwe kop"), ("oude noot", 0, "nieuwe noot"),
    ]  # fmt: skip
    made = marked(desk / "a.docx", content, wanted, fix=True)
    removed, new, refused, accepted = changes(made)
    assert ("".join(removed), new) == ("eigen schuldoud woord", ["pech", "nieuw woord"])
    assert refused.startswith("Zie haar eigen schuld.Nu staat een oud woord hier.")
    assert accepted.startswith("Zie haar pech.Nu staat een nieuw woord hier.")
    assert changes(made, "word/header1.xml")[3] == "Een nieuwe kop."
    assert changes(made, "word/footnotes.xml")[3] == "Een nieuwe noot."
    # An insertion of somebody else is cut in two around ours, and holds only what it held.
    theirs = [each for each in body(made).iter(f"{W}ins") if each.get(f"{W}author") == "Ans"]
    assert ["".join(each.itertext()) for each in theirs] == ["staat een oud woord", " hier"]
    assert len(commented(made)) == len(wanted)


def test_a_run_with_more_than_text_is_commented_and_not_changed(desk: Path) -> None:
    picture = '<w:r><w:t>oud woord</w:t><w:pict/></w:r>'  # fmt: skip
    made = marked(desk / "a.docx", word_file(paragraph(picture)), [("oud woord", 0, "nieuw")], fix=True)
    assert changes(made)[:2] == ([], [])
    assert commented(made) == ["oud woord"]


def test_annotating_writes_a_copy_and_never_the_original(desk: Path, run_check: Run) -> None:
    (desk / "map" / "in").mkdir(parents=True)
    content = word_file(paragraph(BAD))
    for name in ("a.docx", "map/a.docx", "map/in/a.docx", "map/goed.docx"):
        (desk / name).write_bytes(word_file(paragraph(FINE)) if "goed" in name else content)
    (desk / "b.md").write_text(BAD)
    ran = run_check("a.docx", "b.md", "--annotate")
    assert ran.code == 1
    assert "b.md: opmerkingen en wijzigingen kunnen alleen in een Word-bestand" in ran.err
    assert "Kopie: a.checked.docx" in ran.err
    assert (desk / "a.docx").read_bytes() == content
    assert "eigen schuld" in commented((desk / "a.checked.docx").read_bytes())
    ran = run_check("map", "-o", "uit", "--annotate")
    assert sorted(path.relative_to(desk / "uit").as_posix() for path in (desk / "uit").rglob("*.docx")) == [
        "a.checked.docx",
        "in/a.checked.docx",
    ]
    assert "map/goed.docx: niets op te merken, dus geen kopie" in ran.err
    assert run_check("map", "-o", "uit", "--annotate").code == 1  # the same again is no conflict
    (desk / "map" / "a.docx").write_bytes(word_file(paragraph(FINE), paragraph(BAD)))
    refused = run_check("map", "-o", "uit", "--annotate")
    assert (refused.code, "--overwrite" in refused.err) == (3, True)
    assert run_check("map", "-o", "uit", "--annotate", "--overwrite").code == 1
    twice = run_check("a.docx", "map/a.docx", "-o", "uit2", "--annotate")
    assert (twice.code, (desk / "uit2").exists()) == (2, False)
    assert run_check("-", "--annotate", stdin=content).code == 1


def test_a_copy_is_checked_without_its_own_comments(desk: Path, run_check: Run) -> None:
    (desk / "a.docx").write_bytes(word_file(paragraph(BAD)))
    first = run_check("a.docx", "--annotate", "--json").findings
    again = run_check("a.checked.docx", "--json").findings
    assert [each["excerpt"] for each in again] == [each["excerpt"] for each in first]


def test_a_file_that_changes_under_the_pen_is_refused(desk: Path) -> None:
    source = read(desk / "a.docx", word_file(paragraph(BAD)))
    found = files.placed(source, [finding(source.extract.written.text, "eigen")])
    (desk / "a.docx").write_bytes(word_file(paragraph("Iets anders.")))
    with pytest.raises(Exception, match="veranderd"):
        annotate.copied(source, found, comment=True, fix=False)


def test_every_copy_is_what_word_and_libreoffice_take(desk: Path) -> None:
    """Each part is XML, every relation leads somewhere, and LibreOffice has all comments and changes."""
    wanted: list[Wanted | str] = [
        "die over runs loopt",
        ("verdrietig", 0, "boos"),
        "In de cel",
        ("een blok", 0, "een stuk"),
        "Boven aan",
    ]
    made = marked(desk / "brief.docx", FULL, wanted, fix=True)
    (desk / "kopie.docx").write_bytes(made)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
        related = re.findall(
            r'Type="[^"]*/comments" Target="([^"]*)"', archive.read("word/_rels/document.xml.rels").decode()
        )
        assert related == ["comments.xml"]
    with zipfile.ZipFile(BytesIO(marked(desk / "kaal.docx", word_file(paragraph(BAD)), ["eigen"]))) as archive:
        assert b'PartName="/word/comments.xml"' in archive.read("[Content_Types].xml")
        assert b"/word/comments.xml" in archive.read("word/_rels/document.xml.rels")
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    for kind in ("fodt", "txt:Text", "pdf"):
        subprocess.run(
            ["soffice", "--headless", "--convert-to", kind, "kopie.docx"],
            cwd=desk, env={**os.environ, "HOME": str(desk)}, capture_output=True, check=True, timeout=120,
        )  # fmt: skip
    text = (desk / "kopie.fodt").read_text("utf-8")
    assert text.count("<office:annotation ") == len(wanted) + 1  # and that of Ans
    assert "<text:insertion>" in text
    plain = (desk / "kopie.txt").read_text("utf-8")
    for words in ("verdrietig", "boos", "een blok", "een stuk", "die over runs loopt", "In de cel."):
        assert words in plain
    assert (desk / "kopie.pdf").read_bytes().startswith(b"%PDF")


# --- Tracing, hooks, start-up -------------------------------------------------------------------------------------------


def test_a_rule_of_the_review_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", "blame.own_fault"]) == 0
    told = capsys.readouterr().out
    for word in ("blame.own_fault  regel van de controle", "fout: verwijt aan het slachtoffer", "(3.students.7)", "Beter: ", "vindt (nl)", "laat staan (nl)", "vindt (en)"):  # fmt: skip
        assert word in told
    assert cli.run(["--ui-language", "en", "explain", "blame.own_fault"]) == 0
    assert cli.run(["explain", "blame.own_falt"]) == 2
    assert "blame.own_fault" in capsys.readouterr().err


def test_the_policy_names_the_rules_that_carry_out_a_provision(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["policy"]) == 0
    told = capsys.readouterr().out
    section = told[told.index("3.students.7 ") : told.index("3.students.8 ")]
    assert "blame.own_fault" in section.partition("controle: ")[2]


def test_every_review_rule_is_traced() -> None:
    from comms.tracing import explainable, review_rules, trace

    rules = review_rules()
    assert set(rules) <= set(explainable())
    for rule_id, by_language in rules.items():
        for rule in by_language.values():
            for provision in rule["provisions"]:
                assert rule_id in trace(provision).review


def test_the_hook_for_pre_commit_takes_what_the_command_reads() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert (hook["id"], hook["entry"], hook["language"]) == ("comms-check", "comms check", "python")
    taken = re.compile(hook["files"])
    assert all(taken.search(f"map/brief{suffix}") for suffix in files.KINDS)
    assert not any(taken.search(name) for name in ("a.py", "a.docm", "a.pdf", "docx"))
    assert taken.search("BRIEF.DOCX")


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.txt", "a.html"])
def test_checking_loads_only_what_it_needs(name: str, desk: Path) -> None:
    contents = {"a.docx": word_file(paragraph(FINE)), "a.odt": open_document(f"<text:p>{FINE}</text:p>")}
    (desk / name).write_bytes(contents.get(name, FINE.encode()))
    source = f"import sys, comms.cli; print(comms.cli.run(['check', {name!r}]), *sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", source], cwd=desk, capture_output=True, encoding="utf-8", check=True)
    code, *loaded = ran.stderr.split()
    assert code == "0"
    heavy = {
        "lxml",
        "docx",
        "docxtpl",
        "jinja2",
        "markdown",
        "babel",
        "yaml",
        "email",
        "json",
        "comms.incident",
        "comms.planning",
    }
    assert sorted(heavy & set(loaded)) == []
