"""Pages: what a browser shows, what a search engine shows of it, and what is read aloud of its pictures.

A page may be anything: the scanner never goes back over what it has read, and takes what it does not understand for
text, so that nothing is hidden from the review by being wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple

from comms.languages import N_, _
from comms.review.formats.extraction import BREAK, Chunk, Extract, Extraction, on_one_line
from comms.review.written import PartKind

_UNSEEN: Final = {"script", "style", "template", "noscript", "svg", "math", "object", "iframe"}
_RAW: Final = {"script", "style", "title", "textarea", "xmp", "noscript", "iframe"}
"""Elements of which the content is no markup."""
_WITHIN: Final = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "input", "ins", "kbd", "label", "map", "mark", "meter", "output", "picture", "progress", "q", "ruby", "rp", "rt",
    "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "track", "tt", "u", "var", "wbr",
}  # fmt: skip
"""Elements within a line of text; all others begin a new one."""
_HEADINGS: Final = {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "legend", "caption", "th"}
_LEADS_AWAY: Final = re.compile(r"(?:https?:|mailto:|tel:|//|www\.)", re.IGNORECASE)
_LISTS: Final = {"ul", "ol", "menu", "dir"}
_SAID: Final = {
    "alt": N_("beschrijving van een afbeelding"),
    "title": N_("tekst die verschijnt bij aanwijzen"),
    "aria-label": N_("tekst die wordt voorgelezen"),
    "placeholder": N_("voorbeeld in een invulveld"),
}
_DESCRIBING: Final = {
    "description": N_("beschrijving van de pagina"),
    "keywords": N_("trefwoorden van de pagina"),
    "author": N_("auteur van de pagina"),
    "og:title": N_("titel bij delen"),
    "og:description": N_("beschrijving bij delen"),
    "twitter:title": N_("titel bij delen"),
    "twitter:description": N_("beschrijving bij delen"),
}


def read(source: str) -> Extract:
    """What the HTML of a page says."""
    page = _Page()
    for token in _tokens(source):
        page.take(source, token)
    page.finish()
    return page.extraction.extract(source)


# --- Scanning -------------------------------------------------------------------------------------------------------


class _Token(NamedTuple):
    kind: str
    """``text``, ``begin``, ``end`` or ``comment``."""
    start: int
    end: int
    name: str = ""


_TAG_NAME: Final = re.compile(r"</?([a-zA-Z][^\s/>]{0,40})")
_STOP: Final = re.compile(r"""["'>]""")


def _tokens(source: str) -> Iterator[_Token]:
    """The page as text, tags and comments, in one pass."""
    last = {sign: source.rfind(sign) for sign in ('"', "'", ">", "-->")}
    position = done = 0
    while (position := source.find("<", position)) >= 0:
        named = _TAG_NAME.match(source, position)
        if source.startswith("<!--", position):
            end = source.find("-->", position + 4) + 3 if last["-->"] >= position + 4 else len(source)
            kind, name = "comment", ""
        elif named:
            end = _tag_end(source, named.end(), last)
            kind, name = ("end" if source[position + 1] == "/" else "begin"), named[1].lower()
        elif source.startswith(("<!", "<?"), position) and last[">"] > position:
            end = source.find(">", position) + 1
            kind, name = "comment", ""
        else:
            position += 1
            continue
        if end < 0:  # never closed: shown as it stands
            position += 1
            continue
        if position > done:
            yield _Token("text", done, position)
        yield _Token(kind, position, end, name)
        position = done = end
        if kind == "begin" and name in _RAW and source[end - 2] != "/":
            close = re.compile(rf"</{re.escape(name)}(?=[\s/>])", re.IGNORECASE).search(source, end)
            position = close.start() if close else len(source)
            if position > end:
                yield _Token("text", end, position, name)
            done = position
    if done < len(source):
        yield _Token("text", done, len(source))


def _tag_end(source: str, position: int, last: dict[str, int]) -> int:
    """Where a tag ends, past values in quotes; -1 when it does not."""
    while last[">"] >= position and (stop := _STOP.search(source, position)):
        if stop[0] == ">":
            return stop.end()
        # A quote without a second one is no quote.
        position = source.find(stop[0], stop.end()) + 1 if last[stop[0]] >= stop.end() else stop.end()
    return -1


_ATTRIBUTE: Final = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'<>]++)))?""")


class _Value(NamedTuple):
    """The value of an attribute, and from where to where it stands in the page."""

    text: str
    start: int
    end: int


_NONE: Final = _Value("", 0, 0)


def _attributes(source: str, start: int, end: int) -> dict[str, _Value]:
    """The values of a tag's attributes."""
    found: dict[str, _Value] = {}
    for match in _ATTRIBUTE.finditer(source, start, end):
        group = match.lastindex or 1
        if group > 1:
            found.setdefault(match[1].lower(), _Value(_inline(match[group]), *match.span(group)))
    return found


# --- What it says ---------------------------------------------------------------------------------------------------

