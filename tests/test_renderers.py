"""What is said comes out as it was typed, in every format, whatever the values hold.

What a text must be is worked out by drafting with a plain word in each field first and putting the hostile
value in its place; the formats are read back with parsers that share nothing with the renderers.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import lxml.html
import markdown
import pytest
from conftest import DRAFTED, HELD, OPEN, PROFILE, ROOT, draft, incident, letters
from test_docx import part, shown

import comms
from comms.render import email as render_email

WORD = "Qvwx"
"""A plain word that stands in no text of ours."""

HOSTILE: dict[str, str] = {
    "tags": "<A> & <script>alert(1)</script> <!-- x --> ]]>",
    "entities": "&amp; &lt;b&gt; &#65; &copy; a&b",
    "emphasis": "*B* **c** _d_ __e__ ***f*** a*b*c snake_case_naam",
    "link": "[x](javascript:alert(1)) ![y](http://evil.example/p.png) [z]: http://evil.example",
    "autolink": "<http://evil.example> http://evil.example www.evil.example a@evil.example",
    "jinja": "{{7*7}} {% x %} {# y #} {{ school.name }}",
    "escapes": r"\n \t \* \\ \< a\b C:\map",
    "code": "`x` ``y`` ~~z~~ ~ ```",
    "heading": "# kop",
    "heading underline": "===",
    "number": "1. een",
    "number with bracket": "12) een",
    "dash": "- een",
    "plus": "+ een",
    "rule": "---",
    "quote": "> citaat",
    "pipe": "| a | b |",
    "definition": ": uitleg",
    "quotes": "\"dubbel\" 'enkel' “krul” ’s",
    "exclamation": "Bel nu! [niet] !",
    "private use": "\ue0000\ue001 \ue0003\ue001 \ue001 \uf8ff",
    "marks of other tools": "\x02wzxhzdk:0\x03 klzzwxh:0001",
    "nul": "a\x00b",
    "newlines": "a\nTo: x@evil.example\r\n\r\nBcc: y@evil.example\rSubject: z",
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "lone surrogate": "a\ud800b\udfff",
    "noncharacter": "a\uffffb\ufdd0",
    "bidi": "\u202eabc\u202c \u2066x\u2069 \u200f",
    "zero width": "a\u200bb\u200dc\ufeffd\u00add",
    "accents": "Zoë Ĳsbrand geïnd 𝒜 👩‍🏫 e\u0301",
    "arabic": "مدرسة المثال",
    "no-break": "a\u00a0b\u202fc",
    "spaces": "  twee  spaties  ",
    "percent": "100% %s %(x)s {0} {name} $x ${y}",
    "gap inside": "x 【y】",
    "empty brackets": "[]() []",
    "long word": "x" * 3000,
    "long": "woord & <b> " * 400,
}
_REPLACED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def typed(text: str) -> str:
    """What must be seen of a value: itself, with U+FFFD for what no output can hold."""
    return _REPLACED.sub("\N{REPLACEMENT CHARACTER}", text)


def profile_of(text: str) -> comms.School:
    """A profile in which every field holds the text, as no reading of a file would let through."""
    everything = comms.Contact(text, text, text, text)
    return replace(
        incident().school,
        name=text, place=text, website=text, email=text, phone=text, tips_url=text,
        signatory=everything, help=everything, press=everything, online_responder=everything,
    )  # fmt: skip


def drafts_with(text: str, facts: dict[str, Any] = OPEN) -> list[comms.Draft]:
    made = incident(facts, next_update="2026-11-23 16:00")
    return letters(made.with_facts(school=profile_of(text), group=text))


class Wanted(NamedTuple):
    """A draft with a hostile value, and the texts that its blocks must have."""

    draft: comms.Draft
    texts: list[str]


def wanted(value: str) -> list[Wanted]:
    plain, hostile = drafts_with(WORD), drafts_with(value)
    found = [
        Wanted(theirs, [block.text.replace(WORD, typed(value)) for block in ours.message.blocks()])
        for ours, theirs in zip(plain, hostile, strict=True)
    ]
    assert [each.draft.audience for each in found] == list(DRAFTED)
    assert all(WORD in " ".join(block.text for block in each.message.blocks()) for each in plain)
    return found


@cache
def cached(name: str) -> list[Wanted]:
    return wanted(HOSTILE[name])


hostile = pytest.mark.parametrize("name", HOSTILE)


def squeezed(texts: list[str]) -> list[str]:
    """Spaces as a reader sees them: a break or several are one, those at an edge are none."""
    return [re.sub(r"[ \n]+", " ", text).strip(" ") for text in texts]


# --- The draft itself -------------------------------------------------------------------------------------------------


@hostile
def test_the_blocks_hold_the_values_as_typed(name: str) -> None:
    for found in cached(name):
        assert [block.text for block in found.draft.message.blocks()] == found.texts
        assert found.draft.title == found.texts[0]


@hostile
def test_links_go_only_where_links_may_go(name: str) -> None:
    for found in cached(name):
        for block in found.draft.message.blocks():
            for run in block.runs:
                assert re.fullmatch(r"|(https?://|mailto:|tel:)[!-~]+", run.href), run
                assert not re.search(r"[\"'<>\\\s{}]", run.href), run


@pytest.mark.parametrize(
    "email", ["info@testcollege.example?bcc=x%40evil.example", "info@testcollege.example?subject=Hoi&body=Dag"]
)
def test_an_address_adds_no_header_to_the_mail_that_a_reader_writes(email: str) -> None:
    try:
        made = incident(school={"help": PROFILE["help"] | {"email": email}})
    except comms.InputError:
        return
    hrefs = {run.href for block in draft("students", made).message.blocks() for run in block.runs if run.href}
    mails = [href for href in hrefs if href.startswith("mailto:")]
    assert mails
    assert [href for href in mails if "?" in href or "&" in href] == []


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd", " https://x"]
)
def test_a_strange_scheme_is_no_link_but_stays_to_be_read(address: str) -> None:
    made = incident()
    found = draft("website", made.with_facts(school=replace(made.school, tips_url=address)))
    (passage,) = [each for each in found.passages if each.id == "website.tips"]
    assert address in passage.blocks[0].text
    assert [run.href for run in passage.blocks[0].runs if run.href] == []
    assert 'href="' + address not in found.html


# --- Markdown ---------------------------------------------------------------------------------------------------------

PARSERS = ("python-markdown", "commonmark")


def html_of(source: str, parser: str) -> str:
    if parser == "python-markdown":
        return markdown.markdown(source)
    if find_spec("markdown_it") is None:
        pytest.skip("markdown-it-py is not installed")
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").render(source))


MARKDOWN_TAGS = {"h1", "h2", "h3", "p", "ul", "li", "strong", "a", "br", "blockquote"}


def parsed(source: str, parser: str) -> tuple[list[str], set[str]]:
    """The texts of the blocks of a Markdown text, and the tags in it."""
    root = lxml.html.fragment_fromstring(html_of(source, parser), create_parent="div")
    texts = []
    for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "pre"):
        inner = [child for child in element if child.tag in ("p", "ul", "ol", "h1", "h2")]
        if element.tag == "li" and inner:
            continue
        texts.append(element.text_content())
    return texts, {str(element.tag) for element in root.iter() if element is not root}


@pytest.mark.parametrize("parser", PARSERS)
@hostile
def test_markdown_reads_back_as_it_was_said(name: str, parser: str) -> None:
    for found in cached(name):
        texts, tags = parsed(found.draft.markdown, parser)
        assert squeezed(texts) == squeezed(found.texts)
        assert tags <= MARKDOWN_TAGS


@pytest.mark.parametrize("parser", PARSERS)
def test_markdown_of_a_held_draft_reads_back_under_its_banner(parser: str) -> None:
    for found in drafts_with(HOSTILE["tags"], HELD):
        if found.decision == "hold":
            banner = found.message.banner
            assert banner is not None
            texts, tags = parsed(found.markdown, parser)
            assert squeezed(texts) == squeezed([block.text for block in (*banner.blocks, *found.message.blocks())])
            assert tags <= MARKDOWN_TAGS


@pytest.mark.parametrize("parser", PARSERS)
def test_markdown_keeps_bold_links_and_lists(parser: str) -> None:
    for found in letters(incident()):
        root = lxml.html.fragment_fromstring(html_of(found.markdown, parser), create_parent="div")
        runs = [run for block in found.message.blocks() for run in block.runs]
        assert [each.get("href") for each in root.iter("a")] == [run.href for run in runs if run.href]
        bold = "".join(run.text for run in runs if run.bold)
        assert "".join(each.text_content() for each in root.iter("strong")) == bold
        bullets = [block for block in found.message.blocks() if block.kind == "bullet"]
        assert len(list(root.iter("li"))) == len(bullets)
        assert len(list(root.iter("br"))) == sum(run.text == "\n" for run in runs)


def test_each_passage_of_the_data_reads_back_by_itself() -> None:
    for found in cached("emphasis"):
        for passage, data in zip(found.draft.passages, found.draft.to_dict()["passages"], strict=True):
            texts, _tags = parsed(data["markdown"], "python-markdown")
            assert squeezed(texts) == squeezed([block.text for block in passage.blocks])


# --- HTML -------------------------------------------------------------------------------------------------------------

PAGE_TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "article", "div",
    "h1", "h2", "h3", "h4", "p", "ul", "li", "strong", "a", "br", "mark",
}  # fmt: skip
PAGE_ATTRIBUTES = {"lang", "dir", "charset", "name", "content", "href", "class", "role"}
BLOCKS = ("h1", "h2", "h3", "h4", "p", "li")
VOID = ("meta", "br")


class Page(HTMLParser):
    """What a page holds: tags, attributes, the texts of its blocks, its title; complains of what is not closed."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.bold: list[str] = []
        self.open: list[str] = []
        self.in_banner = False
        self.title = ""
        self.stray = ""
        self.comments = 0
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in BLOCKS:
            self.texts.append((tag, ""))
        if tag == "br":
            self._add("\n")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "title" in self.open:
            self.title += data
        elif any(tag in self.open for tag in BLOCKS):
            self._add(data)
        elif "style" not in self.open:
            self.stray += data

    def handle_comment(self, data: str) -> None:
        self.comments += 1

    def handle_pi(self, data: str) -> None:
        self.comments += 1

    def unknown_decl(self, data: str) -> None:
        self.comments += 1

    def _add(self, text: str) -> None:
        tag, before = self.texts[-1]
        self.texts[-1] = (tag, before + text)


