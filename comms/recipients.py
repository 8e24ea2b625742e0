"""Recipients of a merge: a table in CSV or Excel, read a row at a time and checked as a whole.

What a Dutch Excel writes is read as it is: UTF-8 with or without a byte order mark, Windows-1252, semicolons. No
message here repeats a value of a recipient, who may be someone that must not be named; it names the row.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO

from comms.errors import CommsError
from comms.fields import nearest
from comms.languages import N_, _, available, reason
from comms.protected import Watch, contains

SHOWN = 50
"""How many mistakes are shown; the others are counted."""
MAX_ROW = 100_000
"""The longest row, in characters. An address has a hundred."""

MAX_UNPACKED = 1_000_000_000
"""The largest workbook, unpacked. A million recipients take a fifth of it."""

_KNOWN_COLUMNS = {
    "naam": "name",
    "name": "name",
    "volledige_naam": "name",
    "aanhef": "salutation",
    "salutation": "salutation",
    "greeting": "salutation",
    "e_mail": "email",
    "email": "email",
    "mail": "email",
    "e_mailadres": "email",
    "emailadres": "email",
    "mailadres": "email",
    "e_mail_address": "email",
    "email_address": "email",
    "taal": "language",
    "language": "language",
}
"""Columns with a meaning of their own, under the names that schools give them."""

_ERRORS_OF_EXCEL = re.compile(r"#(?:N/A|N/B|REF!|VERW!|NAME\?|NAAM\?|VALUE!|WAARDE!|DIV/0!|DEEL/0!|NUM!|GETAL!|NULL!|LEEG!|SPILL!|OVERLOOP!|####*)")  # fmt: skip
# UTF-8 that was once read as Windows-1252: “é” has become “Ã©”. And what could not be read at all.
_GARBLED = re.compile("Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\x80-\xbf™œ“”]|\ufffd")
_UTF8_IN_1252 = re.compile(rb"[\xc3\xc4\xc5][\x80-\xbf]")


class RecipientsError(CommsError):
    """What is wrong with the recipients: the first mistakes, each with its row, and how many more there are."""

    def __init__(self, file: str, mistakes: Mistakes, protected: Iterable[str] = ()) -> None:
        self.mistakes = tuple(_unspoken(mistake, tuple(protected)) for mistake in mistakes.shown)
        self.count = mistakes.count
        name = "…" if contains(file, protected) else file
        told = [f"{name}: {mistake}" for mistake in self.mistakes]
        if mistakes.count > len(mistakes.shown):
            told.append(_("… en nog {count} fouten").format(count=mistakes.count - len(mistakes.shown)))
        super().__init__("\n".join(told))


class Mistake(NamedTuple):
    """A mistake: in which row as a spreadsheet counts them (0: of the file), in which column, and what it is."""

    row: int
    column: str
    wrong: str

    def __str__(self) -> str:
        if not self.row:
            return self.wrong
        where = _("rij {row}").format(row=self.row)
        if self.column:
            where += ", " + _("kolom {column}").format(column=self.column)
        return f"{where}: {self.wrong}"


def _unspoken(mistake: Mistake, protected: tuple[str, ...]) -> Mistake:
    """The mistake without the name of its column or what else would repeat a protected word."""
    if contains(str(mistake), protected):
        return Mistake(mistake.row, "", _("hier staat een beschermd woord, in de naam van een kolom"))
    return mistake


@dataclass
class Mistakes:
    """The first mistakes in the order of the file, and the number of all."""

    shown: list[Mistake] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, column: str, wrong: str) -> None:
        """Notes a mistake."""
        self.count += 1
        if len(self.shown) < SHOWN:
            self.shown.append(Mistake(row, column, wrong))


class Row(NamedTuple):
    """A row of the table. ``wrong`` says why it could not be read; ``formulas`` are the places of formulas in it."""

    number: int
    cells: Sequence[str]
    wrong: str = ""
    formulas: Sequence[int] = ()


class Recipients:
    """A file of recipients. Reading it is done a row at a time and can be done again."""

    def __init__(self, path: Path, protected: Iterable[str] = ()) -> None:
        """Looks at how the file is made and at its columns. Raises RecipientsError."""
        self.path = path
        self.protected = tuple(protected)
        self.notes: list[str] = []
        """What whoever gave the file should know: how it was read."""
        self._reader = _reader(path, self)
        rows = self._reader.rows()
        try:
            header = next((row for row in rows if any(cell.strip() for cell in row.cells) or row.wrong), None)
        finally:
            rows.close()
        if header is None:
            self.fail(_("het bestand is leeg"))
        if header.wrong:
            self.fail(header.wrong)
        self._header_row = header.number
        self.columns = self._columns(header)
        """The name of each column as a tag writes it, with its place; the known ones have their own name."""
        self.names = (
            *self.columns,
            *(each for each, name in _KNOWN_COLUMNS.items() if name in self.columns and each != name),
        )
        """Every name that a tag may use."""
        self.titles = {name: header.cells[place].strip() for name, place in self.columns.items()}
        """What the file itself calls a column."""

    def fail(self, wrong: str) -> NoReturn:
        """Raises RecipientsError for the file as a whole."""
        mistakes = Mistakes()
        mistakes.add(0, "", wrong)
        raise RecipientsError(str(self.path), mistakes, self.protected)

    def rows(self) -> Iterator[Row]:
        """The rows below the header, without the empty ones."""
        for row in self._reader.rows():
            if row.number > self._header_row and (row.wrong or any(cell and not cell.isspace() for cell in row.cells)):
                yield row

    def digest(self, key: bytes) -> str:
        """What the file holds, as a keyed hash."""
        made = blake2b(key=key, digest_size=16)
        with self.path.open("rb") as file:
            while block := file.read(1 << 20):
                made.update(block)
        return made.hexdigest()

    def _columns(self, header: Row) -> dict[str, int]:
        mistakes = Mistakes()
        columns: dict[str, int] = {}
        for place, title in enumerate(header.cells):
            if not title.strip():
                continue
            name = column_name(title)
            if not name:
                mistakes.add(header.number, str(place + 1), _("een kolomnaam heeft een letter of cijfer"))
            elif name in columns:
                mistakes.add(header.number, title.strip(), _("deze kolom staat er twee keer"))
            else:
                columns[name] = place
        if contains("\n".join(header.cells), self.protected):
            mistakes.add(header.number, "", _("hier staat een beschermd woord, in de naam van een kolom"))
        if mistakes.count:
            raise RecipientsError(str(self.path), mistakes, self.protected)
        return columns


def column_name(title: str) -> str:
    """A column's title as a tag writes it: ``Naam kind`` is ``naam_kind``; the known columns have one name."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", title) if not unicodedata.combining(each))
    name = re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_")
    return _KNOWN_COLUMNS.get(name, name)


