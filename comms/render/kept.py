"""Our own letterhead as the build compiled it: compiling it takes docxtpl and lxml, which take as long to load as
everything else that a draft needs.

What was kept counts only for the very bytes of the letterhead, the Python, Jinja and docxtpl, and the code of
ours that it was made with; else it is compiled as ever. A school that uses our letterhead has the same bytes.
"""

from __future__ import annotations

import marshal
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from comms import kept, resources
from comms.archive import Entry
from comms.render.tags import Compiled, TagSource

LETTERHEAD = "letterhead.docx"


class Kept(NamedTuple):
    """A compiled letterhead, and its styles in each language of drafts by Word's tag and whether it is written
    from right to left."""

    compiled: Compiled
    styles: dict[tuple[str, bool], str]


def _name() -> str:
    parts = ("letterhead", "sandbox", "tags")
    ours = (*(f"comms.render.{each}" for each in parts), "comms.archive", "comms.templating")
    return f"letterhead.{kept.made_with(*ours, 'docxtpl.template', 'jinja2.compiler')}"


def keep(made: Compiled, styles: dict[tuple[str, bool], str], letterhead: bytes) -> tuple[str, bytes]:
    """A compiled letterhead as a file for the build: its name and content."""
    # marshal knows plain tuples only.
    entries, tagged = [tuple(entry) for entry in made.entries], [tuple(source) for source in made.tagged]
    return _name(), marshal.dumps((_checksum(letterhead), entries, tagged, tuple(made[2:]), styles))


def load(path: Path) -> Kept | None:
    """What the build kept of the letterhead at ``path``; None when it is another, or nothing was kept."""
    try:
        letterhead = path.read_bytes()
        if len(letterhead) != (resources.folder("templates") / LETTERHEAD).stat().st_size:
            return None
        content = (kept.folder() / _name()).read_bytes()
        checksum, entries, tagged, others, styles = marshal.loads(content)
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if checksum != _checksum(letterhead):
        return None
    sources = tuple(TagSource(*source) for source in tagged)
    return Kept(Compiled(tuple(Entry(*entry) for entry in entries), sources, *others), styles)


def _checksum(letterhead: bytes) -> bytes:
    return blake2b(letterhead, digest_size=16).digest()
