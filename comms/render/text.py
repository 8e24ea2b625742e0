"""A message as plain text, in lines of at most 72 characters where words allow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import TextWrapper
from typing import Literal, overload

from comms.document import Block, Message

WIDTH = 72
_BANNER_LINE = "*" * WIDTH


def render(message: Message) -> str:
    """The whole message, a held one under its banner; ends with a line end."""
    lines: list[str] = []
    if message.banner:
        lines += [_BANNER_LINE, *_lines(message.banner.blocks), _BANNER_LINE, ""]
    return "\n".join([*lines, *_lines(message.blocks())]) + "\n"


def pieces(message: Message) -> Iterator[str | Block]:
    """The text of letters to many: lines, each with its end, and the blocks that wait for a recipient's values."""
    for line in _lines(message.blocks(), whole=True):
        yield line if isinstance(line, Block) else f"{line}\n"


def block_lines(block: Block) -> str:
    """One block as the text has it, each line with its end."""
    return "".join(f"{line}\n" for line in _block_lines(block))


@overload
def _lines(blocks: Iterable[Block]) -> Iterator[str]: ...


@overload
def _lines(blocks: Iterable[Block], whole: Literal[True]) -> Iterator[str | Block]: ...


def _lines(blocks: Iterable[Block], whole: bool = False) -> Iterator[str | Block]:
    """The lines; ``whole``: a block that waits for a value stays one."""
    before: Block | None = None
    for block in blocks:
        if before and not (before.kind == "bullet" and block.kind == "bullet"):
            yield ""
        if whole and any(run.field for run in block.runs):
            yield block
        else:
            yield from _block_lines(block)
        before = block


def _block_lines(block: Block) -> Iterator[str]:
    if block.kind == "bullet":
        yield from _wrapped(block, "- ", "  ")
    else:
        yield from _wrapped(block, "", "")
        if block.kind == "heading" and block.level == 1:
            yield "=" * min(WIDTH, len(block.text))


def _wrapped(block: Block, first: str, rest: str) -> Iterator[str]:
    # drop_whitespace would eat spaces that a value has at its edges; only the break's own space goes.
    wrapper = TextWrapper(
        width=WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
    )
    for line in block_text(block).split("\n"):
        yield from wrapper.wrap(line) or [""]
        wrapper.initial_indent = rest


def block_text(block: Block) -> str:
    """A block's text; an address that its link's text does not show follows in brackets."""
    return "".join(
        f"{run.text} ({run.href})" if run.href and not _shows(run.text, run.href) else run.text for run in block.runs
    )


def _shows(text: str, href: str) -> bool:
    address = href.split(":", 1)[1].lstrip("/").rstrip("/")
    return text.casefold().rstrip("/") in (address.casefold(), href.casefold().rstrip("/"))
