"""A letter for every recipient, in their language, through the same plan and gates as a draft.

All recipients are checked before the first letter is written. Interrupted at any point, the same call goes on
where it was.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from comms.compose import Salutation
from comms.drafts import Draft, letter_of
from comms.errors import ChangedError, UnknownNameError
from comms.fields import nearest
from comms.incident import Incident
from comms.languages import _
from comms.planning import Plan, plan
from comms.progress import Progress, open_private, telling, write_whole
from comms.recipients import Checked, Desk, Recipient, Recipients, Wanted, column_name, listed

LETTERS = ("teachers", "students", "parents")
"""The audiences whose message is a letter to somebody."""
FORMS = ("docx", "eml", "combined", "mbox")
"""A file a recipient in Word or mail; or all in one: a Word file a language, a mailbox."""
_ONE_FILE = ("combined", "mbox")

Tell = Callable[[int, int], object]
"""Told of progress: how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a merge wrote."""

    written: int
    before: int
    """How many letters were there from an earlier start."""
    total: int
    missing: tuple[int, ...]
    """Rows whose letter was written before and is not in the folder any more. It is not made a second time."""


class Merge:
    """Letters to the recipients in a file."""

    def __init__(
        self,
        incident: Incident,
        recipients: Path | str,
        audience: str,
        *,
        form: str = "docx",
        leave_out: Iterable[int] = (),
        confirm: Iterable[int] = (),
        name_by: str = "",
    ) -> None:
        """Makes the texts and looks at the columns of the file.

        ``leave_out``: rows that get no letter. ``confirm``: rows that get one although a protected word stands in
        them. ``name_by``: a column whose value comes into the name of a recipient's file.
        Raises UnknownNameError, HeldError, TemplateError, ReviewError and RecipientsError.
        """
        _refuse_unknown(audience, LETTERS, _("samenvoegen kan niet voor “{name}”"))
        _refuse_unknown(form, FORMS, _("samenvoegen kan niet als “{name}”"))
        self.incident = incident
        self.plan: Plan = plan(incident)
        self.audience = audience
        self.form = form
        self.recipients = Recipients(Path(recipients), incident.protected)
        self.done = 0
        self.checked: Checked
        self._name_by = column_name(name_by) if name_by else ""
        self._columns = self.recipients.names
        self._drafts: dict[tuple[str, Salutation], Draft] = {}
        self._makers: dict[tuple[str, Salutation], Any] = {}
        self.language = incident.school.languages[0]
        first = self.draft(self.language, "")
        used = {name for draft in self._greetings(self.language) for name in draft.message.fields()}
        if self._in_word:
            used |= set(first.letterhead_fields())
        used |= {name for name in ("name", "salutation") if name in self._columns} | (
            {self._name_by} if name_by else set()
        )
        self.wanted = Wanted(
            tuple(sorted(used)), not self._in_word, self.language, incident.protected, frozenset(leave_out), frozenset(confirm)
        )  # fmt: skip

    @property
    def _in_word(self) -> bool:
        return self.form in ("docx", "combined")

    def draft(self, language: str, salutation: Salutation) -> Draft:
        """The letter that a recipient with this language and greeting gets."""
        key = (language, salutation)
        if key not in self._drafts:
            self._drafts[key] = letter_of(self.incident, self.plan, self.audience, language, salutation, self._columns)
        return self._drafts[key]

    def _greetings(self, language: str) -> Iterator[Draft]:
        yield self.draft(language, "")
        if "name" in self._columns:
            yield self.draft(language, "name")
        if "salutation" in self._columns:
            yield self.draft(language, "salutation")

    def gaps(self) -> tuple[str, ...]:
        """The values that the school's profile lacks: nobody fills in thousands of letters by hand."""
        draft = self.draft(self.language, "")
        return (*draft.gaps, *(draft.letterhead_gaps() if self._in_word else ()))

    def warnings(self) -> tuple[str, ...]:
        """What to look at before letters go to so many."""
        if self.incident.protected:
            return self.plan.warnings
        nobody = _(
            "Er zijn geen beschermde woorden opgegeven. Dan is het gezin van het slachtoffer niet te herkennen tussen de ontvangers."
        )
        return (*self.plan.warnings, nobody)

    def check(self, tell: Tell = lambda done, total: None) -> Checked:
        """Every recipient, in numbers; writes nothing. Raises RecipientsError with all mistakes."""
        self.checked = Desk(self.recipients, self.wanted, b"check").check(lambda done: tell(done, 0))
        return self.checked

    def write(self, folder: Path | str, tell: Tell = lambda done, total: None) -> Made:
        """Checks all recipients and writes the letters that are not there yet.

        Raises UnknownNameError when a value is missing in the profile, RecipientsError, ReviewError, TemplateError, WritingError, and ChangedError when the folder was begun
        with other recipients, texts or options.
        """
        if gaps := self.gaps():
            raise UnknownNameError(_("vul eerst in, in het schoolprofiel: {gaps}").format(gaps=", ".join(gaps)))
        progress = Progress(Path(folder))
        with progress.held():
            key = progress.key()
            desk = Desk(self.recipients, self.wanted, key)
            begun = progress.begun()
            digest = self.recipients.digest(key)
            if begun and progress.header.get("recipients") != digest:
                self._refuse_changed_recipients(progress, desk)
            checked = self.checked = desk.check(lambda done: tell(done, 0))
            header = {
                "audience": self.audience, "form": self.form, "total": checked.count, "recipients": digest,
                "date": self.incident.date.isoformat(), "letters": self._fingerprint(checked, key), "comms": version("comms"),
            }  # fmt: skip
            if begun:
                self._refuse_other_letters(progress, header)
            else:
                progress.begin(header)
            if self.form in _ONE_FILE:
                return self._write_in_one(progress, begun, desk, checked, tell)
            return self._write_each(progress, begun, desk, checked, tell)

    def preview(self, folder: Path | str, count: int) -> list[Path]:
        """Writes the letters to the first ``count`` recipients, in a folder of their own; checks all. As ``write``."""
        desk = Desk(self.recipients, self.wanted, b"preview")
        desk.check()
        folder = Path(folder) / "preview"
        with telling(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for old in folder.glob(f"{self.audience}.*"):
                old.unlink()
        first = (each for each, _number in zip(desk.recipients_written_to(), range(count), strict=False))
        if self.form in _ONE_FILE:
            with _Bundle(self, folder, folder) as bundle:
                for recipient in first:
                    bundle.add(recipient)
                return bundle.close()
        written = []
        for recipient in first:
            path = folder / self._file_name(recipient)
            with telling(path):
                write_whole(folder / "preview.part", path, self.letter(recipient))
            written.append(path)
        return written

    def letter(self, recipient: Recipient) -> bytes:
        """The letter to a recipient, a file of its own."""
        draft, values = self.addressed(recipient)
        if not self._in_word:
            mail: bytes = self.series(recipient, draft, values).letter(values, values["email"])
            return mail
        made: bytes = self.series(recipient, draft, values).letter(values)
        return made

    def series(self, recipient: Recipient, draft: Draft, values: Mapping[str, str]) -> Any:
        """What makes the letters to those who are greeted like this recipient, in their language."""
        key = (recipient.language, _salutation(recipient))
        if key not in self._makers:
            if self._in_word:
                self._makers[key] = draft.series(values, bound=self.form == "combined")
            else:
                self._makers[key] = draft.mails()
        return self._makers[key]

    def addressed(self, recipient: Recipient) -> tuple[Draft, dict[str, str]]:
        """The draft of a recipient's letter, and the values that it waits for."""
        values = recipient.values
        if greeting := values.get("salutation"):
            values["salutation"] = greeting.rstrip(" ,.:;!")  # the text has its own comma
        return self.draft(recipient.language, _salutation(recipient)), values

    def _file_name(self, recipient: Recipient) -> str:
        asked_for = f".{_safe(recipient.values[self._name_by])}" if self._name_by else ""
        return f"{self.audience}.{recipient.row:06d}{asked_for}.{self.form}"

    def _write_each(self, progress: Progress, begun: bool, desk: Desk, checked: Checked, tell: Tell) -> Made:
        if begun:
            progress.go_on()
        before = self.done = len(progress.notes)
        beside, folder, total = str(progress.beside("letter")), f"{progress.folder}{os.sep}", checked.count
        missing = []
        for number, recipient in enumerate(desk.recipients_written_to()):
            self._refuse_moved(number, recipient, checked)
            path = folder + self._file_name(recipient)
            if number < before:
                there = _size(path)
                if there is None:
                    missing.append(recipient.row)
                if there != 0:  # an empty file is what loss of power leaves; all else is somebody's own
                    continue
            content = self.letter(recipient)
            try:
                write_whole(beside, path, content)
                if number >= before:
                    progress.note(recipient.row, recipient.hash)
            except OSError:
                with telling(Path(path)):
                    raise
            self.done = max(number + 1, before)
            if self.done % 100 == 0:
                tell(self.done, total)
        self._refuse_fewer(checked)
        if not progress.finished:
            with telling(progress.folder):
                progress.finish()
        tell(total, total)
        return Made(total - before, before, total, tuple(missing))

    def _write_in_one(self, progress: Progress, begun: bool, desk: Desk, checked: Checked, tell: Tell) -> Made:
        """All letters in a few files, which come into the folder when they are whole; a next start makes them anew."""
        total = checked.count
        if begun and progress.finished:
            return Made(0, total, total, ())
        if begun:
            progress.go_on(anew=True)
        self.done = 0
        with _Bundle(self, progress.folder, progress.folder / ".merge") as bundle:
            for number, recipient in enumerate(desk.recipients_written_to()):
                self._refuse_moved(number, recipient, checked)
                with telling(progress.folder):
                    bundle.add(recipient)
                    progress.note(recipient.row, recipient.hash)
                self.done = number + 1
                if self.done % 100 == 0:
                    tell(self.done, total)
            self._refuse_fewer(checked)
            with telling(progress.folder):
                bundle.close()
                progress.finish()
        tell(total, total)
        return Made(total, 0, total, ())

    def _refuse_moved(self, number: int, recipient: Recipient, checked: Checked) -> None:
        if number >= checked.count or checked.hashes[number] != recipient.hash:
            self._fail_changed()

    def _refuse_fewer(self, checked: Checked) -> None:
        if self.done != checked.count:
            self._fail_changed()

    def _fail_changed(self) -> NoReturn:
        told = _("{file} veranderde terwijl de brieven werden geschreven; begin in een nieuwe map")
        raise ChangedError(told.format(file=self.recipients.path))

    def _refuse_changed_recipients(self, progress: Progress, desk: Desk) -> None:
        now: dict[int, int] = {}
        for row in self.recipients.rows():
            if not row.wrong:
                now[row.number] = desk.recipient(row).hash
        notes = zip(progress.notes.rows, progress.notes.hashes, strict=True)
        changed = [row for row, hashed in notes if now.get(row) != hashed]
        told = _(
            "{file} is anders dan toen deze samenvoeging begon. Zet het oude bestand terug of kies een nieuwe map."
        )
        wrong = told.format(file=self.recipients.path)
        if changed:
            wrong += " " + _("Al geschreven aan een rij die nu anders is: {rows}").format(rows=listed(changed))
        raise ChangedError(wrong)

    def _refuse_other_letters(self, progress: Progress, header: Mapping[str, Any]) -> None:
        if progress.header.get("date") != header["date"]:
            told = _(
                "de samenvoeging in {folder} begon met de datum {date}; zet date: {date} in het incidentbestand of kies een nieuwe map"
            )
            raise ChangedError(told.format(folder=progress.folder, date=progress.header.get("date")))
        if any(progress.header.get(name) != value for name, value in header.items()):
            raise ChangedError(
                _(
                    "de brieven of de keuzes zijn anders dan toen de samenvoeging in {folder} begon; kies een nieuwe map"
                ).format(folder=progress.folder)
            )

    def _fingerprint(self, checked: Checked, key: bytes) -> str:
        """What all letters together depend on, but for the recipients, as a keyed hash."""
        made = blake2b(key=key, digest_size=16)
        options = (self._name_by, sorted(self.wanted.left_out), sorted(self.wanted.confirmed), self.wanted.columns)
        made.update(repr(options).encode())
        for language in sorted(checked.languages):
            for draft in self._greetings(language):
                made.update(repr(draft.message).encode("utf-8", "surrogatepass"))
        if self._in_word:
            draft = self.draft(self.language, "")
            made.update(repr(draft.letterhead_values()).encode("utf-8", "surrogatepass"))
            made.update(draft.letterhead_path.read_bytes())
        return made.hexdigest()


class _Bundle:
    """Letters in a few files: a Word file a language, or one mailbox. They come to their place when all are whole."""

    def __init__(self, merge: Merge, folder: Path, beside: Path) -> None:
        self._merge = merge
        self._folder, self._beside = folder, beside
        self._opened = ExitStack()
        self._files: dict[str, Path] = {}
        self._mailbox: BinaryIO | None = None
        self._bound: dict[str, Any] = {}
        self._counts: dict[str, int] = {}

    def __enter__(self) -> _Bundle:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            self._opened.close()
        for beside in self._files.values():
            with suppress(OSError):
                beside.unlink()

    def add(self, recipient: Recipient) -> None:
        """Adds the letter to a recipient."""
        if self._merge.form == "mbox":
            if self._mailbox is None:
                self._mailbox = self._file(f"{self._merge.audience}.mbox")
            day = self._merge.incident.date
            stamp = f"From comms {day:%a %b} {day.day:2} 00:00:00 {day.year}\n".encode()
            self._mailbox.write(stamp + _quoted(self._merge.letter(recipient)) + b"\n")
            return
        draft, values = self._merge.addressed(recipient)
        series = self._merge.series(recipient, draft, values)
        bound = self._bound.get(recipient.language)
        if bound is None or self._counts[recipient.language] % MOST_IN_ONE == 0:
            bound = self._next_bound(recipient.language, series)
        self._counts[recipient.language] += 1
        bound.add(series, values)

    def _next_bound(self, language: str, series: Any) -> Any:
        from comms.render.series import Bound

        count = self._counts.setdefault(language, 0)
        if count:
            self._bound[language].close()
        part = f".{count // MOST_IN_ONE + 1}" if count else ""
        file = self._file(f"{self._merge.audience}.{language}{part}.docx")
        self._bound[language] = Bound(file, series)
        return self._bound[language]

    def _file(self, name: str) -> BinaryIO:
        beside = self._beside / f"{name}.part"
        file = self._opened.enter_context(open_private(beside))
        self._files[name] = beside
        return file

    def close(self) -> list[Path]:
        """Ends the files and moves them to their place."""
        for bound in self._bound.values():
            bound.close()
        self._opened.close()
        placed = [self._folder / name for name in self._files]
        for path, beside in zip(placed, self._files.values(), strict=True):
            beside.replace(path)
        return placed


MOST_IN_ONE = 2000
"""Letters in one Word file; Word itself grows slow with more, and a printer's queue is no place to find a mistake."""


def _quoted(mail: bytes) -> bytes:
    """A mail as a mailbox holds it: a line that would begin the next mail is quoted."""
    return re.sub(rb"^(>*From )", rb">\1", mail.replace(b"\r\n", b"\n"), flags=re.MULTILINE)


def _salutation(recipient: Recipient) -> Salutation:
    if recipient.values.get("salutation"):
        return "salutation"
    return "name" if recipient.values.get("name") else ""


def _safe(value: str) -> str:
    """A value as a piece of a file name: letters, digits and dashes, so that it can't be a path or an option."""
    plain = unicodedata.normalize("NFC", value)
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:60] or "-"


def _size(path: str) -> int | None:
    try:
        return os.stat(path).st_size  # noqa: PTH116  as in write_whole
    except OSError:
        return None


def _refuse_unknown(name: str, known: tuple[str, ...], wrong: str) -> None:
    if name not in known:
        told = (wrong.format(name=name), _("toegestaan: {words}").format(words=", ".join(known)), nearest(name, known))
        raise UnknownNameError("; ".join(part for part in told if part))