# --- Reading --------------------------------------------------------------------------------------------------------


def _reader(path: Path, recipients: Recipients) -> _Csv | _Excel:
    try:
        if path.exists() and not path.is_file():  # it has to be read more than once
            recipients.fail(_("is geen gewoon bestand"))
        with path.open("rb") as file:
            start = file.read(8)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = reason(error) if isinstance(error, OSError) else _("is geen bestandsnaam")
        recipients.fail(_("kan niet worden gelezen: {reason}").format(reason=why))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        recipients.fail(_("is een .xls of heeft een wachtwoord; bewaar het zonder wachtwoord als .xlsx"))
    if start.startswith(b"PK\x03\x04"):
        return _Excel(path, recipients)
    return _Csv(path, recipients)


class _Csv:
    """Values between commas, semicolons, tabs or bars, as spreadsheets write them."""

    def __init__(self, path: Path, recipients: Recipients) -> None:
        self._path = path
        self._encoding = self._found_encoding(recipients)
        with self._opened() as file:
            lines = _lines(file)
            first = next(lines, "")
            self._told = first.lower().startswith("sep=") and len(first.strip()) == 5  # Excel's own way to say it
            header = first
            while header.isspace():
                header = next(lines, "")
        self._delimiter = first[4] if self._told else max(";,\t|", key=_outside_quotes(header).count)

    def rows(self) -> Any:
        import csv

        with self._opened() as file:
            lines = _lines(file)
            number = 0
            if self._told:
                next(lines)
                number = 1
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            while True:
                number += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    wrong = _("hier opent een aanhalingsteken dat niet sluit, of staat een teken te veel")
                    yield Row(number, (), wrong)
                    continue
                if cells and (cells[0] == _TOO_LONG or sum(map(len, cells)) > MAX_ROW):
                    yield Row(number, (), _("deze rij is te lang"))
                    continue
                formulas = [place for place, cell in enumerate(cells) if cell.lstrip().startswith("=")]
                yield Row(number, cells, "", formulas)

    def _opened(self) -> TextIO:
        return self._path.open(encoding=self._encoding, errors="replace", newline="")

    def _found_encoding(self, recipients: Recipients) -> str:
        """UTF-8 where the whole file is that, else Windows-1252, which is told."""
        import codecs

        decoder = codecs.getincrementaldecoder("utf-8")()
        mixed = False
        with self._path.open("rb") as file:
            start = file.read(4)
            if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            file.seek(0)
            try:
                while block := file.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                file.seek(0)
                mixed = any(_UTF8_IN_1252.search(block) for block in iter(lambda: file.read(1 << 20), b""))
            else:
                return "utf-8-sig"
        if mixed:
            recipients.fail(_("is deels UTF-8 en deels Windows-1252; bewaar het in Excel als “CSV UTF-8”"))
        recipients.notes.append(_("gelezen als Windows-1252; kijk in een voorbeeld of namen met accenten kloppen"))
        return "cp1252"