@hostile
@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
def test_html_reads_back_as_it_was_said(fragment: bool, name: str) -> None:
    for found in cached(name):
        page = Page(found.draft.html_fragment if fragment else found.draft.html)
        assert [text for _tag, text in page.texts] == found.texts
        assert set(page.tags) <= PAGE_TAGS
        assert {name for _tag, name, _value in page.attributes} <= PAGE_ATTRIBUTES
        assert page.stray.strip() == ""
        assert page.comments == 0
        for tag, attribute, value in page.attributes:
            assert (tag == "a") == (attribute == "href")
            assert attribute != "href" or re.match(r"https?://|mailto:|tel:", value)
        if not fragment:
            assert page.title == found.texts[0]


@hostile
def test_html_reads_back_with_another_parser(name: str) -> None:
    for found in cached(name):
        root = lxml.html.document_fromstring(found.draft.html.encode())
        main = root.find(".//main")
        assert main is not None
        texts = [each.xpath("string(.)") for each in main.iter(*BLOCKS)]
        assert [text.replace("\n", "") for text in texts] == [text.replace("\n", "") for text in found.texts]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("facts", [OPEN, HELD], ids=["sent", "held"])
@pytest.mark.parametrize("audience", DRAFTED)
def test_a_page_is_one_that_everyone_can_read(audience: str, facts: dict[str, Any], language: str) -> None:
    found = draft(audience, incident(facts), language)
    assert found.html.startswith("<!DOCTYPE html>\n")
    root = lxml.html.document_fromstring(found.html.encode())
    assert root.get("lang") == language
    assert root.get("dir") == "ltr"
    assert root.findtext("head/title")
    assert found.title in str(root.findtext("head/title"))
    assert [meta.get("charset") for meta in root.iter("meta") if meta.get("charset")] == ["utf-8"]
    assert len(root.findall(".//main")) == 1
    assert [each.text_content() for each in root.iter("h1")] == [found.title], "one h1, and it is the title"
    levels = [int(str(each.tag)[1]) for each in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False)), levels
    assert not list(root.iter("script", "link", "img", "iframe", "object", "form", "base"))
    assert "url(" not in found.html and "@import" not in found.html and "src=" not in found.html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_fragment_fits_in_a_page_of_others(language: str) -> None:
    for facts in (OPEN, HELD):
        for found in letters(incident(facts), [language]):
            page = Page(found.html_fragment)
            assert not {"html", "head", "body", "main", "style", "title", "meta", "h1"} & set(page.tags)
            assert ("article", "lang", language) in page.attributes
            levels = [int(tag[1]) for tag, _text in page.texts if tag[0] == "h"]
            assert levels[0] == 2


