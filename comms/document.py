"""The parsed form of a message. Every renderer walks it; none parses text again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

BlockKind = Literal["heading", "paragraph", "bullet"]
Part = Literal["title", "date", "body", "signature"]
Direction = Literal["ltr", "rtl"]


class Run(NamedTuple):
    """A stretch of text with one look. ``gap``: a value that the profile lacks, to be filled in by hand.

    ``text`` holds no control characters and no lone surrogates; a hard line break inside a block
    is a run whose text is ``"\\n"`` alone. ``href`` is empty or an absolute http, https, mailto or tel address.
    ``field``: the recipient's value that comes here, in a message that is merged; ``text`` then only stands for it.
    """

    text: str
    bold: bool = False
    href: str = ""
    gap: bool = False
    field: str = ""


class Block(NamedTuple):
    """A heading (``level`` from 1), a paragraph or a bullet of a list."""

    kind: BlockKind
    runs: tuple[Run, ...]
    level: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is said to carry out certain provisions; the unit of translation, of overriding and of tracing."""

    id: str
    provisions: tuple[str, ...]
    blocks: tuple[Block, ...]
    part: Part = "body"


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above a held draft in every format, in the language of who uses the program."""

    language: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message in one language. ``banner`` is there exactly when it may not go out."""

    audience: str
    language: str
    direction: Direction
    passages: tuple[Passage, ...]
    author: str
    date: str
    """ISO date of the message."""
    banner: Banner | None = None

    @property
    def title(self) -> str:
        """The heading of the message as text; also the mail's subject and the document's title."""
        return " ".join(block.text for block in self.blocks("title"))

    def blocks(self, part: Part | None = None) -> Iterator[Block]:
        """The blocks in order, of one part or of all; the banner is not among them."""
        for passage in self.passages:
            if part is None or passage.part == part:
                yield from passage.blocks

    def fields(self) -> tuple[str, ...]:
        """The values of a recipient that it still waits for, each once."""
        return tuple(dict.fromkeys(run.field for block in self.blocks() for run in block.runs if run.field))

    def gaps(self) -> tuple[str, ...]:
        """The values that are missing, in order of appearance, each once."""
        return tuple(dict.fromkeys(run.text for block in self.blocks() for run in block.runs if run.gap))
