"""Letters in Word: what Word shows is what was meant, whatever the values, the letterhead or the language."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from comms import resources
from comms.characters import visible
from comms.document import Banner, Block, Message, Passage, Run
from comms.errors import TemplateError
from comms.markup import addressed
from comms.render.docx import Letterhead, letterhead
from comms.render.series import Bound
from comms.render.series import series as series_of

OURS = resources.folder("templates") / "letterhead.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
SCHOOL = {"name": "ROC Voorbeeld", "place": "Utrecht", "phone": "030 123 45 67", "website": "roc.example"}
VALUES = {"school": SCHOOL}
HOSTILE = [
    "{{7*7}}", "{% raw %}", "{# weg #}", "{_{ x }_}", r"een\ntwee", r"\t\a\f", "ROC <A> & B", "]]>", "<?comms-body ?>",
    "<w:p/>", "'\"“”", "  twee  spaties  ", "&amp;", "&#65;", "%}{{", "\u2066030\u2069", "𝒜é",
]  # fmt: skip
UNPRINTABLE = ["\x00", "a\x0bb", "tab\tin", "regel\neinde", "\u2028", "\ud800", "\uffff"]


def paragraph(*runs: Run | str) -> Block:
    return Block("paragraph", tuple(Run(run) if isinstance(run, str) else run for run in runs))


def bullet(*runs: Run | str) -> Block:
    return paragraph(*runs)._replace(kind="bullet")


def heading(text: str, level: int = 2) -> Block:
    return Block("heading", (Run(text),), level)


def message(*body: Block, title: str = "Titel", author: str = "ROC Voorbeeld", language: str = "nl") -> Message:
    passages = (
        Passage("date", (), (paragraph("20 november 2026"),), "date"),
        Passage("title", (), (heading(title, 1),), "title"),
        Passage("body", (), body or (paragraph("Beste ouders,"),)),
        Passage("signature", (), (paragraph("Met groet,", Run("\n"), "A. de Vries"),), "signature"),
    )
    return Message("parents", language, "rtl" if language == "ar" else "ltr", passages, author, "2026-11-20")


LETTER = message(
    heading("Wat u kunt doen"),
    paragraph("Dit is ", Run("belangrijk", bold=True), " en ", Run("【telefoon】", gap=True), "."),
    heading("Thuis", 3),
    bullet("Kijk er niet naar."),
    bullet("Meld het bij ", Run("Help", href="https://help.example/a?b=1&c=2"), "."),
)
BANNER = Banner("nl", (paragraph("NIET VERZENDEN"), paragraph("Eerst:"), bullet("toestemming van het slachtoffer")))


def part(docx: bytes, name: str) -> Any:
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(name))


def names(docx: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def shown(docx: bytes, name: str = "word/document.xml") -> list[str]:
    """What Word shows of a part, paragraph by paragraph."""
    signs = {"br": "\n", "tab": "\t"}
    return [
        "".join(
            signs.get(etree.QName(item).localname) or item.text or ""
            for item in found.iterfind(f"{W}r/*")
            if item.tag in (f"{W}t", f"{W}br", f"{W}tab")
        )
        for found in part(docx, name).iter(f"{W}p")
    ]


def look(docx: bytes, text: str) -> Any:
    """The run with this text."""
    return next(t.getparent() for t in part(docx, "word/document.xml").iter(f"{W}t") if t.text == text)


def style_of(docx: bytes, text: str) -> str:
    """The name of the style of the paragraph with this text, "" for none."""
    body = part(docx, "word/document.xml")
    for found in body.iter(f"{W}p"):
        if "".join(t.text or "" for t in found.iter(f"{W}t")) == text:
            style = found.find(f"{W}pPr/{W}pStyle")
            return style_name(docx, "" if style is None else style.get(f"{W}val"))
    raise LookupError(text)


def style_name(docx: bytes, style_id: str) -> str:
    for style in part(docx, "word/styles.xml").iter(f"{W}style"):
        if style.get(f"{W}styleId") == style_id:
            return str(style.find(f"{W}name").get(f"{W}val"))
    return ""


def edited(path: Path, change: Callable[[dict[str, bytes]], object], source: Path = OURS) -> Path:
    """A letterhead at ``path``, made from ``source`` by changing its parts."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def text_xml(*texts: str) -> str:
    return "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{text.replace("&", "&amp;").replace("<", "&lt;")}</w:t></w:r></w:p>'
        for text in texts
    )


PLACES = ("{{p date }}", "{{p title }}", "{{p body }}", "{{p signature }}")


def with_body(path: Path, *texts: str, xml: str = "", section: str = "") -> Path:
    """A letterhead with these paragraphs before the message's parts."""
    body = f"<w:document {NAMESPACES}><w:body>{text_xml(*texts)}{xml}{text_xml(*PLACES)}{section}</w:body></w:document>"
    return edited(path, lambda parts: parts.update({"word/document.xml": body.encode()}))


