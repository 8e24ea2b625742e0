"""Markdown with marks for values in, blocks out.

Values are data. In the Markdown they are only numbered marks; they enter the runs after it is parsed, so
nothing in a value can become markup, whatever it holds.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, NoReturn
from urllib.parse import quote

from comms import kept
from comms.characters import visible
from comms.document import Block, BlockKind, Message, Run
from comms.languages import _

# Private-use characters around the number of a value; a text that holds one itself is refused.
_OPEN, _CLOSE = "\ue000", "\ue001"
PRIVATE = re.compile("[\ue000-\uf8ff]")
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_SCHEMES = ("https://", "http://", "mailto:", "tel:")


class Gap(str):
    """A value that the profile lacks, as the visible gap that stands in its place."""

    __slots__ = ()

    @classmethod
    def named(cls, label: str) -> Gap:
        return cls(f"【{label}】")


class NoTextError(ValueError):
    """A template names something that is no text."""


class MergeField:
    """A value that differs per recipient and comes when a letter is made; until then nobody can ask what it is."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def _refuse(self, *_arguments: object) -> NoReturn:
        raise NoTextError(_("een waarde van de ontvanger kan hier alleen staan zoals zij is"))

    __str__ = __repr__ = __format__ = __iter__ = __html__ = __bool__ = __len__ = __eq__ = __hash__ = _refuse


def mark(value: object, values: list[object]) -> str:
    """A value's mark in the text that Markdown sees; the value itself waits in the list."""
    values.append(value)
    return f"{_OPEN}{len(values) - 1}{_CLOSE}"


def checked_mark(value: object, values: list[object]) -> str:
    """As :func:`mark`. Raises NoTextError for what is no text."""
    if not isinstance(value, (str, int, MergeField)):
        raise NoTextError(no_text())
    return mark(value, values)


def no_text() -> str:
    return _("hier staat geen tekst maar een groep; kies een naam eruit")


def blocks(text: str, values: list[object], language: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text, its values in the place of their marks.

    Raises ValueError, with a sentence for the user, at what a message can't have.
    """
    return _without_values(text, language) if not values else _blocks_of(text, values, language)


@lru_cache(maxsize=4096)
def _without_values(text: str, language: str) -> tuple[Block, ...]:
    return _blocks_of(text, [], language)


def _blocks_of(text: str, values: list[object], language: str) -> tuple[Block, ...]:
    return tuple(Block(kind, _filled(pieces, values), level) for kind, level, pieces in _skeletons(text, language))


_Piece = tuple[str, bool, str]
"""A stretch of parsed Markdown, its values still marks: text, whether it is bold, and the address of a link."""
_Skeleton = tuple[BlockKind, int, tuple[_Piece, ...]]
"""A block: kind, level and pieces. Plain tuples, so that the build can keep them."""


@lru_cache(maxsize=4096)
def _skeletons(text: str, language: str) -> tuple[_Skeleton, ...]:
    return _kept(language).get(text) or _parsed(text)


@cache
def _kept(language: str) -> dict[str, tuple[_Skeleton, ...]]:
    """The texts of a language that the build parsed. The texts are the keys, so one that was changed is not there."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        found: dict[str, tuple[_Skeleton, ...]] = marshal.loads((kept.folder() / _kept_name(language)).read_bytes())
        return found
    return {}


def _kept_name(language: str) -> str:
    return f"blocks.{language}.{kept.made_with('comms.markup', 'comms.characters', 'markdown.__meta__')}"


def keep(texts: Iterable[str], language: str) -> tuple[str, bytes]:
    """The parsed texts as a file for the build: its name and content."""
    return _kept_name(language), marshal.dumps({text: _parsed(text) for text in texts})


def _parsed(text: str) -> tuple[_Skeleton, ...]:
    """The blocks of a Markdown text. Raises ValueError at what a message can't have."""
    parser = _markdown()
    parser.reset()
    root = parser.parser.parseDocument(text.split("\n")).getroot()
    for processor in parser.treeprocessors:
        changed = processor.run(root)
        root = root if changed is None else changed
    return tuple(_blocks(root))


@cache
def _markdown() -> Any:
    """Headings, paragraphs, bullets, bold and links; everything else of Markdown is plain text here."""
    from markdown import Markdown

    parser = Markdown()
    registries: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (parser.preprocessors, ()),
        (parser.parser.blockprocessors, ("empty", "hashheader", "ulist", "paragraph")),
        (parser.inlinePatterns, ("escape", "link", "linebreak", "em_strong")),
        (parser.treeprocessors, ("inline", "unescape")),
    )
    for registry, wanted in registries:
        for name in [each.name for each in registry._priority]:
            if name not in wanted:
                registry.deregister(name)
    return parser


