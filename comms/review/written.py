"""What is checked: a text and the parts that it is made of.

A part is what a reader sees as one piece: a heading, a paragraph, an item of a list. A sentence never runs from
one part into the next, and a heading or a line that ends in a colon says how to read what stands under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from comms.document import Block

PartKind = Literal["heading", "paragraph", "bullet", "address", "comment"]
"""``address``: the target of a link, ``comment``: what is said beside the text; neither is part of the running text."""


class Part(NamedTuple):
    """A stretch of the text. ``place`` says in words where it stands when that is not the running text."""

    kind: PartKind
    start: int
    end: int
    place: str = ""
    skips: tuple[tuple[int, int], ...] = ()
    """Stretches within the part that are not read, such as the address in a Markdown link; offsets in the text."""
    passage: str = ""
    """The passage of a draft that it belongs to."""


class Written(NamedTuple):
    """A text with its parts, in the order of reading. Parts don't overlap, but for addresses within skips."""

    text: str
    parts: tuple[Part, ...]


def from_blocks(blocks: Iterable[Block | tuple[str, Block]]) -> Written:
    """The text of a message's blocks, a line a part, with the addresses of its links; or pairs of passage and block."""
    pieces: list[str] = []
    parts: list[Part] = []
    position = 0
    for each in blocks:
        passage, block = ("", each) if isinstance(each, Block) else each
        for text in block.text.split("\n"):  # a line that is broken in a message is broken on purpose
            parts.append(Part(block.kind, position, position + len(text), passage=passage))
            pieces.append(text)
            position += len(text) + 1
        for run in block.runs:
            if run.href and run.href not in (run.text, f"mailto:{run.text}", f"https://{run.text}"):
                parts.append(Part("address", position, position + len(run.href), passage=passage))
                pieces.append(run.href)
                position += len(run.href) + 1
    return Written("\n".join(pieces), tuple(parts))


_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]*+(?:\r\n|[\n\r\v\f\x85\u2028\u2029]|\Z)")
_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+")
_MARK = re.compile(r"[ \t]*(?:(?P<heading>#{1,6})|[-*+•◦▪‣·–—]|\(?[0-9]{1,2}[.)]|\(?[a-z]\))(?:[ \t]+(?=\S)|[ \t]*\Z)")
_UNDERLINE = re.compile(r"[ \t]*(?:=+|-{3,})\Z")
_RULER = re.compile(r"[ \t]*(?:(?:[-*_=~#+][ \t]*){3,}|```[^`]*|~~~.*)\Z")
_CELL = re.compile(r"(?![-: ]+(?:\||\Z))[^|\s][^|]*")
_BOLD = re.compile(r"(\*\*|__)(?=\S).{1,100}(?<=\S)\1:?\Z")
_LINK = re.compile(
    r"\]\((?P<address>[^\s()]{1,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?)(?:[ \t]+\"[^\"\n]{0,200}\")?\)"
)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>")
_EMPHASIS = re.compile(r"(?<=[^\W_])(?:\*{1,3}|~~|`)(?=[^\W_])")
_DIRECTIVE = re.compile(r"[ \t]*(?://|#)?[ \t]*comms:[ \t]*\S", re.IGNORECASE)
_HEADING_WORDS = 8
_NARROW = 40  # characters: nobody sets a text narrower than this


def from_plain(text: str) -> Written:
    """The parts of plain text or Markdown: soft-wrapped lines are one paragraph, marks are not read."""
    reader = _Reader(text)
    for match in _LINE.finditer(text):
        reader.line(match.start(), match[0].rstrip())
    reader.close()
    return Written(text, tuple(reader.parts))


