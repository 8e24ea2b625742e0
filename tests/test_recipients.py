"""The file of recipients: what a Dutch office writes is read, and every mistake is told with its row."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from comms import recipients, ui_language
from comms.recipients import SHOWN, Desk, Mistake, Recipient, Recipients, RecipientsError, Wanted, is_email

NAMES = ["Anna de Vries", "José Çelik-Ünal", "O'Brien", "Łukasz", "李", "سارة"]


def desk(path: Path, *columns: str, by_mail: bool = True, **wanted: Any) -> Desk:
    protected = wanted.get("protected", ())
    return Desk(Recipients(path, protected), Wanted(columns or ("name",), by_mail, "nl", **wanted), b"key")


def read(path: Path, *columns: str, **wanted: Any) -> list[Recipient]:
    """The recipients of a file without mistakes."""
    found = desk(path, *columns, **wanted)
    checked = found.check()
    recipients = list(found.recipients_written_to())
    assert [each.hash for each in recipients] == list(checked.hashes)
    return recipients


def mistakes(path: Path, *columns: str, **wanted: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(RecipientsError) as caught:
        desk(path, *columns, **wanted).check()
    return [tuple(mistake) for mistake in caught.value.mistakes]


def csv(path: Path, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def excel(path: Path, *rows: list[Any], change: Callable[[Any], object] = lambda sheet: None) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    book.save(path)
    return path


# --- What is read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read(encoding: str, delimiter: str, end: str, tmp_path: Path) -> None:
    lines = [f"{name}{delimiter}p{number}@a.nl" for number, name in enumerate(NAMES)]
    path = csv(tmp_path / "r.csv", f"naam{delimiter}e-mail", *lines, encoding=encoding, end=end)
    assert [each.values["name"] for each in read(path)] == NAMES
    assert [each.row for each in read(path)] == [2, 3, 4, 5, 6, 7]


def test_windows_1252_is_read_and_told(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "naam;e-mail", "José Çelik-Ünal ’t Hart €;a@b.nl", encoding="cp1252")
    assert [each.values["name"] for each in read(path)] == ["José Çelik-Ünal ’t Hart €"]
    assert "Windows-1252" in Recipients(path).notes[0]


def test_excels_own_line_for_the_separator_is_no_header(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "sep=;", "naam;e-mail", "a,b;a@b.nl")
    assert [(each.row, each.values["name"]) for each in read(path)] == [(3, "a,b")]


def test_quotes_separators_and_spaces_in_values(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", '"naam";"e-mail"', '" De ""Vries""; junior ";" a@b.nl "')
    (found,) = read(path)
    assert found.values == {"name": 'De "Vries"; junior', "email": "a@b.nl"}


def test_columns_go_by_their_own_and_by_usual_names(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "Náam Kind;E-Mailadres;Aanhef;TAAL;;Klas 2", "a;a@b.nl;Beste a;en;x;y")
    assert list(Recipients(path).columns) == ["naam_kind", "email", "salutation", "language", "klas_2"]
    (found,) = read(path, "naam_kind", "klas_2")
    assert found.language == "en"
    assert found.values == {"naam_kind": "a", "klas_2": "y", "email": "a@b.nl"}


def test_empty_rows_are_passed_over_and_count_as_rows(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "", "naam;e-mail", "a;a@b.nl", "", " ; ", ";", "b;b@b.nl", "", "")
    assert [(each.row, each.values["name"]) for each in read(path)] == [(3, "a"), (7, "b")]


def test_a_row_may_be_shorter_than_the_header(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "e-mail;naam;straat", "a@b.nl")
    assert read(path, "name", "straat")[0].values == {"name": "", "straat": "", "email": "a@b.nl"}


@pytest.mark.parametrize(
    ("typed", "language"),
    [("nl", "nl"), ("EN", "en"), ("en-GB", "en"), ("en_us", "en"), ("Nederlands", "nl"), ("english", "en"),
     ("Engels", "en"), ("", "nl"), (" en ", "en"), ("tlh", "nl"), ("Klingon", "nl")],
)  # fmt: skip
def test_languages_go_by_code_or_name(typed: str, language: str, tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "naam;e-mail;taal", f"a;a@b.nl;{typed}")
    assert [each.language for each in read(path)] == [language]


def test_a_language_without_texts_falls_back_and_is_counted(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "e-mail;taal;naam", *(f"{n}@b.nl;{'yi' if n % 2 else 'en'};x" for n in range(5)))
    checked = desk(path).check()
    assert checked.languages == {"en": 3, "nl": 2}
    assert checked.fallbacks == {"yi": 2}


def test_excel_is_read_as_it_shows(tmp_path: Path) -> None:
    path = excel(
        tmp_path / "r.xlsx",
        ["Naam", "E-mail", "Taal", "Nummer", "Bedrag", "Dag"],
        ["José", "a@b.nl", None, 12, 12.0, date(2008, 1, 31)],
        [None, None],
        ["李", "b@b.nl", "en", 0.5, True, ""],
    )
    found = read(path, "name", "nummer", "bedrag", "dag")
    assert [(each.row, each.language) for each in found] == [(2, "nl"), (4, "en")]
    assert found[0].values == {"name": "José", "nummer": "12", "bedrag": "12", "dag": "31-01-2008", "email": "a@b.nl"}
    assert found[1].values["nummer"] == "0.5"


def test_the_first_of_more_sheets_is_read_and_told(tmp_path: Path) -> None:
    path = excel(
        tmp_path / "r.xlsx", ["naam", "e-mail"], ["a", "a@b.nl"], change=lambda sheet: sheet.parent.create_sheet("B")
    )
    assert len(read(path)) == 1
    assert "Sheet" in Recipients(path).notes[0]


# --- What is told ---------------------------------------------------------------------------------------------------

HEADER = "naam;e-mail;taal"
FORMULA, NUL = "hier staat een formule; plak in Excel de waarde (Plakken speciaal)", "hier staat een NUL-teken"
GARBLED = "hier staan tekens die verkeerd zijn gelezen; bewaar het bestand in Excel als “CSV UTF-8”"
ERROR, BREAK = "hier staat een fout van Excel in plaats van een waarde", "hier staat een regeleinde of een stuurteken"
QUOTE = "hier opent een aanhalingsteken dat niet sluit, of staat een teken te veel"
MANY = "hier staan meer waarden dan kolommen; staat er ergens een scheidingsteken te veel?"


@pytest.mark.parametrize(
    ("line", "column", "wrong"),
    [
        ("a;;nl", "e-mail", "hier ontbreekt het e-mailadres"),
        ("a", "e-mail", "hier ontbreekt het e-mailadres"),
        ("a;x;nl", "e-mail", "dit is geen e-mailadres"),
        ("a;a@b.nl;Klingonees", "taal", "deze taal is niet bekend; gebruik een code, zoals nl, en"),
        ("=A1&B1;a@b.nl;nl", "naam", FORMULA),
        (" =A1;a@b.nl;nl", "naam", FORMULA),
        ("a;=A1;nl", "e-mail", FORMULA),
        ("#N/B;a@b.nl;nl", "naam", ERROR),
        ("a;#VERW!;nl", "e-mail", ERROR),
        ("a\0b;a@b.nl;nl", "naam", NUL),
        ("JosÃ©;a@b.nl;nl", "naam", GARBLED),
        ("Jos\ufffd;a@b.nl;nl", "naam", GARBLED),
        ('"a\nb";a@b.nl;nl', "naam", BREAK),
        ("a\x0bb;a@b.nl;nl", "naam", BREAK),
        ('a;"a@b.nl\nBcc: c@d.nl";nl', "e-mail", BREAK),
        (f"{'a' * 1001};a@b.nl;nl", "naam", "deze waarde is te lang"),
        ("a;a@b.nl;nl;x", "", MANY),
        ('"a;a@b.nl;nl', "", QUOTE),
        ('"a"b;a@b.nl;nl', "", QUOTE),
        ("a" * 3_000_000, "", "deze rij is te lang"),
    ],
    ids=lambda value: str(value)[:24],
)  # fmt: skip
def test_a_mistake_is_told_with_its_row_and_column(line: str, column: str, wrong: str, tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", HEADER, "b;b@b.nl;nl", line)
    (found,) = mistakes(path)
    assert found[:2] == (3, column)
    assert found[2].startswith(wrong)


def test_a_column_that_is_not_used_may_hold_anything(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "naam;e-mail;anders", "a;a@b.nl;=A1", "b;b@b.nl;#N/B", "c;c@b.nl;Ã©")
    assert len(read(path)) == 3


@pytest.mark.parametrize(
    "address", ["a@b.nl", "o'brien+x@a-b.school.nl", "A.B_c-1@B.example", "x@xn--bcher-kva.nl", "x@a.xn--p1ai"]
)
def test_addresses_that_mail_can_go_to(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    ["", "a", "@b.nl", "a@", "a@b", "a@b.", "a@.nl", "a..b@c.nl", ".a@b.nl", "a.@b.nl", "a@b..nl", "a b@c.nl", "a@b c.nl",
     "a@b.nl,c@d.nl", "a@b.nl;c@d.nl", "A <a@b.nl>", "a@b.nl\n", "a@b.nl\r\nBcc: c@d.nl", "mailto:a@b.nl", "jösé@b.nl",
     "a@b@c.nl", '"a"@b.nl', "a@[127.0.0.1]", "a@-b.nl", f"{'a' * 300}@b.nl", "a@b.n"],
)  # fmt: skip
def test_addresses_that_none_can_go_to(address: str) -> None:
    assert not is_email(address)


def test_a_double_address_names_the_row_that_has_it_first(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", HEADER, "a;A@b.nl;nl", "b;b@b.nl;nl", "c; a@B.nl;en", "d;a@b.nl;")
    assert mistakes(path) == [(4, "e-mail", "staat ook in rij 2"), (5, "e-mail", "staat ook in rij 2")]


def test_on_paper_only_the_same_row_is_double(tmp_path: Path) -> None:
    lines = ("a;x;1", "b;x;1", "a;x;2", "a;x;1")
    path = csv(tmp_path / "r.csv", "naam;e-mail;straat", *lines)
    assert mistakes(path, by_mail=False) == [(5, "", "staat ook in rij 2")]


def test_missing_columns_are_told_with_those_that_are_there(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "naam;straatt", "a;b")
    told = [mistake[2] for mistake in mistakes(path, "name", "straat")]
    assert told[0].startswith("de kolom “straat” ontbreekt; er zijn: naam, straatt")
    assert "straatt" in told[0].partition(";")[2]
    assert told[1].startswith("de kolom “email” ontbreekt")


@pytest.mark.parametrize(
    ("header", "wrong"),
    [("naam;Naam;e-mail", "deze kolom staat er twee keer"), ("naam;e-mail;mail", "deze kolom staat er twee keer"),
     ("naam;e-mail;!?", "een kolomnaam heeft een letter of cijfer")],
)  # fmt: skip
def test_mistakes_of_the_header(header: str, wrong: str, tmp_path: Path) -> None:
    (found,) = mistakes(csv(tmp_path / "r.csv", header, "a;a@b.nl;x"))
    assert found[0] == 1
    assert found[2] == wrong


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "het bestand is leeg"),
        (b"\n \n;\n", "het bestand is leeg"),
        (b"\0" * 100, "het bestand is leeg"),
        (b"naam;e-mail\n", "er staat geen ontvanger in"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is een .xls of heeft een wachtwoord"),
        (b"PK\x03\x04 geen zip", "is geen leesbaar Excel-bestand (.xlsx)"),
        ("naam;e-mail\nJosé;a@b.nl\n".encode() + "Zoë;b@b.nl\n".encode("cp1252"), "is deels UTF-8 en deels Windows-1252"),
    ],
)  # fmt: skip
def test_files_that_hold_no_recipients(content: bytes, wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    found = mistakes(path)
    if content.startswith(b"\0"):
        return  # any of several is right for a file of nothing; it must not crash
    assert [(row, told.startswith(wrong)) for row, _column, told in found] == [(0, True)]


def test_bytes_that_windows_1252_lacks_too_are_told_with_their_row(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(b"naam;e-mail\nZo\xeb;a@b.nl\nX\x81;b@b.nl\n")
    assert mistakes(path) == [(3, "naam", GARBLED)]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "weg.csv", tmp_path, Path("a\0b")):
        assert mistakes(path)[0][0] == 0


def test_every_mistake_of_a_row_and_of_the_file_comes_at_once_and_in_order(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", HEADER, "=1;x;?", "b;b@b.nl;nl", "c;b@b.nl;nl", "d;y;nl")
    assert [(row, column) for row, column, _wrong in mistakes(path)] == [
        (2, "naam"), (2, "e-mail"), (2, "taal"), (4, "e-mail"), (5, "e-mail"),
    ]  # fmt: skip


def test_fifty_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", HEADER, *(f"a;x{number};nl" for number in range(1000)))
    with pytest.raises(RecipientsError) as caught:
        desk(path).check()
    assert (len(caught.value.mistakes), caught.value.count) == (SHOWN, 1000) == (50, 1000)
    assert str(caught.value).splitlines()[-1] == "… en nog 950 fouten"
    with ui_language("en"), pytest.raises(RecipientsError) as caught:
        desk(path).check()
    assert str(caught.value).splitlines()[-1] == "… and 950 more mistakes"


def test_formulas_in_excel_are_told_and_hidden_rows_too(tmp_path: Path) -> None:
    path = excel(tmp_path / "r.xlsx", ["naam", "e-mail"], ["=A1", "a@b.nl"], ["b", '=HYPERLINK("x")'])
    assert mistakes(path) == [(2, "naam", FORMULA), (3, "e-mail", FORMULA)]

    def hide(sheet: Any) -> None:
        for row in (2, 4):
            sheet.row_dimensions[row].hidden = True

    path = excel(tmp_path / "h.xlsx", ["naam", "e-mail"], *([f"x{n}", f"{n}@b.nl"] for n in range(5)), change=hide)
    ((row, _column, wrong),) = mistakes(path)
    assert row == 0
    assert wrong.startswith("verborgen rijen (een filter?): 2, 4;")


def test_a_sheet_that_names_its_size_wrongly_is_read_whole(tmp_path: Path) -> None:
    whole = excel(tmp_path / "w.xlsx", ["naam", "e-mail"], ["a", "a@b.nl"], ["b", "b@b.nl"])
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"'))
    assert [each.values["name"] for each in read(path)] == ["a", "b"]


def test_a_workbook_that_unpacks_to_more_than_fits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = excel(tmp_path / "r.xlsx", ["naam", "e-mail"], ["a", "a@b.nl"])
    monkeypatch.setattr(recipients, "MAX_UNPACKED", 1000)
    assert mistakes(path) == [(0, "", "is uitgepakt te groot")]


def test_a_damaged_sheet_is_told(tmp_path: Path) -> None:
    whole = excel(tmp_path / "w.xlsx", ["naam", "e-mail"], ["a", "a@b.nl"])
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    assert mistakes(path)[0][0] == 0


# --- Protected words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["Jan Bakker;a@b.nl;x", "x;jan.bakker@b.nl;x", "x;a@b.nl;J.a.n.B.a.k.k.e.r", "Bakker;a@b.nl;Jan", "x;a@b.nl;JÁN bakker",
     "Piet Bakker;a@b.nl;kind: Jan"],
)  # fmt: skip
def test_a_protected_word_in_a_row_stops_and_is_not_repeated(line: str, tmp_path: Path) -> None:
    """In any column, used or not: the parents of the victim are known by the child's name in the next column."""
    path = csv(tmp_path / "r.csv", "naam;e-mail;kind", "b;b@b.nl;y", line)
    with pytest.raises(RecipientsError) as caught:
        desk(path, protected=("Jan Bakker",)).check()
    assert [mistake.row for mistake in caught.value.mistakes] == [3]
    assert "--leave-out 3 of --confirm 3" in str(caught.value)
    assert "akker" not in str(caught.value).lower()


