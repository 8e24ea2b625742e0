"""How much faster a letter is than with plain docxtpl: ``python tests/benchmarks/word.py``.

Both write the same one-page letter (six paragraphs, a list, a header) on our letterhead, in turn in one process, so
that a busy machine slows both; processor time, medians. docxtpl opens, renders and saves, as its manual does.
"""

from __future__ import annotations

import platform
import sys
import time
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from docxtpl import DocxTemplate
from lxml import etree

from comms import resources
from comms.document import Block, Message, Passage, Run
from comms.render.docx import Letterhead

ROUNDS = 300
PATH = resources.folder("templates") / "letterhead.docx"
VALUES: dict[str, object] = {
    "school": {"name": "ROC Voorbeeld", "place": "Utrecht", "phone": "030 123 45 67", "website": "roc.example"}
}
SENTENCE = "Op school is een melding binnengekomen over beelden die zonder toestemming zijn gedeeld. "


def _paragraph(*runs: Run) -> Block:
    return Block("paragraph", runs)


def _letter(opening: str = "Beste ouders,") -> Message:
    text = _paragraph(Run(SENTENCE * 2), Run("Stuur niets door.", bold=True), Run(" " + SENTENCE))
    bullets = tuple(Block("bullet", (Run(SENTENCE),)) for _ in range(4))
    body = (
        _paragraph(Run(opening)),
        *[text] * 2,
        Block("heading", (Run("Wat u kunt doen"),), 2),
        *bullets,
        *[text] * 3,
    )
    passages = (
        Passage("date", (), (_paragraph(Run("20 november 2026")),), "date"),
        Passage("title", (), (Block("heading", (Run("Bericht aan ouders"),), 1),), "title"),
        Passage("body", (), body),
        Passage("signature", (), (_paragraph(Run("Met groet,"), Run("\n"), Run("A. de Vries")),), "signature"),
    )
    return Message("parents", "nl", "ltr", passages, "ROC Voorbeeld", "2026-11-20")


def _blocks(docx: bytes) -> dict[str, str]:
    """The XML of the message's parts, for docxtpl to put in."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))[0]
    date, title, *middle, signature, _section = (etree.tostring(item, encoding="unicode") for item in body)
    return {"date": date, "title": title, "body": "".join(middle), "signature": signature}


def _docxtpl(context: dict[str, object]) -> bytes:
    template = DocxTemplate(PATH)
    template.render(context)
    written = BytesIO()
    template.save(written)
    return written.getvalue()


def _processor_time(action: Callable[[], object]) -> float:
    start = time.process_time_ns()
    action()
    return (time.process_time_ns() - start) / 1e6


def main() -> None:
    compiled = Letterhead(PATH)
    compiling = median(_processor_time(lambda: Letterhead(PATH)) for _ in range(20))
    context = VALUES | _blocks(compiled.render(_letter(), VALUES))
    letters = [_letter(f"Beste ouders van student {number}") for number in range(10)]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        # Ten letters a measurement, as one is shorter than some clocks' step; each with another text, as in a merge.
        ours.append(_processor_time(lambda: [compiled.render(letter, VALUES) for letter in letters]) / len(letters))
        theirs.append(_processor_time(lambda: _docxtpl(context)))
    packages = ", ".join(f"{name} {version(name)}" for name in ("docxtpl", "python-docx", "Jinja2", "lxml"))
    print(f"Python {platform.python_version()}, {packages}; medians of {ROUNDS}")
    print(f"docxtpl, opened, rendered, saved  {median(theirs):7.3f} ms   1 ×")
    print(f"Letterhead.render                 {median(ours):7.3f} ms  {median(theirs) / median(ours):.0f} ×")
    print(f"Letterhead(path), once            {compiling:7.3f} ms")


if __name__ == "__main__":
    main()