def _blocks(root: Any) -> Iterator[_Skeleton]:
    for element in root:
        if element.tag == "p":
            yield _skeleton("paragraph", 0, element)
        elif element.tag in ("h1", "h2", "h3"):
            yield _skeleton("heading", int(element.tag[1]), element)
        elif element.tag == "ul":
            for item in element:
                inner = item[0] if len(item) == 1 and item[0].tag == "p" and not (item.text or "").strip() else item
                yield _skeleton("bullet", 0, inner)
        else:
            raise ValueError(_("een bericht heeft geen “{tag}”").format(tag=element.tag))


def _skeleton(kind: BlockKind, level: int, element: Any) -> _Skeleton:
    return kind, level, tuple(_pieces(element, False, ""))


def _pieces(element: Any, bold: bool, href: str) -> Iterator[_Piece]:
    if element.text:
        yield _unwrapped(element.text), bold, href
    for child in element:
        after = child.tail or ""
        if child.tag == "strong":
            yield from _pieces(child, True, href)
        elif child.tag == "a":
            yield from _pieces(child, bold, child.get("href") or "")
        elif child.tag == "br":
            yield "\n", bold, href
            after = after.lstrip("\n")
        else:
            raise ValueError(_("een bericht heeft geen “{tag}”").format(tag=child.tag))
        if after:
            yield _unwrapped(after), bold, href


def _unwrapped(text: str) -> str:
    """A line end inside a paragraph of a template is only a space."""
    return visible(re.sub("[ \n]+", " ", text))


def _filled(pieces: tuple[_Piece, ...], values: list[object]) -> tuple[Run, ...]:
    """The runs of a block: values in the place of their marks, neighbours that look alike in one."""
    runs: list[Run] = []
    texts: list[str] = []
    look = (False, "", False, "")
    for text, bold, address in pieces:
        if text == "\n":
            _close(runs, texts, look)
            runs.append(Run("\n"))
            continue
        href = _address(address, values) if address else ""
        for number, part in enumerate(_MARK.split(text)):
            value = values[int(part)] if number % 2 else part
            gap = isinstance(value, Gap)
            field = value.name if isinstance(value, MergeField) else ""
            its_look = (bold, "" if gap or field else href, gap, field)
            if its_look != look or field:  # a field is a run of its own, also next to itself
                _close(runs, texts, look)
                look = its_look
            texts.append(field or visible(str(value)) if number % 2 else part)
    _close(runs, texts, look)
    return tuple(runs)


def _close(runs: list[Run], texts: list[str], look: tuple[bool, str, bool, str]) -> None:
    if text := "".join(texts):
        runs.append(Run(text, *look))
    texts.clear()


def _address(href: str, values: list[object]) -> str:
    """A link's address with its values; nothing when one is a gap or a recipient's, or the scheme is not of the few allowed."""
    parts = [values[int(text)] if number % 2 else text for number, text in enumerate(_MARK.split(href))]
    if any(isinstance(part, (Gap, MergeField)) for part in parts):
        return ""
    address = quote("".join(visible(str(part)) for part in parts), safe="%/:=&?~#+!$,;@", encoding="utf-8")
    return address if address.lower().startswith(_SCHEMES) else ""


def addressed(message: Message, recipient: Mapping[str, str]) -> Message:
    """The message to one recipient, with the values of its fields, by name."""
    passages = [
        replace(passage, blocks=tuple(filled(block, recipient) for block in passage.blocks))
        if any(run.field for block in passage.blocks for run in block.runs)
        else passage
        for passage in message.passages
    ]
    return replace(message, passages=tuple(passages))


def filled(block: Block, recipient: Mapping[str, str]) -> Block:
    """A block with the values of a recipient in the place of its fields."""
    runs = [run._replace(text=visible(recipient[run.field]), field="") if run.field else run for run in block.runs]
    return block._replace(runs=tuple(runs))