def test_the_banner_is_in_the_language_of_the_program() -> None:
    with comms.ui_language("en"):
        page = Page(draft("students", incident(HELD), "nl").html)
    assert ("div", "lang", "en") in page.attributes
    assert ("article", "lang", "nl") in page.attributes
    assert ("div", "role", "note") in page.attributes


# --- Contrast of the colours ------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    channels = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colours() -> dict[tuple[str, str], str]:
    """The colours of the page's styles for the screen, by selector and property."""
    source = (ROOT / "templates" / "page.html.j2").read_text("utf-8")
    styles = source.split("<style>")[1].split("@page")[0]
    found = {}
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", styles):
        for selector in selectors.split(","):
            for prop, value in re.findall(r"(?<![\w-])(color|background):\s*(#[0-9a-fA-F]{3,6})\b", rules):
                found[selector.strip(), prop] = value
    return found


PAIRS = (
    (("body", "color"), ("body", "background")),
    (("h1", "color"), ("body", "background")),
    (("a", "color"), ("body", "background")),
    ((".date", "color"), ("body", "background")),
    (("mark", "color"), ("mark", "background")),
    ((".banner", "color"), (".banner", "background")),
    ((".banner p", "color"), (".banner", "background")),
)


@pytest.mark.parametrize(("front", "back"), PAIRS, ids=[pair[0][0] for pair in PAIRS])
def test_colours_can_be_read(front: tuple[str, str], back: tuple[str, str]) -> None:
    found = colours()
    assert contrast(found[front], found[back]) >= 4.5
    assert contrast("#000", "#fff") == pytest.approx(21)


