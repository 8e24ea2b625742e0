"""A draft in Word with a comment at each passage: what the policy asks there, and which facts chose it.

A copy to learn from, and nothing to send.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Final

from comms.document import Passage
from comms.languages import _
from comms.planning import Plan
from comms.protected import contains
from comms.training import reasons

if TYPE_CHECKING:
    from comms.drafts import Draft
    from comms.incident import Incident
    from comms.review.annotate import Comment
    from comms.review.formats.extraction import Extract

SUFFIX: Final = "annotated.docx"
"""What the name of such a copy ends with."""


def annotated(draft: Draft, incident: Incident, made: Plan) -> bytes:
    """The Word file of a draft with its comments, in the language of the interface.

    ``incident`` and ``made`` are what the draft was made of. Raises as :meth:`Draft.docx_bytes`.
    """
    from comms.review.annotate import commented
    from comms.review.formats import word

    data = draft.docx_bytes()
    extract = word.read(BytesIO(data))
    return commented(data, extract, list(_comments(draft, incident, made, extract)))


def _comments(draft: Draft, incident: Incident, made: Plan, extract: Extract) -> Iterator[Comment]:
    from comms.review.annotate import Comment

    places = Places(extract)
    for number, (_id, group) in enumerate(groupby(draft.passages, key=lambda each: each.id)):
        passages = list(group)  # what a loop says again and again is explained once
        start, end = places.of(block.text for each in passages for block in each.blocks)
        lines = list(_explained(passages[0], draft, incident, made))
        if number == 0:
            lines = [*_about_the_whole(draft), *lines]
        if end == 0:  # a letterhead may have the title in its header, where Word has no comments
            lines.insert(0, _("Dit gaat over: “{text}”").format(text=passages[0].blocks[0].text))
        # Who released a message is typed by hand, and may be a name that appears in no output.
        yield Comment(start, end, tuple(line for line in lines if not contains(line, draft.protected)))


def _about_the_whole(draft: Draft) -> Iterator[str]:
    yield _("Kopie met uitleg, om van te leren. Verstuur deze niet.")
    told = " ".join(reasons.outcome(draft.planned))
    yield _("Plan: {told}").format(told=told)


def _explained(passage: Passage, draft: Draft, incident: Incident, made: Plan) -> Iterator[str]:
    asked = list(reasons.asked_of(passage))
    yield from (_("Beleid {told}").format(told=each) for each in asked)
    if not asked:
        yield _("Voert zelf geen bepaling uit.")
    facts = "; ".join(reasons.chosen_by(passage, draft.document, incident, made))
    if facts:
        yield _("Staat hier bij deze feiten: {facts}.").format(facts=facts)
    else:
        yield _("Staat in elke tekst van deze soort.")
    yield _("Passage: {id}").format(id=passage.id)


class Places:
    """Where texts stand that were written into a Word file, each after the one before where they stand twice."""

    def __init__(self, extract: Extract) -> None:
        text = extract.written.text
        self._lines = [
            (each.start, len(line.rstrip()) + each.start, _one_line(line))
            for each in extract.lines
            if each.kind != "comment" and not each.place
            for line in [text[each.start :].split("\n", 1)[0]]
        ]
        self._taken: set[int] = set()

    def of(self, texts: Iterable[str]) -> tuple[int, int]:
        """From the first paragraph with one of the texts to the last; twice 0 when there is none."""
        found = [line for each in texts if (line := self._next(each)) is not None]
        return (self._lines[found[0]][0], self._lines[found[-1]][1]) if found else (0, 0)

    def _next(self, text: str) -> int | None:
        wanted = _one_line(text)
        for number, (_start, _end, line) in enumerate(self._lines):
            if line == wanted and number not in self._taken:
                self._taken.add(number)
                return number
        return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