class _Reader:
    """Collects lines until they make a part."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[Part] = []
        self.kind: PartKind = "paragraph"
        self.lines: list[tuple[int, int]] = []
        self.skips: list[tuple[int, int]] = list(_comments(text)) if "<!--" in text else []
        self.next_skip = 0

    def line(self, start: int, content: str) -> None:
        """The next line: it begins a part, goes on with one, or ends one."""
        if quoted := _QUOTED.match(content):
            start, content = start + quoted.end(), content[quoted.end() :]
        if not content:
            self.close()
        elif _RULER.match(content):
            if len(self.lines) == 1 and self.kind == "paragraph" and _UNDERLINE.match(content):
                self.kind = "heading"
            self.close()
        elif content.startswith("<!--") and content.endswith("-->"):
            self.close()
        elif _DIRECTIVE.match(content):
            self.close()
            self._add("paragraph", [(start, start + len(content))])
        elif content.lstrip().startswith("|"):  # a row of a table: each cell by itself
            self.close()
            for cell in _CELL.finditer(content):
                begin = start + cell.start()
                self._add("paragraph", [(begin, begin + len(cell[0].rstrip()))])
        else:
            if mark := _MARK.match(content):
                self.close()
                self.kind = "heading" if mark["heading"] else "bullet"
            begin = mark.end() if mark else len(content) - len(content.lstrip())
            self.lines.append((start + begin, start + len(content)))
            if self.kind == "heading":
                self.close()

    def close(self) -> None:
        """What was collected becomes one part, or more where lines were broken on purpose."""
        lines, kind = self.lines, self.kind
        self.lines, self.kind = [], "paragraph"
        if not lines:
            return
        width = max(_NARROW, *(end - start for start, end in lines))
        first = 0
        for number in range(1, len(lines) + 1):
            if number == len(lines) or self._broken_on_purpose(lines[number - 1], lines[number], width):
                piece = lines[first:number]
                self._add(self._heading_or(kind, piece) if len(lines) == 1 else kind, piece)
                first = number

    def _broken_on_purpose(self, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
        """Whether the next line's first word had fitted here and begins like a new sentence."""
        start, end = following
        if self.text[line[1] - 1] == ":":
            return True
        word = self.text[start:end].split(maxsplit=1)
        if not word or next((each for each in self.text[start : start + 80] if each.isalnum()), "").islower():
            return False
        return line[1] - line[0] + 1 + len(word[0]) <= width

    def _heading_or(self, kind: PartKind, lines: list[tuple[int, int]]) -> PartKind:
        """A short line by itself that does not end as a sentence is a heading."""
        line = self.text[lines[0][0] : lines[0][1]]
        if kind != "paragraph" or not (_BOLD.match(line) or line[-1] not in ".!?…,;:\"”’'"):
            return kind
        return "heading" if len(line) < 100 and len(line.split()) <= _HEADING_WORDS else kind

    def _add(self, kind: PartKind, lines: list[tuple[int, int]]) -> None:
        text, start, end = self.text, lines[0][0], lines[-1][1]
        skips = []
        for (_start, stop), (begin, _end) in pairwise(lines):  # marks of quotation between lines
            if text[stop:begin].strip():
                skips.append((stop + 1, begin))
        while self.next_skip < len(self.skips) and self.skips[self.next_skip][0] < end:
            comment = self.skips[self.next_skip]
            if comment[1] > start:
                skips.append((max(comment[0], start), min(comment[1], end)))
            if comment[1] > end:
                break
            self.next_skip += 1
        addresses = []
        for pattern in (_LINK, _TAG, _EMPHASIS):
            for match in pattern.finditer(text, start, end):
                skips.append(match.span())
                if pattern is _LINK:
                    addresses.append(Part("address", *match.span("address")))
        self.parts.append(Part(kind, start, end, skips=tuple(sorted(skips))))
        self.parts.extend(addresses)


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Comments of HTML, which nobody reads; one that never ends is text."""
    start = text.find("<!--")
    while start != -1:
        end = text.find("-->", start + 4) + 3
        if end < 3:
            return
        yield start, end
        start = text.find("<!--", end)