def with_header(path: Path, *texts: str, source: Path = OURS) -> Path:
    header = f"<w:hdr {NAMESPACES}>{text_xml(*texts)}</w:hdr>"
    return edited(path, lambda parts: parts.update({"word/header1.xml": header.encode()}), source)


# --- Text -----------------------------------------------------------------------------------------------------------


def test_word_shows_the_text_of_the_message_block_by_block() -> None:
    docx = letterhead(OURS).render(LETTER, VALUES)
    assert shown(docx) == [block.text for block in LETTER.blocks()]
    assert shown(docx, "word/header1.xml") == ["ROC Voorbeeld\tUtrecht"]
    assert shown(docx, "word/footer1.xml") == ["ROC Voorbeeld · 030 123 45 67 · roc.example\t1 / 1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_values_come_out_as_typed(text: str, tmp_path: Path) -> None:
    path = with_body(tmp_path / "body.docx", "[{{ school.name }}]", "[{{ title }}]")
    path = with_header(tmp_path / "l.docx", "[{{ school.name }}|{{ title }}|{{ date }}]", source=path)
    runs = paragraph(text, Run(text, bold=True), Run(text, href="https://a.example"))
    letter = message(runs, title=text, author=text)
    docx = Letterhead(path).render(letter, {"school": dict.fromkeys(SCHOOL, text)})
    assert shown(docx) == [f"[{text}]", f"[{text}]", "20 november 2026", text, text * 3, "Met groet,\nA. de Vries"]
    assert shown(docx, "word/header1.xml") == [f"[{text}|{text}|20 november 2026]"]
    assert shown(docx, "word/footer1.xml") == [f"{text} · {text} · {text}\t1 / 1"]
    core = part(docx, "docProps/core.xml")
    assert [core.findtext(f"{{*}}{name}") for name in ("title", "creator", "lastModifiedBy")] == [text] * 3


def test_a_value_that_is_missing_is_never_blank() -> None:
    with pytest.raises(TemplateError, match="phone"):
        Letterhead(OURS).render(message(), {"school": {"name": "ROC", "place": "Utrecht", "website": "roc.example"}})


@pytest.mark.parametrize("text", UNPRINTABLE)
def test_what_xml_cannot_hold_is_replaced_visibly(text: str) -> None:
    docx = letterhead(OURS).render(message(title=text, author=text), {"school": dict.fromkeys(SCHOOL, text)})
    for name in ("word/header1.xml", "word/footer1.xml"):
        assert "\N{REPLACEMENT CHARACTER}" in shown(docx, name)[0]
    assert "\N{REPLACEMENT CHARACTER}" in shown(docx)[1]
    assert "\N{REPLACEMENT CHARACTER}" in part(docx, "docProps/core.xml").findtext("{*}creator")


def test_values_cannot_act_through_jinja_without_escaping(tmp_path: Path) -> None:
    path = with_body(
        tmp_path / "l.docx",
        "{% autoescape false %}{{ school.name }}{% endautoescape %}",
        "{% set x %}{{ school.name }}{% endset %}{{ x }}",
        "{{ school.name|e }}",
    )
    docx = Letterhead(path).render(message(), {"school": SCHOOL | {"name": "<&>"}})
    assert shown(docx)[:3] == ["<&>"] * 3


def test_conditions_and_literal_braces_mean_what_docxtpl_says(tmp_path: Path) -> None:
    path = with_body(
        tmp_path / "l.docx",
        "{%p if school.fax is defined %}",
        "Fax",
        "{%p endif %}",
        "{_{ en }_}",
        "{#p weg #}",
        "slot",
    )
    assert shown(Letterhead(path).render(message(), VALUES))[:2] == ["{{ en }}", "slot"]


def test_a_tag_that_word_split_over_runs_is_one_tag(tmp_path: Path) -> None:
    runs = "".join(
        f"<w:r><w:t>{piece}</w:t></w:r><w:proofErr w:type='spellStart'/>" for piece in ("{", "{ scho", "ol.name }}")
    )
    places = "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in ("{{", "p ti", "tle }}"))
    path = with_body(tmp_path / "l.docx", xml=f"<w:p>{runs}</w:p><w:p>{places}</w:p>")
    assert shown(Letterhead(path).render(message(), VALUES))[:2] == ["ROC Voorbeeld", "Titel"]


def test_the_parts_of_a_message_may_stand_in_a_table_and_in_a_header_too(tmp_path: Path) -> None:
    cell = f"<w:tc><w:tcPr/>{text_xml('{{p body }}')}</w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl>"
    path = with_header(tmp_path / "l.docx", "{{p title }}", source=with_body(tmp_path / "body.docx", xml=table))
    docx = Letterhead(path).render(message(), VALUES)
    assert shown(docx)[0] == "Beste ouders,"
    assert shown(docx, "word/header1.xml") == ["Titel"]


# --- Form -----------------------------------------------------------------------------------------------------------


def python_docx_default(path: Path) -> Path:
    from docx import Document

    document = Document()
    for place in PLACES:
        document.add_paragraph(place)
    document.save(str(path))
    return path


def bare(path: Path) -> Path:
    """A letterhead without styles, lists and properties."""

    def strip(parts: dict[str, bytes]) -> None:
        normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Standaard"><w:name w:val="Normal"/></w:style>'
        parts["word/styles.xml"] = f"<w:styles {NAMESPACES}>{normal}</w:styles>".encode()
        parts["word/document.xml"] = (
            f"<w:document {NAMESPACES}><w:body>{text_xml(*PLACES)}</w:body></w:document>".encode()
        )
        for name, gone in (("word/numbering.xml", "numbering"), ("docProps/core.xml", "core")):
            del parts[name]
            for listing in ("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"):
                root = etree.fromstring(parts[listing])
                for item in list(root):
                    if f"{gone}.xml" in (item.get("PartName") or item.get("Target") or ""):
                        root.remove(item)
                parts[listing] = etree.tostring(root)

    return edited(path, strip)


def no_styles_at_all(path: Path) -> Path:
    return edited(path, lambda parts: parts.pop("word/styles.xml"), source=bare(path.with_name("bare.docx")))


def dutch_ids(path: Path) -> Path:
    ids = {
        "Heading1": "Kop1",
        "Title": "Titel",
        "ListBullet": "Lijstopsomteken",
        "Strong": "Zwaar",
        "BodyText": "Platte",
    }

    def rename(parts: dict[str, bytes]) -> None:
        for name in ("word/styles.xml", "word/numbering.xml"):
            text = parts[name].decode()
            for old, new in ids.items():
                text = text.replace(f'"{old}"', f'"{new}"')
            parts[name] = text.replace('w:name w:val="heading 1"', 'w:name w:val="Heading 1"').encode()

    return edited(path, rename)


@pytest.mark.parametrize(
    "make", [lambda path: shutil.copy(OURS, path), python_docx_default, bare, no_styles_at_all, dutch_ids]
)
def test_styles_are_real_in_any_letterhead(make: Callable[[Path], Path], tmp_path: Path) -> None:
    docx = Letterhead(make(tmp_path / "l.docx")).render(LETTER, VALUES)
    assert style_of(docx, "Titel").lower() == "title"
    assert style_of(docx, "20 november 2026").lower() == "date"
    assert style_of(docx, "Wat u kunt doen").lower() == "heading 1"
    assert style_of(docx, "Thuis").lower() == "heading 2"
    assert style_of(docx, "Kijk er niet naar.").lower() == "list bullet"
    assert style_of(docx, "Met groet,A. de Vries").lower() == "signature"
    assert style_of(docx, "Dit is belangrijk en 【telefoon】.").lower() in ("body text", "normal", "")
    assert style_name(docx, look(docx, "belangrijk").find(f"{W}rPr/{W}rStyle").get(f"{W}val")).lower() == "strong"
    assert style_name(docx, look(docx, "Help").find(f"{W}rPr/{W}rStyle").get(f"{W}val")).lower() == "hyperlink"
    assert look(docx, "【telefoon】").find(f"{W}rPr/{W}highlight").get(f"{W}val") == "yellow"


@pytest.mark.parametrize(
    "make", [lambda path: shutil.copy(OURS, path), python_docx_default, bare, no_styles_at_all, dutch_ids]
)
def test_bullets_are_a_list(make: Callable[[Path], Path], tmp_path: Path) -> None:
    docx = Letterhead(make(tmp_path / "l.docx")).render(LETTER, VALUES)
    styles = {style.get(f"{W}styleId"): style for style in part(docx, "word/styles.xml").iter(f"{W}style")}
    style = next(s for s in styles.values() if s.find(f"{W}name").get(f"{W}val") == "List Bullet")
    number = style.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val")
    numbering = part(docx, "word/numbering.xml")
    abstract = next(n for n in numbering.iter(f"{W}num") if n.get(f"{W}numId") == number)[0].get(f"{W}val")
    found = next(a for a in numbering.iter(f"{W}abstractNum") if a.get(f"{W}abstractNumId") == abstract)
    assert found.find(f"{W}lvl/{W}numFmt").get(f"{W}val") == "bullet"
    tags = [item.tag for item in numbering]
    assert tags == sorted(tags)  # abstractNum before num, as the schema has it
    registered = part(docx, "[Content_Types].xml")
    assert all(
        any(item.get("PartName") == f"/{name}" for item in registered)
        for name in ("word/numbering.xml", "word/styles.xml", "docProps/core.xml")
    )


def test_a_link_is_a_field_and_its_address_stays_in_it() -> None:
    letter = message(paragraph(Run("hier", href='https://a.example/"\\x?<&')))
    docx = letterhead(OURS).render(letter, VALUES)
    codes = [code.text for code in part(docx, "word/document.xml").iter(f"{W}instrText")]
    assert codes == [' HYPERLINK "https://a.example/%22%5Cx?<&" ']
    kinds = [char.get(f"{W}fldCharType") for char in part(docx, "word/document.xml").iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"]


def test_neighbouring_runs_with_one_address_are_one_link() -> None:
    runs = (Run("bel ", href="tel:030"), Run("nu", bold=True, href="tel:030"), Run("mail", href="mailto:a@b.nl"))
    docx = letterhead(OURS).render(message(paragraph(*runs)), VALUES)
    assert len(list(part(docx, "word/document.xml").iter(f"{W}instrText"))) == 2
    assert look(docx, "nu").find(f"{W}rPr/{W}b") is not None


def test_properties_come_in_the_order_of_the_schema() -> None:
    run = Run("x", bold=True, href="tel:1", gap=True)
    docx = letterhead(OURS).render(message(paragraph(run), language="ar"), VALUES)
    order = ["rStyle", "b", "bCs", "highlight", "rtl", "lang"]
    assert [etree.QName(item).localname for item in look(docx, "x")[0]] == order
    assert [etree.QName(item).localname for item in look(docx, "x").getparent()[0]] == ["pStyle", "bidi"]


# --- Language and properties ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "tag"), [("nl", "nl-NL"), ("en", "en-GB"), ("uk", "uk"), ("ar", "ar")])
def test_the_document_is_in_the_language_of_the_message(language: str, tag: str, tmp_path: Path) -> None:
    for path in (OURS, bare(tmp_path / "bare.docx")):
        docx = Letterhead(path).render(message(language=language), VALUES)
        defaults = part(docx, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
        assert defaults.get(f"{W}val") == tag
        assert part(docx, "docProps/core.xml").findtext("{*}language") == tag


def test_right_to_left_text_is_marked_in_paragraph_and_run() -> None:
    docx = letterhead(OURS).render(message(paragraph("مرحبا"), language="ar"), VALUES)
    run = look(docx, "مرحبا")
    assert run.find(f"{W}rPr/{W}rtl") is not None
    assert run.find(f"{W}rPr/{W}lang").get(f"{W}bidi") == "ar"
    assert run.getparent().find(f"{W}pPr/{W}bidi") is not None
    assert not list(part(letterhead(OURS).render(message(), VALUES), "word/document.xml").iter(f"{W}bidi", f"{W}rtl"))


def test_properties_are_ours_and_name_nobody_else(tmp_path: Path) -> None:
    def sign(parts: dict[str, bytes]) -> None:
        parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(
            b"<dc:creator/>", b"<dc:creator>J. Jansen</dc:creator>"
        )

    docx = Letterhead(edited(tmp_path / "l.docx", sign)).render(LETTER, VALUES)
    core = part(docx, "docProps/core.xml")
    told = {etree.QName(item).localname: item.text for item in core}
    assert told == {
        "title": "Titel",
        "creator": "ROC Voorbeeld",
        "lastModifiedBy": "ROC Voorbeeld",
        "created": "2026-11-20T00:00:00Z",
        "modified": "2026-11-20T00:00:00Z",
        "language": "nl-NL",
    }


def test_our_letterhead_is_small_and_names_nobody() -> None:
    assert OURS.stat().st_size < 40_000
    with zipfile.ZipFile(OURS) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"python" not in everything.lower()
    assert b"<dc:creator/>" in everything


# --- Banner ---------------------------------------------------------------------------------------------------------


def test_a_held_letter_says_so_on_top_and_on_every_page(tmp_path: Path) -> None:
    held = replace(LETTER, banner=BANNER)
    docx = letterhead(OURS).render(held, VALUES)
    assert shown(docx)[:3] == ["NIET VERZENDEN", "Eerst:", "• toestemming van het slachtoffer"]
    assert shown(docx, "word/header1.xml") == ["NIET VERZENDEN", "ROC Voorbeeld\tUtrecht"]
    assert look(docx, "NIET VERZENDEN").find(f"{W}rPr/{W}b") is not None
    assert look(docx, "NIET VERZENDEN").getparent().find(f"{W}pPr/{W}pBdr") is not None
    without_tags = Letterhead(with_header(tmp_path / "l.docx", "ROC"))
    assert shown(without_tags.render(held, VALUES), "word/header1.xml") == ["NIET VERZENDEN", "ROC"]
    assert shown(without_tags.render(LETTER, VALUES), "word/header1.xml") == ["ROC"]
    assert "NIET VERZENDEN" not in shown(letterhead(OURS).render(LETTER, VALUES))


# --- The same bytes -------------------------------------------------------------------------------------------------


def test_the_same_letter_is_the_same_bytes(tmp_path: Path) -> None:
    first = Letterhead(OURS).render(LETTER, VALUES)
    assert Letterhead(OURS).render(LETTER, VALUES) == first
    assert names(first)[0] == "[Content_Types].xml"
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    code = (
        "import sys; sys.path.insert(0, 'tests'); import test_docx as t;"
        "sys.stdout.buffer.write(t.letterhead(t.OURS).render(t.LETTER, t.VALUES))"
    )
    root = Path(__file__).parent.parent
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True)
    assert ran.stdout == first


def test_parts_without_tags_stay_as_they_are() -> None:
    docx = letterhead(OURS).render(LETTER, VALUES)
    with zipfile.ZipFile(OURS) as source, zipfile.ZipFile(BytesIO(docx)) as made:
        for name in ("word/numbering.xml", "word/fontTable.xml", "word/settings.xml", "docProps/app.xml"):
            assert made.read(name) == source.read(name)


def by_docxtpl(path: Path, letter: Message, values: dict[str, Any]) -> bytes:
    """The letter as plain docxtpl makes it: the same blocks, the same values, opened, rendered and saved."""
    from docxtpl import DocxTemplate

    plain = part(Letterhead(OURS).render(letter, VALUES), "word/document.xml")
    blocks = [etree.tostring(item, encoding="unicode") for item in plain[0] if item.tag == f"{W}p"]
    blocks = [re.sub(r' xmlns:\w+="[^"]*"', "", block) for block in blocks]
    theirs = DocxTemplate(path)
    context = {"date": blocks[0], "title": blocks[1], "body": "".join(blocks[2:-1]), "signature": blocks[-1]}
    theirs.render({**values, **context, "language": letter.language})
    saved = BytesIO()
    theirs.save(saved)
    return saved.getvalue()


def rows_letterhead(path: Path) -> Path:
    row = "<w:tr><w:tc><w:tcPr><w:tcW w:w='100' w:type='dxa'/></w:tcPr>{}</w:tc></w:tr>"
    rows = "".join(row.format(text_xml(text)) for text in ("{%tr for n in range(3) %}", "{{ n }}", "{%tr endfor %}"))
    grid = '<w:tblPr/><w:tblGrid><w:gridCol w:w="100"/></w:tblGrid>'
    return with_body(
        path,
        "Kenmerk: {{ school.place }} & {% if school.place == 'x' %}weg{% endif %}",
        "{% if school.place == 'x' %}weg{% endif %}",
        "{%p if school.place == 'Utrecht' %}",
        "in  Utrecht",
        "{%p endif %}",
        "Aan {{ recipient.name }}",
        xml=f"<w:tbl>{grid}{rows}</w:tbl>",
    )


def recipient_in_header(path: Path) -> Path:
    body = with_body(path.with_name("body.docx"), "Aan {{ recipient.name }}", "te {{ recipient.place|upper }}")
    return with_header(path, "Kenmerk {{ recipient.place }} {{ school.name }}", source=body)


@pytest.mark.parametrize("make", [lambda path: shutil.copy(OURS, path), rows_letterhead, recipient_in_header])
def test_body_header_and_footer_are_docxtpls_byte_for_byte(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """For values without special characters, in one letter and in one of a series."""
    path = Path(make(tmp_path / "l.docx"))
    recipient = {"name": "Anna de Vries", "place": "Delft"}
    values = VALUES | {"recipient": recipient}
    expected = by_docxtpl(path, LETTER, values)
    series = series_of(Letterhead(path), LETTER, VALUES, recipient)
    for made in (Letterhead(path).render(LETTER, values), series.letter(recipient)):
        with zipfile.ZipFile(BytesIO(made)) as ours, zipfile.ZipFile(BytesIO(expected)) as theirs:
            for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
                assert ours.read(name) == theirs.read(name), name


def test_an_edited_letterhead_is_read_again(tmp_path: Path) -> None:
    path = with_header(tmp_path / "l.docx", "Oud")
    assert letterhead(path) is letterhead(path)
    with_header(path, "Nieuw adres")
    assert shown(letterhead(path).render(LETTER, VALUES), "word/header1.xml") == ["Nieuw adres"]


# --- Mistakes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("{{ school.fax }}", ["fax", "school.name", "{{p body }}"]),
        ("{{ telefoon }}", ["telefoon", "school.phone"]),
        ("{{ school.name", ["niet af"]),
        ("school.name }}", ["niet af"]),
        ("{% if x", ["niet af"]),
        ("{% als x %}", ["als"]),
        ("{{ school.name|safe }}", ["safe"]),
        ("{{ school.name|mooi }}", ["mooi"]),
        ("{{ school.name + }}", ["klopt niet"]),
        ("{{ school }}", ["groep"]),
        ("{{p school.name }}", ["{{p school.name }}", "{{p body }}"]),
        ("{{p body|upper }}", ["{{p body }}"]),
        ("Geachte {{p body }}", ["naast", "{{p body }}"]),
        ("{%p if true %} tekst", ["naast"]),
        ("{{ school.__class__ }}", ["__class__"]),
        ("{% include 'x' %}", []),
        ("{{ body }}", ["body"]),
        ("{{ 1 / 0 }}", []),
    ],
)
def test_a_mistake_is_told_with_its_part_and_paragraph(tag: str, told: list[str], tmp_path: Path) -> None:
    for name, make in (("word/document.xml", with_body), ("word/header1.xml", with_header)):
        path = make(tmp_path / "l.docx", "Eerste", "Tweede", tag)
        with pytest.raises(TemplateError) as caught:
            Letterhead(path).render(LETTER, VALUES)
        assert caught.value.place.file == str(path)
        for text in (name, "alinea 3", tag[:79], *told):
            assert text in str(caught.value)


def test_a_place_is_right_after_paragraphs_that_disappear(tmp_path: Path) -> None:
    path = with_body(tmp_path / "l.docx", "{%p if true %}", "a", "{%p endif %}", "b", "{{ weg }}", "c")
    with pytest.raises(TemplateError, match=r"alinea 5 \(“\{\{ weg \}\}”\)"):
        Letterhead(path).render(LETTER, VALUES)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_of_a_message_is_dropped(place: str, tmp_path: Path) -> None:
    others = [other for other in PLACES if other != place]
    for texts in (others, [*others, place.replace("p ", " ", 1)]):
        xml = f"<w:document {NAMESPACES}><w:body>{text_xml(*texts)}</w:body></w:document>"
        path = edited(tmp_path / "l.docx", lambda parts, xml=xml: parts.update({"word/document.xml": xml.encode()}))  # type: ignore[misc]
        with pytest.raises(TemplateError) as caught:
            Letterhead(path)
        assert place in str(caught.value)


def test_a_condition_cannot_hide_the_message(tmp_path: Path) -> None:
    xml = text_xml("{%p if false %}", *PLACES, "{%p endif %}")
    document = f"<w:document {NAMESPACES}><w:body>{xml}</w:body></w:document>"
    path = edited(tmp_path / "l.docx", lambda parts: parts.update({"word/document.xml": document.encode()}))
    with pytest.raises(TemplateError, match=r"\{\{p body \}\}"):
        Letterhead(path).render(LETTER, VALUES)


def test_a_condition_across_paragraphs_that_breaks_the_file_is_told(tmp_path: Path) -> None:
    path = with_body(
        tmp_path / "l.docx",
        "a {% if false %} b",
        "c {% endif %} d",
        xml="<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>"
        + text_xml("{% if false %}")
        + "</w:tc></w:tr></w:tbl>"
        + text_xml("{% endif %}"),
    )
    with pytest.raises(TemplateError, match="opmaak"):
        Letterhead(path).render(LETTER, VALUES)


def test_a_section_break_beside_a_place_is_not_lost(tmp_path: Path) -> None:
    xml = text_xml("{{p title }}").replace("<w:p>", "<w:p><w:pPr><w:sectPr/></w:pPr>")
    with pytest.raises(TemplateError, match="naast"):
        Letterhead(with_body(tmp_path / "l.docx", xml=xml))


def test_a_tag_in_a_field_code_is_refused(tmp_path: Path) -> None:
    code = ('HYPERLINK "{', '{ school.website }}"')
    xml = "<w:p>" + "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in code) + "</w:p>"
    with pytest.raises(TemplateError, match="veldcode"):
        Letterhead(with_body(tmp_path / "l.docx", xml=xml))


# --- Files ----------------------------------------------------------------------------------------------------------


def retyped(parts: dict[str, bytes], old: bytes, new: bytes) -> None:
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(old, new)


def test_a_template_of_word_gives_a_document(tmp_path: Path) -> None:
    path = edited(tmp_path / "l.dotx", lambda parts: retyped(parts, b"document.main+xml", b"template.main+xml"))
    docx = Letterhead(path).render(LETTER, VALUES)
    types = {item.get("PartName"): item.get("ContentType") for item in part(docx, "[Content_Types].xml")}
    assert types["/word/document.xml"].endswith("wordprocessingml.document.main+xml")
    assert shown(docx) == [block.text for block in LETTER.blocks()]


def test_a_macro_named_otherwise_is_found(tmp_path: Path) -> None:
    def add(parts: dict[str, bytes]) -> None:
        parts["word/vba.bin"] = b"x"
        override = b'<Override PartName="/word/vba.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
        retyped(parts, b"</Types>", override)

    with pytest.raises(TemplateError, match="macro"):
        Letterhead(edited(tmp_path / "l.docx", add))


def damaged(parts: dict[str, bytes]) -> None:
    parts["word/document.xml"] = b"<w:document"


def with_entities(parts: dict[str, bytes]) -> None:
    entities = b'?>\n<!DOCTYPE x [<!ENTITY a "aaa">]>'
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"?>\n", entities, 1)


DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO = b"application/vnd.ms-word.document.macroEnabled.main+xml"
SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda parts: retyped(parts, DOCUMENT, MACRO), "macro"),
        (lambda parts: retyped(parts, DOCUMENT, SHEET), "geen Word-document"),
        (lambda parts: parts.pop("word/document.xml"), "word/document.xml"),
        (lambda parts: parts.pop("[Content_Types].xml"), "geen Word-bestand"),
        (lambda parts: parts.update({"x.bin": bytes(50_000_001)}), "50 MB"),
        (damaged, "beschadigd"),
        (with_entities, "beschadigd"),
    ],
)
def test_a_package_that_cannot_be_used_is_told(
    change: Callable[[dict[str, bytes]], object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError, match=told) as caught:
        letterhead(edited(tmp_path / "l.docx", change))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"tekst", "geen Word-bestand"),
        (b"", "geen Word-bestand"),
        (OURS.read_bytes()[:3000], "geen Word-bestand"),
        (OURS.read_bytes()[:900] + b"xxxxxxxxxx" + OURS.read_bytes()[910:], "beschadigd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "wachtwoord"),
        (None, "niet te lezen"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(content: bytes | None, told: str, tmp_path: Path) -> None:
    path = tmp_path / "l.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TemplateError, match=told) as caught:
        letterhead(path)
    assert "\n" not in str(caught.value)


# --- Letters to many ------------------------------------------------------------------------------------------------

FIELDS = message(
    Block("paragraph", (Run("Beste "), Run("name", field="name"), Run(","))),
    Block("bullet", (Run("code", bold=True, field="code"),)),
)
ANYBODY = {"name": "Anna", "code": "x", "place": "Delft"}


@pytest.mark.parametrize("value", [*HOSTILE, *UNPRINTABLE, "", "lang " * 20_000])
def test_a_letter_of_a_series_is_the_letter_by_itself(value: str, tmp_path: Path) -> None:
    path = recipient_in_header(tmp_path / "l.docx")
    series = series_of(Letterhead(path), FIELDS, VALUES, ANYBODY)
    for recipient in (ANYBODY, ANYBODY | {"name": value}, ANYBODY | {"code": value}, ANYBODY | {"place": value}):
        made = series.letter(recipient)
        alone = Letterhead(path).render(addressed(FIELDS, recipient), VALUES | {"recipient": recipient})
        assert sorted(names(made)) == sorted(names(alone))
        for name in names(alone):
            assert shown(made, name) == shown(alone, name), name


def test_a_condition_on_a_recipient_is_asked_for_each_letter(tmp_path: Path) -> None:
    path = with_body(
        tmp_path / "l.docx",
        "{%p if recipient.place == 'Delft' %}",
        "uit Delft: {{ recipient.name }}",
        "{%p endif %}",
        "{% set who %}{{ recipient.name }}{% endset %}{% if who == '<A>' %}zelf{% endif %}.",
    )
    series = series_of(Letterhead(path), FIELDS, VALUES, ANYBODY)
    assert shown(series.letter(ANYBODY))[0] == "uit Delft: Anna"
    assert shown(series.letter(ANYBODY | {"place": "Gouda"}))[0] == "."
    assert "Beste Anna," in shown(series.letter(ANYBODY))


def test_a_recipient_in_a_description_of_a_picture_stays_in_it(tmp_path: Path) -> None:
    """A tag in an attribute, where a quote would end it."""
    picture = (
        "<w:p><w:r><w:drawing><wp:inline "
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="1" name="x" descr="voor {{ recipient.name }}"/></wp:inline></w:drawing></w:r></w:p>'
    )
    path = with_body(tmp_path / "l.docx", xml=picture)
    made = series_of(Letterhead(path), FIELDS, VALUES, ANYBODY).letter(ANYBODY | {"name": "'\"<&>"})
    (properties,) = part(made, "word/document.xml").iter("{*}docPr")
    assert properties.get("descr") == "voor '\"<&>"


def test_a_letter_of_a_series_is_a_sound_zip_with_fixed_times() -> None:
    series = series_of(Letterhead(OURS), FIELDS, VALUES, ANYBODY)
    one, two = series.letter(ANYBODY), series.letter(ANYBODY)
    assert one == two
    with zipfile.ZipFile(BytesIO(one)) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def bound(path: Path, recipients: list[dict[str, str]]) -> bytes:
    file = BytesIO()
    series = series_of(Letterhead(path), FIELDS, VALUES, ANYBODY, bound=True)
    together = Bound(file, series)
    for recipient in recipients:
        together.add(series, recipient)
    together.close()
    return file.getvalue()


@pytest.mark.parametrize("make", [lambda path: shutil.copy(OURS, path), rows_letterhead, python_docx_default])
def test_letters_in_one_document_each_begin_a_page_and_count_their_own(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = Path(make(tmp_path / "l.docx"))
    recipients = [ANYBODY | {"name": name} for name in ("Anna", "<B&>", "")]
    made = bound(path, recipients)
    series = series_of(Letterhead(path), FIELDS, VALUES, ANYBODY)
    apart = [shown(series.letter(recipient)) for recipient in recipients]
    assert shown(made) == [*apart[0], "", *apart[1], "", *apart[2]]  # between them the paragraph that ends a section
    root = part(made, "word/document.xml")
    sections = list(root.iter(f"{W}sectPr"))
    assert [section.find(f"{W}pgNumType").get(f"{W}start") for section in sections] == ["1", "1", "1"]
    assert root[0][-1] is sections[-1]
    assert len({etree.tostring(section, method="c14n") for section in sections}) == 1
    order = ["headerReference", "footerReference", "pgSz", "pgMar", "pgNumType", "cols", "docGrid"]
    found = [etree.QName(child).localname for child in sections[0]]
    assert found == sorted(found, key=order.index)
    names(made)  # a sound zip


def test_the_pages_of_a_letter_are_counted_and_not_those_of_all() -> None:
    with zipfile.ZipFile(BytesIO(bound(OURS, [ANYBODY]))) as archive:
        footer = archive.read("word/footer1.xml")
    assert b" SECTIONPAGES " in footer
    assert b"NUMPAGES" not in footer


def test_a_header_for_each_recipient_cannot_be_in_one_document(tmp_path: Path) -> None:
    path = recipient_in_header(tmp_path / "l.docx")
    with pytest.raises(TemplateError, match=r"word/header1\.xml"):
        series_of(Letterhead(path), FIELDS, VALUES, ANYBODY, bound=True)


# --- docxtpl's way --------------------------------------------------------------------------------------------------


def png(path: Path) -> Path:
    """A picture of one dot."""
    pixel = zlib.compress(b"\x00\xff\x00\x00")
    chunks = [(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)), (b"IDAT", pixel), (b"IEND", b"")]
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )
    )
    return path