def test_every_colour_of_a_text_is_compared() -> None:
    compared = {front[0] for front, _back in PAIRS} | {"h2", "h3", ".banner h1", ".banner h2", ".banner li"}
    assert {selector for selector, prop in colours() if prop == "color"} <= compared
    found = colours()
    assert found["h1", "color"] == found["h2", "color"] == found["h3", "color"]


# --- Plain text -------------------------------------------------------------------------------------------------------

_ADDRESS = re.compile(r" \((?:https?://|mailto:|tel:)[^ )]*\)")


def bare(text: str) -> str:
    """A text without addresses in brackets, line ends, and what marks bullets and the title."""
    return re.sub(r"[ \n=-]+", "", _ADDRESS.sub("", re.sub(r"\s*\n\s*", " ", text)))


@hostile
def test_plain_text_reads_back_as_it_was_said(name: str) -> None:
    for found in cached(name):
        assert bare(found.draft.text) == bare("\n".join(found.texts))


def test_plain_text_has_short_lines_and_shows_every_address() -> None:
    for found in letters(incident()):
        assert max(map(len, found.text.splitlines())) <= 72
        for block in found.message.blocks():
            for run in block.runs:
                if run.href:
                    address = run.href.split(":", 1)[1].lstrip("/")
                    assert address.casefold() in found.text.replace("\n", "").casefold()
        assert found.text.endswith("\n") and not found.text.endswith("\n\n")
        assert "*" not in found.text and "](" not in found.text


# --- Mail -------------------------------------------------------------------------------------------------------------


