"""A message as a page that stands by itself, or as a fragment for a school's website system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from itertools import groupby

from comms import resources
from comms.document import Banner, Block, Message, Run
from comms.languages import _


def render(message: Message) -> str:
    """A complete page: language, title, headings, styles for screen and print; it loads nothing from elsewhere."""
    values = {
        "language": message.language,
        "direction": message.direction,
        "title": _page_title(message),
        "author": message.author,
    }
    body = render_fragment(message, first_level=1)
    named = {name: escape(value) for name, value in values.items()} | {"body": body}
    return "".join(named[piece] if number % 2 else piece for number, piece in enumerate(_pieces()))


def _page_title(message: Message) -> str:
    held = _("NIET VERZENDEN")
    return f"{held} – {message.title}" if message.banner else message.title


def render_fragment(message: Message, first_level: int = 2) -> str:
    """The message itself; its title is a heading of ``first_level``, since a website's page has its own."""
    lines = list(_banner(message.banner, first_level)) if message.banner else []
    lines.append(f'<article lang="{escape(message.language)}" dir="{message.direction}">')
    for part in ("title", "date", "body", "signature"):
        blocks = list(message.blocks(part))
        if blocks and part in ("date", "signature"):
            lines += [f'<div class="{part}">', *elements(blocks, first_level), "</div>"]
        else:
            lines += elements(blocks, first_level)
    return "\n".join([*lines, "</article>"]) + "\n"


def _banner(banner: Banner, first_level: int) -> Iterator[str]:
    yield f'<div class="banner" role="note" lang="{escape(banner.language)}">'
    title, *rest = banner.blocks  # no heading: the page's is the message's title
    yield f'<p class="banner-title">{_inline(title.runs)}</p>'
    yield from elements(rest, first_level)
    yield "</div>"


def elements(blocks: Iterable[Block], first_level: int) -> Iterator[str]:
    """Blocks as elements, a line each; a heading of level 1 is one of ``first_level``."""
    for is_list, group in groupby(blocks, key=lambda block: block.kind == "bullet"):
        if is_list:
            yield "<ul>"
            yield from (f"<li>{_inline(block.runs)}</li>" for block in group)
            yield "</ul>"
            continue
        for block in group:
            tag = f"h{min(6, block.level + first_level - 1)}" if block.kind == "heading" else "p"
            yield f"<{tag}>{_inline(block.runs)}</{tag}>"


def _inline(runs: tuple[Run, ...]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    if run.text == "\n":
        return "<br>"
    # What differs per recipient is marked by what no value can contain, since values are escaped.
    text = f"<?comms-field {run.field} ?>" if run.field else escape(run.text)
    if run.gap:
        text = f"<mark>{text}</mark>"
    if run.href:
        text = f'<a href="{escape(run.href)}">{text}</a>'
    return f"<strong>{text}</strong>" if run.bold else text


@cache
def _pieces() -> list[str]:
    """The page as text and names of values in turns. It asks nothing, so it needs no Jinja2, which takes long to load."""
    page = (resources.folder("templates") / "page.html.j2").read_text("utf-8")
    return re.split(r"\{\{ ([a-z]+) \}\}", page)