_TOO_LONG = "\0"


def _lines(file: TextIO) -> Iterator[str]:
    """The lines of a file; of one that is longer than a row may be only a sign, so that none fills the memory."""
    most = 2 * MAX_ROW
    while line := file.readline(most):
        if len(line) < most or line.endswith(("\n", "\r")):
            yield line
            continue
        while len(line) == most and not line.endswith(("\n", "\r")):
            line = file.readline(most)
        yield _TOO_LONG


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


class _Excel:
    """The first sheet of a workbook."""

    def __init__(self, path: Path, recipients: Recipients) -> None:
        self._path = path
        self._recipients = recipients
        self._refuse_too_large()
        workbook = self._opened()
        if len(workbook.sheetnames) > 1:
            recipients.notes.append(_("gelezen is het eerste blad, {name}").format(name=workbook.sheetnames[0]))
        sheet = getattr(workbook[workbook.sheetnames[0]], "_worksheet_path", "")  # openpyxl tells no more of it
        workbook.close()
        if hidden := _hidden_rows(path, sheet) if sheet else []:
            rows = listed(hidden)
            recipients.fail(
                _("verborgen rijen (een filter?): {rows}; zet het filter uit of bewaar alleen wie een brief krijgt").format(rows=rows)
            )  # fmt: skip

    def rows(self) -> Any:
        workbook = self._opened()
        try:
            sheet = workbook[workbook.sheetnames[0]]
            sheet.reset_dimensions()  # some programs write them wrongly, and then values would be missed
            for number, cells in enumerate(sheet.iter_rows(), 1):
                formulas = [place for place, cell in enumerate(cells) if cell.data_type == "f"]
                texts = [_shown(cell.value) for cell in cells]
                wrong = _("deze rij is te lang") if sum(map(len, texts)) > MAX_ROW else ""
                yield Row(number, texts, wrong, formulas)
        except Exception as error:  # a damaged sheet can fail in any way
            self._damaged(error)
        finally:
            workbook.close()

    def _refuse_too_large(self) -> None:
        import zipfile

        try:
            with zipfile.ZipFile(self._path) as archive:
                unpacked = sum(info.file_size for info in archive.infolist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            self._damaged(error)
        if unpacked > MAX_UNPACKED:
            self._recipients.fail(_("is uitgepakt te groot"))

    def _opened(self) -> Any:
        from openpyxl import load_workbook

        try:
            return load_workbook(self._path, read_only=True)
        except Exception as error:  # as above
            self._damaged(error)

    def _damaged(self, error: Exception) -> NoReturn:
        if isinstance(error, CommsError):
            raise error
        self._recipients.fail(_("is geen leesbaar Excel-bestand (.xlsx)"))


def _hidden_rows(path: Path, sheet: str) -> list[int]:
    """The rows that a filter hides in the part with this name: whoever looks at the sheet does not see them."""
    import zipfile

    hidden: list[int] = []
    rest = b""
    with zipfile.ZipFile(path) as archive, archive.open(sheet) as file:
        while block := file.read(1 << 20):
            block = rest + block
            for tag in re.findall(rb"<row\b[^>]*>", block):
                number = re.search(rb'\br="(\d+)"', tag)
                if number and re.search(rb'\bhidden="(?:1|true)"', tag):
                    hidden.append(int(number[1]))
            rest = block[max(block.rfind(b"<"), 0) :]
            rest = b"" if b">" in rest else rest[-MAX_ROW:]
    return hidden


def _shown(value: object) -> str:
    """A cell as text: what the sheet shows, as far as that can be known."""
    from datetime import date, datetime

    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d-%m-%Y}" if value.hour == value.minute == 0 else f"{value:%d-%m-%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def listed(numbers: Sequence[int]) -> str:
    """Numbers of rows for a sentence, the first fifty of them."""
    shown = ", ".join(map(str, numbers[:SHOWN]))
    return shown if len(numbers) <= SHOWN else f"{shown}, …"


# --- Checking -------------------------------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """What a merge needs of its recipients."""

    columns: tuple[str, ...]
    """Those that message and letterhead name, under their own name."""
    by_mail: bool
    language: str
    """Of a recipient for whom there is no text in their own."""
    protected: tuple[str, ...] = ()
    left_out: frozenset[int] = frozenset()
    """Rows that get no letter."""
    confirmed: frozenset[int] = frozenset()
    """Rows that get one although a protected word stands in them."""


@dataclass
class Checked:
    """Recipients without a mistake, in numbers."""

    hashes: array[int]
    """A keyed hash a row, in order, by which a later reading is known to be the same."""
    languages: dict[str, int]
    """How many letters in each language."""
    fallbacks: dict[str, int]
    """For how many the language is not one of ours, by its code."""
    empty: dict[str, int]
    """In how many rows a column that is used has no value."""

    @property
    def count(self) -> int:
        return len(self.hashes)


class Recipient(NamedTuple):
    """Who gets a letter: in which row, in which language, how greeted, and the values that the letter may name."""

    row: int
    language: str
    values: dict[str, str]
    hash: int
    """Keyed, of all that the row holds."""


class Desk:
    """Reads recipients one by one, the same way when they are checked and when their letters are written."""

    def __init__(self, recipients: Recipients, wanted: Wanted, key: bytes) -> None:
        self.recipients = recipients
        self.wanted = wanted
        self._key = key
        self._watch = Watch(wanted.protected)
        places = recipients.columns
        self._language = places.get("language", -1)
        self._email = places.get("email", -1)
        called = {name: column_name(name) for name in wanted.columns}
        self._used = {name: places[column] for name, column in called.items() if column in places}
        if wanted.by_mail and self._email >= 0:
            self._used["email"] = self._email
        self._checked = {column_name(name): place for name, place in self._used.items()}
        if self._language >= 0:
            self._checked["language"] = self._language
        self._width = max(places.values()) + 1
        self._codes: dict[str, tuple[str, str]] = {}

    def check(self, progress: Callable[[int], object] = lambda count: None) -> Checked:
        """Every recipient, before one letter is written. Raises RecipientsError with all mistakes, each in its row."""
        mistakes = Mistakes()
        self._check_columns(mistakes)
        checked = Checked(array("Q"), {}, {}, {})
        rows = array("I")
        same = array("Q")
        for row in self.recipients.rows():
            if row.number in self.wanted.left_out:
                continue
            before = mistakes.count
            self._check_row(row, mistakes, checked)
            if mistakes.count > before:
                continue
            found = self.recipient(row)
            checked.hashes.append(found.hash)
            checked.languages[found.language] = checked.languages.get(found.language, 0) + 1
            rows.append(row.number)
            same.append(self._sameness(row))
            if len(rows) % 1000 == 0:
                progress(len(rows))
        self._check_doubles(rows, same, mistakes)
        if not rows and not mistakes.count:
            mistakes.add(0, "", _("er staat geen ontvanger in"))
        if mistakes.count:
            mistakes.shown.sort(key=lambda mistake: mistake.row)
            raise RecipientsError(str(self.recipients.path), mistakes, self.wanted.protected)
        return checked

    def recipient(self, row: Row) -> Recipient:
        """The recipient in a row that was checked."""
        cells = row.cells
        count = len(cells)
        values = {name: cells[place].strip() if place < count else "" for name, place in self._used.items()}
        asked = cells[self._language].strip() if 0 <= self._language < count else ""
        return Recipient(row.number, self._spoken(asked)[0], values, self._hash(row))

    def recipients_written_to(self) -> Iterator[Recipient]:
        """All that get a letter, in the order of the file."""
        for row in self.recipients.rows():
            if row.number not in self.wanted.left_out:
                yield self.recipient(row)

    def _hash(self, row: Row) -> int:
        return self._hashed("\0".join([str(row.number), *row.cells]))

    def _sameness(self, row: Row) -> int:
        """What two rows have in common that would get a letter twice: the address, or else all that they hold."""
        if self.wanted.by_mail and self._email >= 0:
            return self._hashed(row.cells[self._email].strip().casefold())
        return self._hashed("\0".join(row.cells))

    def _hashed(self, content: str) -> int:
        made = blake2b(content.encode("utf-8", "surrogatepass"), key=self._key, digest_size=8)
        return int.from_bytes(made.digest(), "little")

    def _spoken(self, asked: str) -> tuple[str, str]:
        """The language of a letter, and the code of the asked one where there is no text in it; “?” where no one knows."""
        found = self._codes.get(asked)
        if found is None:
            code = language_code(asked) if asked else self.wanted.language
            found = (code, "") if code in available() else (self.wanted.language, code or "?")
            if len(self._codes) < 1000:
                self._codes[asked] = found
        return found

    def _check_columns(self, mistakes: Mistakes) -> None:
        there = self.recipients.columns
        needed = {column_name(name): None for name in self.wanted.columns}
        if self.wanted.by_mail:
            needed["email"] = None
        for name in needed:
            if name not in there:
                wrong = _("de kolom “{name}” ontbreekt; er zijn: {names}").format(
                    name=name, names=", ".join(self.recipients.titles.values())
                )
                hint = nearest(name, there)
                mistakes.add(0, "", f"{wrong}; {hint}" if hint else wrong)

    def _check_row(self, row: Row, mistakes: Mistakes, checked: Checked) -> None:
        if row.wrong:
            mistakes.add(row.number, "", row.wrong)
            return
        cells, count = row.cells, len(row.cells)
        if row.number not in self.wanted.confirmed and self._watch.sees(cells):
            wrong = _("hier staat een beschermd woord. Is dit het gezin van het slachtoffer? Beslis zelf: --leave-out {row} of --confirm {row}")  # fmt: skip
            mistakes.add(row.number, "", wrong.format(row=row.number))
        if any(cell and not cell.isspace() for cell in cells[self._width :]):
            mistakes.add(row.number, "", _("hier staan meer waarden dan kolommen; staat er ergens een scheidingsteken te veel?"))  # fmt: skip
        for name, place in self._checked.items():
            value = cells[place] if place < count else ""
            title = self.recipients.titles[name]
            if place in row.formulas:
                mistakes.add(row.number, title, _("hier staat een formule; plak in Excel de waarde (Plakken speciaal)"))
            elif value and (wrong := _wrong_with(value)):
                mistakes.add(row.number, title, _(wrong))
            elif name == "email":
                self._check_email(row.number, title, value, mistakes)
            elif name == "language":
                self._check_language(row.number, title, value, mistakes, checked)
            elif not value or value.isspace():
                checked.empty[name] = checked.empty.get(name, 0) + 1

    def _check_email(self, row: int, title: str, value: str, mistakes: Mistakes) -> None:
        if not value.strip():
            mistakes.add(row, title, _("hier ontbreekt het e-mailadres"))
        elif not is_email(value.strip()):
            mistakes.add(row, title, _("dit is geen e-mailadres"))

    def _check_language(self, row: int, title: str, value: str, mistakes: Mistakes, checked: Checked) -> None:
        _code, other = self._spoken(value.strip())
        if other == "?":
            known = ", ".join(available())
            mistakes.add(row, title, _("deze taal is niet bekend; gebruik een code, zoals {codes}").format(codes=known))
        elif other:
            checked.fallbacks[other] = checked.fallbacks.get(other, 0) + 1

    def _check_doubles(self, rows: array[int], same: array[int], mistakes: Mistakes) -> None:
        """Two letters for one."""
        for here, before in _doubles(same):
            column = self.recipients.titles.get("email", "") if self.wanted.by_mail else ""
            mistakes.add(rows[here], column, _("staat ook in rij {row}").format(row=rows[before]))


def _doubles(numbers: array[int]) -> Iterator[tuple[int, int]]:
    """Where a number stands that stood before, and where that was. Takes little memory for a million of them."""
    seen = bytearray(1 << 21)
    candidates = set()
    for number in numbers:
        bit = number & 0xFFFFFF
        if seen[bit >> 3] & 1 << (bit & 7):
            candidates.add(bit)
        seen[bit >> 3] |= 1 << (bit & 7)
    first: dict[int, int] = {}
    for position, number in enumerate(numbers) if candidates else ():
        if number & 0xFFFFFF in candidates:
            before = first.setdefault(number, position)
            if before != position:
                yield position, before


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]{{1,59}})")


