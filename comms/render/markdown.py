"""A message as Markdown that reads well as it is and can be parsed again to the same text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from comms.document import Banner, Block, Message, Passage, Run

# What could act as markup wherever it stands; an underscore only at the edge of a word.
_ACTIVE = re.compile(r"[\\`*\[\]>]|(?<![^\W_])_|_(?![^\W_])|!(?=\[)")
# What not every parser lets a backslash guard.
_ENTITIES = re.compile(r"<|&(?=#?\w+;)|~(?=~)")
# What acts only at the start of a line.
_LINE_START = re.compile(r"^(\s*)([#+\-=]|[0-9]+(?=[.)]))")


def render(message: Message) -> str:
    """The whole message, a held one under its banner; ends with a line end."""
    parts = [*_banner(message.banner)] if message.banner else []
    return "\n".join([*parts, *_lines(message.blocks())]).rstrip("\n") + "\n"


def render_passage(passage: Passage) -> str:
    """One passage by itself, without a line end."""
    return "\n".join(_lines(passage.blocks)).strip("\n")


def _banner(banner: Banner) -> Iterable[str]:
    for line in _lines(banner.blocks):
        yield f"> {line}".rstrip()
    yield ""


def _lines(blocks: Iterable[Block]) -> Iterable[str]:
    bullet_before = False
    first = True
    for block in blocks:
        if not first and not (bullet_before and block.kind == "bullet"):
            yield ""
        first, bullet_before = False, block.kind == "bullet"
        text = _inline(block.runs)
        if block.kind == "heading":
            yield "#" * block.level + " " + text
        elif block.kind == "bullet":
            yield "- " + text.replace("\n", "\n  ")
        else:
            yield text


def _inline(runs: tuple[Run, ...]) -> str:
    text = "".join(_run(run) for run in runs)
    lines = [_LINE_START.sub(_guarded, line) for line in text.split("\n")]
    return "  \n".join(lines)


def _guarded(match: re.Match[str]) -> str:
    marker = match[2]
    if marker == "=":
        return f"{match[1]}&#61;"
    return match[1] + (marker + "\\" if marker.isdigit() else "\\" + marker)


def _run(run: Run) -> str:
    if run.text == "\n":
        return "\n"
    text = escape(run.text)
    if run.href:
        text = f"[{text}]({run.href})"
    if run.bold:
        inner = text.strip(" ")
        before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
        text = f"{before}**{inner}**{after}" if inner else text
    return text


def escape(text: str) -> str:
    """The text so that a Markdown parser shows it as typed."""
    entities = _ENTITIES.sub(lambda match: "&#126;" if match[0] == "~" else html.escape(match[0]), text)
    return _ACTIVE.sub(lambda match: "\\" + match[0], entities)
