"""Exercises in Word, for a classroom without screens: a text with room to mark, and its key as comments."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final

from comms import resources
from comms.archive import Entry, zipped
from comms.document import Block, Message, Passage, Run
from comms.languages import _, current_ui_language, ui_language
from comms.policy import provisions
from comms.training.annotated import Places
from comms.training.exercises import Exercise, Fault

if TYPE_CHECKING:
    from comms.render.docx import Letterhead

SUFFIXES: Final = ("exercise.docx", "key.docx")
"""What the names of the two files of an exercise end with."""

_DATE: Final = "2026-01-01"
"""Of the document's properties, which have to have one; the text of an exercise has none of its own."""
_LINES: Final = 4
_LINE: Final = "…" * 36
_PARAGRAPH = re.compile("<w:p>.*?</w:p>", re.DOTALL)
_BODY_TEXT: Final = '<w:pStyle w:val="BodyText"/>'
_ROOM: Final = '<w:spacing w:line="408" w:lineRule="auto"/><w:ind w:right="2835"/>'
"""Wide lines, and a margin of five centimetres to write in."""


def files(exercise: Exercise, suffixes: Iterable[str] = SUFFIXES) -> dict[str, bytes]:
    """The Word files of an exercise by name, in its own language."""
    make = {"exercise.docx": _sheet, "key.docx": _key}
    with ui_language(exercise.language):
        return {f"{exercise.id}.{suffix}": make[suffix](exercise) for suffix in suffixes}


def _sheet(exercise: Exercise) -> bytes:
    ask = _(
        "Lees de tekst. Zet een streep onder wat zo niet uit mag, en schrijf ernaast waarom. Wat zou u schrijven? "
        "Soms ontbreekt er ook iets."
    )
    question = _("Is er iets wat deze lezers nodig hebben en wat er niet staat?")
    written = _rendered(exercise, _("oefening"), ask, [question, *[_LINE] * _LINES])
    return _with_room(written, len(_paragraphs(exercise)))


def _key(exercise: Exercise) -> bytes:
    from comms.review.annotate import Comment, commented
    from comms.review.formats import word

    told = _(
        "Sleutel: {number} fouten. Elke fout staat in een opmerking in de kantlijn, met het beleid en wat beter is."
    )
    lacking = [fault.better for fault in exercise.faults if fault.missing]
    data = _rendered(
        exercise,
        _("sleutel"),
        told.format(number=len(exercise.faults)),
        lacking or [_("In deze tekst ontbreekt niets.")],
    )
    extract = word.read(BytesIO(data))
    places = Places(extract)
    starts = [places.of([each])[0] for each in _paragraphs(exercise)]
    comments = []
    for fault in exercise.faults:
        start, end = places.of([fault.better]) if fault.missing else _placed(fault, exercise, starts)
        comments.append(Comment(start, end, tuple(_said(fault))))
    return commented(data, extract, comments)


def _placed(fault: Fault, exercise: Exercise, starts: list[int]) -> tuple[int, int]:
    """Where a fault stands in the Word file, whose paragraphs have the very letters of the text."""
    first, last = (exercise.sentences[each] for each in (fault.sentences[0], fault.sentences[-1]))
    begins = {each.paragraph: each.start for each in reversed(exercise.sentences)}
    return (
        starts[first.paragraph] + fault.start - begins[first.paragraph],
        starts[last.paragraph] + fault.end - begins[last.paragraph],
    )


def _said(fault: Fault) -> Iterator[str]:
    """A key as a comment says it, a paragraph each."""
    yield _("Fout: {category}").format(category=fault.category_name)
    yield fault.note
    yield fault.why
    if fault.missing:
        yield _("Voeg toe: {better}").format(better=fault.better)
    elif fault.better:
        yield _("Beter: {suggestion}").format(suggestion=fault.better)
    else:
        yield _("Beter: laat deze zin weg.")
    for each in fault.provisions:
        yield _("Beleid {told}").format(told=f"{each}: {_gist(each)}")


def _gist(provision: str) -> str:
    return provisions()[provision].gist[current_ui_language()]


# --- The document


def _rendered(exercise: Exercise, kind: str, first: str, lacking: Iterable[str]) -> bytes:
    message = Message(
        audience=exercise.audience,
        language=exercise.language,
        direction="ltr",
        passages=tuple(_passages(exercise, first, lacking)),
        author=_("Vind de fouten"),
        date=_DATE,
    )
    # Whoever finds one of these on a printer must see at once that it is no letter of a school.
    school = {
        "name": _("Vind de fouten"),
        "place": kind,
        "phone": _("verzonnen tekst"),
        "website": _("niet versturen"),
    }
    return _letterhead().render(message, {"school": school})


def _letterhead() -> Letterhead:
    from comms.render import docx

    return docx.letterhead(resources.folder("templates") / "letterhead.docx")


def _passages(exercise: Exercise, first: str, lacking: Iterable[str]) -> Iterator[Passage]:
    yield Passage("title", (), (Block("heading", (Run(exercise.title),), 1),), "title")
    yield Passage("first", (), (_paragraph(f"{exercise.author}."), _paragraph(first)))
    yield Passage("text", (), (_heading(_("De tekst")), *(_paragraph(each) for each in _paragraphs(exercise))))
    yield Passage("lacking", (), (_heading(_("Wat ontbreekt er?")), *(_paragraph(each) for each in lacking)))


def _heading(text: str) -> Block:
    return Block("heading", (Run(text),), 2)


def _paragraphs(exercise: Exercise) -> list[str]:
    return exercise.text.split("\n\n")


def _paragraph(text: str) -> Block:
    runs = [run for line in text.split("\n") for run in (Run("\n"), Run(line))][1:]
    return Block("paragraph", tuple(runs))


def _with_room(data: bytes, paragraphs: int) -> bytes:
    """The file with room to write beside and between the lines of the text, which begins after two paragraphs."""
    main = _letterhead().main
    numbers = iter(range(10_000))

    def widened(match: re.Match[str]) -> str:
        if _BODY_TEXT not in match[0] or not 2 <= next(numbers) < 2 + paragraphs:
            return match[0]
        return match[0].replace(_BODY_TEXT, _BODY_TEXT + _ROOM, 1)

    with zipfile.ZipFile(BytesIO(data)) as archive:
        content = _PARAGRAPH.sub(widened, archive.read(main).decode())
        return zipped(
            Entry.deflated(main, content) if info.filename == main else Entry.copied(data, info)
            for info in archive.infolist()
        )
