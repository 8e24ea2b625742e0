"""Word letters against other ways and against the floor: ``python tests/benchmarks/word.py``.

All make the same one-page letter (six paragraphs, a list, a header) on our letterhead, each time to another
recipient; in turn, so that a busy machine slows all; processor time, medians. docxtpl opens, renders and saves, as its
manual does; so do docx-mailmerge2 and docxtemplater, where they are installed. The floor is what no way can do without:
Jinja2 renders the text, zlib deflates it. Once in memory, and once more with a new file on the disk for each, which
costs all the same, and on some disks more than the letter.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from docxtpl import DocxTemplate
from jinja2 import Environment
from lxml import etree

from comms import resources
from comms.document import Block, Message, Passage, Run
from comms.progress import write_whole
from comms.render.docx import Letterhead
from comms.render.series import series

ROUNDS = 300
PATH = resources.folder("templates") / "letterhead.docx"
MAIN = "word/document.xml"
VALUES: dict[str, object] = {
    "school": {"name": "ROC Voorbeeld", "place": "Utrecht", "phone": "030 123 45 67", "website": "roc.example"}
}
SENTENCE = "Op school is een melding binnengekomen over beelden die zonder toestemming zijn gedeeld. "
NODE = """
const fs = require("fs"), Docxtemplater = require("docxtemplater"), PizZip = require("pizzip");
const [template, folder, rounds] = process.argv.slice(1), content = fs.readFileSync(template), took = [];
for (let number = 0; number < +rounds; number++) {
  const start = process.cpuUsage();
  const made = new Docxtemplater(new PizZip(content));
  made.render({ name: `student ${number}` });
  const bytes = made.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
  const used = process.cpuUsage(start);
  fs.writeFileSync(`${folder}/${number}.docx`, bytes);
  const all = process.cpuUsage(start);
  took.push([(used.user + used.system) / 1000, (all.user + all.system) / 1000]);
}
const versions = ["docxtemplater", "pizzip"].map((name) => `${name} ${require(name + "/package.json").version}`);
console.log(JSON.stringify({ took, versions }));
"""


def _paragraph(*runs: Run) -> Block:
    return Block("paragraph", runs)


def letter(*greeting: Run) -> Message:
    """The letter, with this greeting."""
    text = _paragraph(Run(SENTENCE * 2), Run("Stuur niets door.", bold=True), Run(" " + SENTENCE))
    bullets = tuple(Block("bullet", (Run(SENTENCE),)) for _ in range(4))
    body = (
        _paragraph(*greeting),
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
        body = etree.fromstring(archive.read(MAIN))[0]
    date, title, *middle, signature, _section = (etree.tostring(item, encoding="unicode") for item in body)
    return {"date": date, "title": title, "body": "".join(middle), "signature": signature}


def _with_text(docx: bytes, path: Path, change: Callable[[str], str]) -> Path:
    """The letter with its text changed, as a template for another program."""
    with zipfile.ZipFile(BytesIO(docx)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content.decode()) if name == MAIN else content)
    return path


def processor_time(action: Callable[[], object]) -> float:
    """Milliseconds of processor time that an action takes."""
    start = time.process_time_ns()
    action()
    return (time.process_time_ns() - start) / 1e6


Way = Callable[[int], bytes]
"""Makes the letter to the recipient with this number."""


def floor_of(text: str, docx: bytes) -> Way:
    """What no way can do without: renders a text with ``{{ name }}`` in it and deflates it; gives the letter."""
    template = Environment().from_string(text)

    def floor(number: int) -> bytes:
        zlib.compress(template.render(name=f"student {number}").encode(), wbits=-15)
        return docx

    return floor


def write(path: Path, content: bytes) -> None:
    """A new file, and no more."""
    with path.open("wb") as file:
        file.write(content)


def _docxtpl(blocks: dict[str, str]) -> Way:
    def make(number: int) -> bytes:
        template = DocxTemplate(PATH)
        body = blocks["body"].replace("student 0", f"student {number}")
        template.render({**VALUES, **blocks, "body": body})
        saved = BytesIO()
        template.save(saved)
        return saved.getvalue()

    return make


def _mailmerge(docx: bytes, folder: Path) -> Way | None:
    try:
        from mailmerge import MailMerge
    except ImportError:
        return None
    field = '</w:t></w:r><w:fldSimple w:instr=" MERGEFIELD name "><w:r><w:t>x</w:t></w:r></w:fldSimple><w:r><w:t>'
    path = _with_text(docx, folder / "mailmerge-template.docx", lambda text: text.replace("student 0", field))

    def make(number: int) -> bytes:
        saved = BytesIO()
        with MailMerge(str(path)) as document:
            document.merge(name=f"student {number}")
            document.write(saved)
        return saved.getvalue()

    return make


def _node(docx: bytes, folder: Path) -> dict[str, Any] | None:
    """The times of docxtemplater, in a Node of its own; None when either is not there."""
    if shutil.which("node") is None:
        return None
    path = _with_text(docx, folder / "node-template.docx", lambda text: text.replace("student 0", "{name}"))
    command = ["node", "-e", NODE, str(path), str(folder), str(ROUNDS)]
    ran = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, encoding="utf-8", check=False)
    return dict(json.loads(ran.stdout)) if ran.returncode == 0 else None


def main() -> None:
    compiled = Letterhead(PATH)
    docx = compiled.render(letter(Run("Beste ouders van student 0")), VALUES)
    many = series(compiled, letter(Run("Beste ouders van "), Run("name", field="name")), VALUES, ["name"])
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        text = archive.read(MAIN).decode().replace("student 0", "{{ name }}")
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        ways: dict[str, Way] = {
            DOCXTPL: _docxtpl(_blocks(docx)),
            "comms draft: a letter by itself": lambda number: compiled.render(
                letter(Run(f"Beste ouders van student {number}")), VALUES
            ),
            "comms merge: a letter of many": lambda number: many.letter({"name": f"student {number}"}),
            FLOOR: floor_of(text, many.letter({"name": "student 0"})),
        }
        if mailmerge := _mailmerge(docx, top):
            ways["docx-mailmerge2"] = mailmerge
        times: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for round_number in range(ROUNDS):
            for number, (way, make) in enumerate(ways.items()):
                # Ten letters a measurement where one is shorter than some clocks' step.
                count = 1 if way.startswith("docx") else 10
                recipients = range(round_number * count, (round_number + 1) * count)
                folder = top / str(number)
                folder.mkdir(exist_ok=True)
                made: list[bytes] = []
                making = processor_time(lambda: made.extend(make(each) for each in recipients))  # noqa: B023
                writing = processor_time(
                    lambda: [_written(way, folder, *each) for each in zip(recipients, made, strict=True)]  # noqa: B023
                )
                times[way].append((making / count, (making + writing) / count))
        (top / "node").mkdir()
        node = _node(docx, top / "node")
    names = ["docxtpl", "python-docx", "Jinja2", "lxml"]
    if "docx-mailmerge2" in times:
        names.append("docx-mailmerge2")
    versions = [f"{name} {version(name)}" for name in names]
    if node:
        times["docxtemplater (Node)"] = [(making, all_in) for making, all_in in node["took"]]
        versions += node["versions"]
    print(f"Python {platform.python_version()}, {', '.join(versions)}; medians of {ROUNDS}")
    print(f"{'':<34} {'in memory':^40}   {'with a new file':^40}")
    medians = {way: [median(each) for each in zip(*took, strict=True)] for way, took in times.items()}
    for way, each in sorted(medians.items(), key=lambda item: -item[1][0]):
        told = [
            f"{each[column]:7.3f} ms {medians[DOCXTPL][column] / each[column]:6.1f} × docxtpl "
            f"{each[column] / medians[FLOOR][column]:6.2f} × the floor"
            for column in (0, 1)
        ]
        print(f"{way:<34} {told[0]}   {told[1]}")
    if not node:
        print("docxtemplater is not here: npm install --prefix tests/benchmarks docxtemplater pizzip")


def _written(way: str, folder: Path, number: int, content: bytes) -> None:
    path = folder / f"{number}.docx"
    if way.startswith("comms"):
        write_whole(str(folder / "part"), str(path), content)
    else:
        write(path, content)


DOCXTPL = "docxtpl, opened, rendered, saved"
FLOOR = "floor: render, deflate"

if __name__ == "__main__":
    main()