def test_people_decide_who_of_them_gets_a_letter(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "naam;e-mail", "Jan;a@b.nl", "b;b@b.nl", "Jan Jansen;c@b.nl")
    found = read(path, protected=("Jan",), left_out=frozenset({2}), confirmed=frozenset({4}))
    assert [each.row for each in found] == [3, 4]


def test_what_only_resembles_a_protected_word_stops_nothing(tmp_path: Path) -> None:
    path = csv(tmp_path / "r.csv", "naam;e-mail", "Januari Bakkers;jansen@b.nl")
    assert len(read(path, protected=("Jan", "Bakker"))) == 1


def test_a_protected_word_in_a_column_or_file_name_is_not_repeated(tmp_path: Path) -> None:
    path = csv(tmp_path / "bakker.csv", "naam;e-mail;Bakker", "a;x;y")
    with pytest.raises(RecipientsError) as caught:
        desk(path, protected=("Bakker",))
    assert "akker" not in str(caught.value)
    assert caught.value.mistakes[0].row == 1
    path = csv(tmp_path / "bakker.csv", "naam;e-mail", "a;x")
    with pytest.raises(RecipientsError) as caught:
        desk(path, protected=("Bakker",)).check()
    assert "akker" not in str(caught.value)


def test_no_value_of_a_recipient_is_in_any_message(tmp_path: Path) -> None:
    secret = "geheim"
    lines = [f"={secret};{secret};{secret}", f"{secret}\0;{secret}@@x.nl;{secret}", f'"{secret};{secret}@a.nl;nl']
    path = csv(tmp_path / "r.csv", HEADER, f"a;{secret}@a.nl;nl", f"b;{secret}@a.nl;nl", *lines)
    with pytest.raises(RecipientsError) as caught:
        desk(path).check()
    assert secret not in str(caught.value)


# --- Much -----------------------------------------------------------------------------------------------------------


def test_many_rows_with_a_double_far_apart(tmp_path: Path) -> None:
    lines = [f"n{number};{number}@b.nl;nl" for number in range(60_000)]
    path = csv(tmp_path / "r.csv", HEADER, *lines, "x;17@b.nl;nl")
    assert mistakes(path) == [(60_002, "e-mail", "staat ook in rij 19")]


def test_a_mistake_reads_as_a_sentence() -> None:
    assert str(Mistake(3, "naam", "fout")) == "rij 3, kolom naam: fout"
    assert str(Mistake(3, "", "fout")) == "rij 3: fout"
    assert str(Mistake(0, "", "fout")) == "fout"
    with ui_language("en"):
        assert str(Mistake(3, "naam", "x")) == "row 3, column naam: x"


def test_the_byte_order_mark_of_utf_16_alone_is_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(codecs.BOM_UTF16_LE)
    assert mistakes(path) == [(0, "", "het bestand is leeg")]
