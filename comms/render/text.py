"""A message as plain text, in lines of at most 72 characters where words allow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import TextWrapper

from comms.document import Block, Message

WIDTH = 72
_BANNER_LINE = "*" * WIDTH


def render(message: Message) -> str:
    """The whole message, a held one under its banner; ends with a line end."""
    lines: list[str] = []
    if message.banner:
        lines += [_BANNER_LINE, *_lines(message.banner.blocks), _BANNER_LINE, ""]
    return "\n".join([*lines, *_lines(message.blocks())]) + "\n"


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        if before and not (before.kind == "bullet" and block.kind == "bullet"):
            yield ""
        if block.kind == "bullet":
            yield from _wrapped(block, "- ", "  ")
        else:
            yield from _wrapped(block, "", "")
            if block.kind == "heading" and block.level == 1:
                yield "=" * min(WIDTH, len(block.text))
        before = block


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