def is_email(value: str) -> bool:
    """Whether this is one address that a mail can go to, and nothing else that a header could hold."""
    return len(value) <= 254 and bool(_EMAIL.fullmatch(value))


def _wrong_with(value: str) -> str:
    if "\0" in value:
        return N_("hier staat een NUL-teken")
    if _CONTROL.search(value.strip()):
        return N_("hier staat een regeleinde of een stuurteken; maak er aparte kolommen van")
    if _ERRORS_OF_EXCEL.fullmatch(value.strip()):
        return N_("hier staat een fout van Excel in plaats van een waarde")
    if _GARBLED.search(value):
        return N_("hier staan tekens die verkeerd zijn gelezen; bewaar het bestand in Excel als “CSV UTF-8”")
    if len(value) > _LONGEST_VALUE:
        return N_("deze waarde is te lang")
    return ""


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST_VALUE = 1000


def language_code(value: str) -> str:
    """The code of a language from its code or its name: ``nl``, ``NL-nl``, ``Nederlands``, ``Dutch``; "" when unknown."""
    asked = value.strip().casefold()
    code = re.split("[-_]", asked)[0]
    if code in available():
        return code
    for each in available().values():
        if asked == each.name.casefold():
            return each.code
    return code if code in _language_names().values() else _language_names().get(asked, "")


@cache
def _language_names() -> dict[str, str]:
    """The codes of all languages by their name in Dutch and English, as CLDR has them."""
    from babel import Locale

    return {
        name.casefold(): code
        for locale in ("en", "nl")
        for code, name in Locale(locale).languages.items()
        if len(code) <= 3
    }