_IRREGULAR: Final = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]|&(?:#[xX]?[0-9a-fA-F]{1,8}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_DIRECTIVE: Final = re.compile(r"\s*comms\s*:", re.IGNORECASE)


class _Page:
    """Puts the lines of a page together."""

    def __init__(self) -> None:
        self.extraction = Extraction()
        self._kind: PartKind = "paragraph"
        self._chunks: list[Chunk] = []
        self._linked: list[tuple[int, Chunk]] = []
        self._links: list[Chunk | None] = []
        self._said: list[tuple[list[Chunk], str]] = []
        self._lists: list[bool] = []
        """Of each list that is open, whether an item is."""
        self._items = 0
        self._unseen = ""
        self._inner = 0
        self._breaks = 0

    def take(self, source: str, token: _Token) -> None:
        """Takes the next piece of the page."""
        if self._unseen:
            if token.name == self._unseen and token.kind in ("begin", "end"):
                self._inner += 1 if token.kind == "begin" else -1
                if not self._inner:
                    self._unseen = ""
        elif token.kind == "text":
            self._text(source, token)
        elif token.kind == "comment":
            self._comment(source, token)
        elif token.kind == "begin":
            self._begin(source, token)
        else:
            self._end(token.name)

    def finish(self) -> None:
        """Ends the line that is open."""
        if any(not chunk.text.isspace() for chunk in self._chunks):
            at = self.extraction.count
            self.extraction.show(self._kind, self._chunks)
            self.extraction.addresses(self._chunks, self._linked, _("adres achter een link"), at=at)
        else:
            for _after, address in self._linked:  # a picture that is a link
                self.extraction.beside([address], _("adres achter een link"))
        for said, place in self._said:
            self.extraction.beside(said, place)
        self._kind = "bullet" if self._items else "paragraph"
        self._chunks, self._linked, self._said, self._breaks = [], [], [], 0

    def _text(self, source: str, token: _Token) -> None:
        if token.name == "title":
            self.finish()
            said = _pieces(source, token.start, token.end)
            self.extraction.show("heading", list(said), _("titel van de pagina"))
            return
        for piece in _pieces(source, token.start, token.end):
            before = self._chunks[-1].text if self._chunks else " "
            if piece.text == " " and before.endswith((" ", BREAK)):
                continue
            if piece.text.startswith(" ") and before.endswith((" ", BREAK)):
                piece = Chunk(piece.text[1:], piece.origin + 1)
            self._chunks.append(piece)
            self._breaks = 0

    def _comment(self, source: str, token: _Token) -> None:
        """A comment that speaks to the review belongs to the paragraph that it stands in, or else follows the last."""
        said = source[token.start + 4 : token.end].removesuffix("-->")
        if source.startswith("<!--", token.start) and _DIRECTIVE.match(said):
            at = self.extraction.count if self._chunks else None
            self.extraction.beside([Chunk(_inline(said), token.start + 4)], _("opmerking in de pagina"), at=at)

    def _begin(self, source: str, token: _Token) -> None:
        name = token.name
        values = _attributes(source, token.start + 1 + len(name), token.end)
        if name in _UNSEEN:
            if source[token.end - 2] != "/" and name not in ("iframe", "object"):
                self._unseen, self._inner = name, 1
        elif name == "br":
            self._breaks += 1
            if self._breaks > 1:
                self.finish()
            elif self._chunks:
                self._chunks.append(Chunk(BREAK))
        elif name not in _WITHIN:
            self.finish()
            if name in _LISTS:
                self._lists.append(False)
            elif name == "li":
                self._item(True)
                self._kind = "bullet"
            elif name in _HEADINGS:
                self._kind = "heading"
        if name == "a":
            self._links.append(self._address(values.get("href", _NONE)))
        elif name == "img" and (address := self._address(values.get("src", _NONE))):
            self._linked.append((len(self._chunks), address))
        elif name == "meta":
            described = values.get("name", values.get("property", _NONE)).text.lower()
            if described in _DESCRIBING and "content" in values:
                self._say(source, values["content"], _(_DESCRIBING[described]))
            return
        for attribute, place in _SAID.items():
            if attribute in values:
                self._say(source, values[attribute], _(place))
        if name == "input" and values.get("type", _NONE).text.lower() in ("button", "submit", "reset"):
            self._say(source, values.get("value", _NONE), _("knop"))

    def _say(self, source: str, value: _Value, place: str) -> None:
        self._said.append((list(_pieces(source, value.start, value.end)), place))

    def _address(self, value: _Value) -> Chunk | None:
        """The address of something elsewhere; None for a part of the page or a script."""
        return Chunk(value.text, value.start, claimed=True) if _LEADS_AWAY.match(value.text) else None

    def _item(self, begins: bool) -> None:
        """An item of the innermost list begins or ends; one that was open ends with either."""
        if not self._lists and begins:
            self._lists.append(False)
        if self._lists:
            self._items += begins - self._lists[-1]
            self._lists[-1] = begins

    def _end(self, name: str) -> None:
        if name == "a" and self._links:
            if address := self._links.pop():
                self._linked.append((len(self._chunks), address))
        elif name not in _WITHIN and name != "br":
            self.finish()
            if name in _LISTS or name == "li":
                self._item(False)
            if self._lists and name in _LISTS:
                self._lists.pop()
            self._kind = "bullet" if self._items else "paragraph"


def _pieces(source: str, start: int, end: int) -> Iterator[Chunk]:
    """A stretch of the page as it is shown: entities decoded, and any blanks as one."""
    position = start
    for odd in _IRREGULAR.finditer(source, start, end):
        if odd.start() > position:
            yield Chunk(on_one_line(source[position : odd.start()]), position)
        yield Chunk(" " if odd[0].isspace() else on_one_line(unescape(odd[0])), odd.start())
        position = odd.end()
    if end > position:
        yield Chunk(on_one_line(source[position:end]), position)


def _inline(text: str) -> str:
    return re.sub(r"[ \t\n\r\f]+", " ", on_one_line(unescape(text))).strip()