def mail_of(found: comms.Draft) -> EmailMessage:
    mail = message_from_bytes(found.eml_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail.defects == []
    return mail


@hostile
def test_a_mail_reads_back_as_it_was_said(name: str) -> None:
    for found in cached(name):
        mail = mail_of(found.draft)
        assert mail.get_all("Subject") is not None
        assert len(mail.get_all("Subject", [])) == 1
        assert squeezed([mail["Subject"]]) == squeezed([found.texts[0]])
        assert set(mail.keys()) <= {"X-Unsent", "Subject", "Content-Language", "MIME-Version", "Content-Type"}
        assert mail["X-Unsent"] == "1"
        plain, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
        assert plain is not None and page is not None
        assert plain.get_content().replace("\r\n", "\n") == found.draft.text
        assert page.get_content().replace("\r\n", "\n") == found.draft.html
        assert [each.get_content_type() for each in mail.iter_parts()] == ["text/plain", "text/html"]


@hostile
def test_a_mail_is_what_the_email_package_makes_of_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [found.draft.eml_bytes() for found in cached(name)]
    monkeypatch.setattr(render_email, "_PLAIN", re.compile("never"))
    assert [found.draft.eml_bytes() for found in cached(name)] == made


@pytest.mark.parametrize(
    "title",
    [
        "x" * 65,
        "woord " * 10 + "einde",
        "x" * 80,
        "a’s",
        "a's: b?",
        "a b",
        "a  b",
        "=?utf-8?q?a?=",
        "a - b",
        " a",
        "a ",
        "ë",
        "a\tb",
        "(a) b, c. d!",
    ],
)
def test_a_subject_is_what_the_email_package_makes_of_it(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    message = letters(incident())[0].message
    first, *others = message.passages
    heading = first.blocks[0]._replace(runs=(first.blocks[0].runs[0]._replace(text=title),))
    message = replace(message, passages=(replace(first, blocks=(heading,)), *others))
    made = render_email.render(message)
    monkeypatch.setattr(render_email, "_PLAIN", re.compile("never"))
    assert render_email.render(message) == made


@hostile
def test_a_mail_has_lines_that_every_server_takes(name: str) -> None:
    for found in cached(name):
        raw = found.draft.eml_bytes()
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert b"\n" not in raw.replace(b"\r\n", b"")
        assert raw.isascii()


def test_a_mail_opens_as_a_draft_without_recipients() -> None:
    for found in letters(incident(), ["nl", "en"]):
        mail = mail_of(found)
        assert [mail[name] for name in ("To", "Cc", "Bcc", "From", "Reply-To")] == [None] * 5
        parts = [mail] if mail["Content-Language"] else list(mail.iter_parts())
        assert [each["Content-Language"] for each in parts] == [found.language] * len(parts)
        assert mail.get_content_type() == "multipart/alternative"


# --- Word -------------------------------------------------------------------------------------------------------------


def in_word_order(found: comms.Draft) -> list[str]:
    """The letterhead has the date above the title."""
    return [block.text for name in ("date", "title", "body", "signature") for block in found.message.blocks(name)]  # type: ignore[arg-type]


def test_word_shows_the_text_of_every_sample() -> None:
    count = 0
    for path in sorted((ROOT / "samples").glob("*.yaml")):
        if path.name == "school.yaml":
            continue
        for found in comms.draft(comms.Incident.load(path)):
            if found.document.internal and found.language != "nl":
                continue
            standing = path.with_suffix("") / f"{found.document.id}.{found.language}.docx"
            banner = [block.text for block in found.message.banner.blocks] if found.message.banner else []
            for docx in (found.docx_bytes(), standing.read_bytes()):
                texts = [text.removeprefix("• ") for text in shown(docx) if text]
                assert texts == [*banner, *in_word_order(found)], standing.name
            count += 1
    assert count > 60


@hostile
def test_word_shows_the_values_as_typed(name: str) -> None:
    for found in cached(name):
        if found.draft.audience not in ("students", "press"):
            continue
        docx = found.draft.docx_bytes()
        assert sorted(shown(docx)) == sorted(found.texts)
        assert shown(docx) == in_word_order(found.draft)
        core = part(docx, "docProps/core.xml")
        assert core.findtext("{*}title") == found.draft.title
        footer = "".join(shown(docx, "word/footer1.xml"))
        assert footer.startswith(typed(HOSTILE[name]))


def test_word_links_go_only_where_links_may_go() -> None:
    for name in ("link", "autolink", "tags", "newlines"):
        for found in cached(name):
            targets = [each.get("Target") for each in part(found.draft.docx_bytes(), "word/_rels/document.xml.rels")]
            outside = [target for target in targets if ":" in target]
            assert all(re.match(r"https?://|mailto:|tel:", target) for target in outside), outside


# --- Values as a file gives them --------------------------------------------------------------------------------------


def test_values_from_a_file_come_out_as_typed(tmp_path: Path) -> None:
    (tmp_path / "incident.yaml").write_text(
        'school: {name: "<A> & *B* {{7*7}} \\t\\u202e", help: {name: "[x](y) `z`", phone: "(030) 123-45.67"}}\n'
        "scale: school\nmedia: asking\ngroup: '# locatie | Zuid'\ncontact_appointed: yes\n"
        "victim: {consent: granted, unsafe_at_home: no}\n",
        "utf-8",
    )
    found = draft("students", comms.Incident.load(tmp_path / "incident.yaml"))
    text = "\n".join(block.text for block in found.message.blocks())
    for value in (
        "<A> & *B* {{7*7}} \N{REPLACEMENT CHARACTER}\u202e",
        "[x](y) `z`",
        "(030) 123-45.67",
        "# locatie | Zuid",
    ):
        assert value in text
    assert [text for _tag, text in Page(found.html).texts] == [block.text for block in found.message.blocks()]
