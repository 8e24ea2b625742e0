"""What the review found, for people in a terminal, for programs as JSON, and for code hosts as SARIF 2.1.0."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Final, NamedTuple

from comms.characters import visible
from comms.errors import InputError
from comms.languages import _, current_ui_language
from comms.review.files import PACKAGES, STANDARD_INPUT, Found, Source
from comms.review.findings import CATEGORIES, HIDDEN, SEVERITIES, Finding

Style = Callable[[str, str], str]
"""Text and a colour (``red``, ``yellow``, ``green``, ``bold``, ``dim``) in, the text in that colour out."""

WIDTH: Final = 88
_INDENT: Final = "    "
_COLOURS: Final = {"error": "red", "warning": "yellow", "info": "bold"}


class Checked(NamedTuple):
    """A file with what was found in it."""

    source: Source
    found: Sequence[Found]


def count(checked: Iterable[Checked]) -> Counter[str]:
    """How many findings there are of each severity."""
    return Counter(each.finding.severity for file in checked for each in file.found)


# --- For people -----------------------------------------------------------------------------------------------------


def text_lines(checked: Checked, style: Style) -> Iterator[str]:
    """The findings of one file: where, what, the line with the finding underlined, why, and what is better."""
    for each in checked.found:
        finding = each.finding
        severity, category = _(SEVERITIES[finding.severity]), _(CATEGORIES[finding.category])
        yield style(visible(_where(checked.source, finding)), "bold")
        yield f"  {style(severity, _COLOURS[finding.severity])}: {category} ({finding.rule})"
        if each.end > each.start and finding.excerpt != HIDDEN:
            line, marks = underlined(checked.source.extract.written.text, each.start, each.end, WIDTH - len(_INDENT))
            blanks = len(marks) - len(marks.lstrip(" "))
            yield _INDENT + line
            yield _INDENT + " " * blanks + style(marks[blanks:], _COLOURS[finding.severity])
        ids = f" ({', '.join(finding.provisions)})" if finding.provisions else ""
        yield from _wrapped(finding.message + ids)
        if finding.suggestion:
            yield from _wrapped(_("Beter: {suggestion}").format(suggestion=finding.suggestion))
        yield ""


def _where(source: Source, finding: Finding) -> str:
    place = f" ({finding.place})" if finding.place else ""
    if source.reader in PACKAGES:
        return _("{file}, alinea {number}").format(file=finding.file, number=finding.line) + place
    return f"{finding.file}:{finding.line}:{finding.column}{place}"


def _wrapped(text: str) -> Iterator[str]:
    yield from wrap(visible(text), WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)


def summary_lines(
    files: int, found: Mapping[str, int], unreadable: Sequence[InputError], passed_over: Mapping[str, int]
) -> Iterator[str]:
    """How much was found in how many files, and what was not read."""
    read = _("1 bestand gecontroleerd") if files == 1 else _("{count} bestanden gecontroleerd").format(count=files)
    counted = [
        (one if found[severity] == 1 else more).format(count=found[severity])
        for severity, one, more in (
            ("error", _("1 fout"), _("{count} fouten")),
            ("warning", _("1 waarschuwing"), _("{count} waarschuwingen")),
            ("info", _("1 aanwijzing"), _("{count} aanwijzingen")),
        )
        if found.get(severity)
    ]
    if files:
        nothing = _("niets gevonden")
        yield f"{read}: {', '.join(counted) or nothing}"
    if unreadable:
        many = len(unreadable)
        yield _("1 bestand niet gelezen") if many == 1 else _("{count} bestanden niet gelezen").format(count=many)
    if passed_over:
        many = sum(passed_over.values())
        kinds = ", ".join(sorted(visible(suffix) for suffix in passed_over if suffix))
        told = _("1 bestand overgeslagen") if many == 1 else _("{count} bestanden overgeslagen").format(count=many)
        why = _("verborgen of van een andere soort")
        yield f"{told} ({why}{f': {kinds}' if kinds else ''})"


_AROUND: Final = 400
"""Characters before and after a finding that are looked at: a line may be as long as a book."""


def underlined(text: str, start: int, end: int, width: int) -> tuple[str, str]:
    """The line that a stretch stands in, on one line and cut around it when long, and the marks that go below it."""
    begin = max(text.rfind("\n", max(start - _AROUND, 0), start) + 1, start - _AROUND, 0)
    finish = text.find("\n", end, end + _AROUND)
    finish = min(end + _AROUND, len(text)) if finish < 0 else finish
    cut_before = begin > 0 and text[begin - 1] != "\n"
    cut_after = finish < len(text) and text[finish] != "\n"
    if end - start > 2 * _AROUND:
        finish, end, cut_after = start + 2 * _AROUND, start + 2 * _AROUND, True
    while begin < start and text[begin].isspace():
        begin += 1
    cells = [_Cell(*shown) for shown in _cells(text, begin, finish, start, end)]
    first, last = _window(cells, width, cut_before, cut_after)
    line = "".join(cell.shown for cell in cells[first:last])
    marks = "".join(("^" if cell.marked else " ") * cell.width for cell in cells[first:last])
    if first > 0 or cut_before:
        line, marks = f"… {line}", f"  {marks}"
    if last < len(cells) or cut_after:
        line = f"{line} …"
    return line.rstrip(), marks.rstrip()


class _Cell(NamedTuple):
    shown: str
    width: int
    marked: bool


def _cells(text: str, begin: int, finish: int, start: int, end: int) -> Iterator[tuple[str, int, bool]]:
    for offset in range(begin, finish):
        character = text[offset]
        shown = _INDENT if character == "\t" else " " if character.isspace() else visible(character)
        wide = 4 if character == "\t" else _width(shown)
        # A mark that has no width of its own belongs to the letter before it.
        yield shown, wide, start <= offset < end


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _window(cells: Sequence[_Cell], width: int, cut_before: bool, cut_after: bool) -> tuple[int, int]:
    """The cells to show: all when they fit, else as much around the marked ones as does."""
    marked = [number for number, cell in enumerate(cells) if cell.marked]
    room = width - 2 * cut_before - 2 * cut_after
    if sum(cell.width for cell in cells) <= room:
        return 0, len(cells)
    room = width - 4
    first = last = marked[0]
    while last < len(cells) and last <= marked[-1] and room >= cells[last].width:
        room -= cells[last].width
        last += 1
    grew = True
    while grew:  # in turn to the left and to the right
        grew = False
        if first > 0 and room >= cells[first - 1].width:
            first -= 1
            room -= cells[first].width
            grew = True
        if last > marked[-1] and last < len(cells) and room >= cells[last].width:
            room -= cells[last].width
            last += 1
            grew = True
    # No half words at the ends, where that costs little.
    for number in range(first, min(first + 15, marked[0])):
        if first and cells[number].shown == " ":
            first = number + 1
            break
    for number in range(last, max(last - 15, marked[-1] + 1), -1):
        if last < len(cells) and cells[number - 1].shown == " ":
            last = number - 1
            break
    return first, last


# --- For programs ---------------------------------------------------------------------------------------------------


def as_json(checked: Iterable[Checked]) -> dict[str, Any]:
    """The form of ``comms check --format json``."""
    return {"findings": [each.finding.to_dict() for file in checked for each in file.found]}


_SARIF: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(
    checked: Iterable[Checked],
    rules: Iterable[Mapping[str, Any]],
    unreadable: Sequence[InputError],
    version: str,
    folder: Path,
) -> dict[str, Any]:
    """The findings as SARIF 2.1.0, addresses relative to ``folder``.

    ``rules`` as they stand in the rule files. Lines of a Word file are its paragraphs. ``unreadable`` become notifications: what could not be checked.
    """
    files = list(checked)
    found = [(file, each) for file in files for each in file.found]
    described = {rule["id"]: _sarif_rule(rule) for rule in rules}
    for _file, each in found:
        described.setdefault(each.finding.rule, _sarif_rule_of(each.finding))
    numbers = {rule: number for number, rule in enumerate(described)}
    return {
        "$schema": _SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "comms",
                        "version": version,
                        "language": current_ui_language(),
                        "rules": list(described.values()),
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"ROOT": {"description": {"text": _("de map waarin is gecontroleerd")}}},
                "invocations": [
                    {
                        "executionSuccessful": not unreadable,
                        "toolExecutionNotifications": [
                            {
                                "level": "error",
                                "message": {"text": str(error)},
                                "locations": [{"physicalLocation": {"artifactLocation": _sarif_file(name, folder)}}],
                            }
                            for error in unreadable
                            for name in [error.problems[0].place.file]
                        ],
                    }
                ],
                "artifacts": [{"location": _sarif_file(file.source.name, folder)} for file in files],
                "results": [_sarif_result(each, file.source, numbers, folder) for file, each in found],
            }
        ],
    }


def _sarif_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    language = current_ui_language()
    better = rule["better"].get(language, "")
    return _described(rule["id"], rule["category"], rule["severity"], rule["provisions"], rule["why"][language], better)


def _sarif_rule_of(finding: Finding) -> dict[str, Any]:
    """A rule that stands in no rule file, as far as its finding tells."""
    return _described(finding.rule, finding.category, finding.severity, finding.provisions, finding.message, "")


def _described(
    rule: str, category: str, severity: str, provisions: Sequence[str], why: str, better: str
) -> dict[str, Any]:
    better = _("Beter: {suggestion}").format(suggestion=better) if better else ""
    return {
        "id": rule,
        "shortDescription": {"text": f"{_(CATEGORIES[category])} ({rule})"},
        "fullDescription": {"text": why},
        "help": {"text": "\n\n".join(part for part in (why, better, ", ".join(provisions)) if part)},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"category": category, "provisions": list(provisions), "tags": [category]},
    }


def _sarif_result(found: Found, source: Source, numbers: Mapping[str, int], folder: Path) -> dict[str, Any]:
    finding = found.finding
    told = finding.message + (f" ({', '.join(finding.provisions)})" if finding.provisions else "")
    if finding.suggestion:
        told += "\n" + _("Beter: {suggestion}").format(suggestion=finding.suggestion)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _sarif_file(finding.file, folder),
            "region": _region(found, source),
        }
    }
    if finding.place:
        location["logicalLocations"] = [{"name": visible(finding.place)}]
        location["message"] = {"text": visible(finding.place)}
    return {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": visible_lines(told)},
        "locations": [location],
        "properties": {"category": finding.category, "provisions": list(finding.provisions)},
    }


def _region(found: Found, source: Source) -> dict[str, Any]:
    finding = found.finding
    end_line, end_column = finding.line, finding.column
    if found.end > found.start:
        _offset, end_line, end_column = source.extract.place_of(found.end - 1)
        end_column += 1
    region: dict[str, Any] = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
    }
    if finding.excerpt:
        region["snippet"] = {"text": visible(finding.excerpt)}
    return region


def visible_lines(text: str) -> str:
    """The text with its line ends, and no other character that can't be shown."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _sarif_file(name: str, folder: Path) -> dict[str, str]:
    from urllib.parse import quote

    if name == STANDARD_INPUT:
        return {"uri": "stdin"}
    path = os.path.relpath(name, folder)
    return {"uri": quote(os.fsencode(Path(path).as_posix())), "uriBaseId": "ROOT"}