def with_picture(path: Path) -> Path:
    png(path.with_name("logo.png"))
    section = "<w:sectPr/>"  # docxcompose takes it for granted, as Word always writes it
    with_body(path.with_name("rules.docx"), "Onze regels", section=section)
    return with_header(
        path,
        "{{ school.name }}",
        source=with_body(
            path.with_name("body.docx"),
            '{{ picture("logo.png", 40) }}',
            "Aan {{ recipient.name }}",
            '{{p document("rules.docx") }}',
            section=section,
        ),
    )


def test_a_letterhead_with_pictures_and_documents_by_value_takes_docxtpls_way(tmp_path: Path) -> None:
    letter = Letterhead(with_picture(tmp_path / "l.docx"))
    made = letter.render(LETTER, VALUES | {"recipient": ANYBODY})
    lines = shown(made)
    assert lines[1] == "Aan Anna"
    assert "Onze regels" in lines
    assert lines[-len([*LETTER.blocks()]) :] == [block.text for block in LETTER.blocks()]
    assert any(name.startswith("word/media/") for name in names(made))
    assert part(made, "word/document.xml").find(".//{*}inline/{*}extent").get("cx") == "1440000"  # 40 mm
    assert part(made, "docProps/core.xml").findtext("{*}creator") == "ROC Voorbeeld"
    assert style_of(made, "Wat u kunt doen").lower() == "heading 1"


@pytest.mark.parametrize("value", [*HOSTILE, *UNPRINTABLE])
def test_values_stay_data_in_docxtpls_way_too(value: str, tmp_path: Path) -> None:
    path = with_picture(tmp_path / "l.docx")
    recipient = ANYBODY | {"name": value}
    letter = message(paragraph(value), title=value, author=value)
    made = Letterhead(path).render(letter, {"school": SCHOOL | {"name": value}, "recipient": recipient})
    assert f"Aan {visible(value)}" in shown(made)
    assert visible(value) in shown(made)
    assert shown(made, "word/header1.xml") == [visible(value)]
    assert part(made, "docProps/core.xml").findtext("{*}title") == visible(value)


def test_letters_to_many_take_docxtpls_way_too(tmp_path: Path) -> None:
    series = series_of(Letterhead(with_picture(tmp_path / "l.docx")), FIELDS, VALUES, ANYBODY)
    assert "Beste Anna," in shown(series.letter(ANYBODY))
    assert "Aan B" in shown(series.letter(ANYBODY | {"name": "B"}))


def test_a_held_letter_has_its_banner_in_docxtpls_way_too(tmp_path: Path) -> None:
    letter = replace(LETTER, banner=BANNER)
    made = Letterhead(with_picture(tmp_path / "l.docx")).render(letter, VALUES | {"recipient": ANYBODY})
    assert shown(made)[:3] == ["NIET VERZENDEN", "Eerst:", "• toestemming van het slachtoffer"]
    assert shown(made, "word/header1.xml")[0] == "NIET VERZENDEN"


@pytest.mark.parametrize(
    "tag",
    ['{{ picture("weg.png") }}', '{{ picture("../secret.png") }}', '{{p document("../secret.png") }}',
     '{{ picture(recipient.name) }}', '{{ picture("text.txt") }}', '{{ picture("a\\0b") }}'],
)  # fmt: skip
def test_a_picture_that_is_not_beside_the_letterhead_is_told(tag: str, tmp_path: Path) -> None:
    png(tmp_path / "secret.png")
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "text.txt").write_text("x")
    path = with_body(folder / "l.docx", tag)
    recipient = ANYBODY | {"name": "../secret.png"}
    with pytest.raises(TemplateError, match=r"l\.docx"):
        Letterhead(path).render(LETTER, VALUES | {"recipient": recipient})
