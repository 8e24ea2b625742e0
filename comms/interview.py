"""The guided interview: one question at a time, and an incident file that is whole after every answer.

The file itself remembers how far it came, so that an interview can be stopped at any point and taken up
again: what was answered is a fact, what nobody knew is a line ``# ?``, and the rest is still to be asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from os.path import normpath
from pathlib import Path

from comms.characters import REPLACEMENT
from comms.errors import CommsError, InputError, Place, Problem, WritingError
from comms.fields import ByName, Choice, Field, Several, YesNo
from comms.languages import _
from comms.questions import Question, questions
from comms.reading import Node, Scalar, Table, read_lines, read_text
from comms.writing import write_files

_BACK = ("terug", "back")
_UNFINISHED = "# ...\n"
_NOT_KNOWN = re.compile(r"^# \? ([a-z_.]+)$", re.MULTILINE)


class Stopped(Exception):
    """Whoever answers wants to go on another time."""


class Interview:
    """The answers so far and the file they are kept in; no terminal, so that anything can lead it."""

    def __init__(self, path: Path) -> None:
        """Takes up what the file holds; raises WritingError when it is a file that no interview left unfinished."""
        self.path = path
        self.answers: dict[str, str] = {}
        """What was answered, as typed in the file, by the path of the fact; nothing for what nobody knows."""
        self.unknown: set[str] = set()
        if path.exists():
            self._take_up()

    def _take_up(self) -> None:
        try:
            text = read_lines(self.path)
        except InputError:
            text = ""
        if not text.startswith(_UNFINISHED):
            wrong = _("bestaat al: {file}; verander het bestand zelf of kies een andere naam").format(file=self.path)
            raise WritingError(wrong)
        node = read_text(text, str(self.path))
        given = dict(_written_values(node, text)) if isinstance(node, Table) else {}
        self.answers = {path: given[path] for path, _field, _question in questions() if path in given}
        self.unknown = set(_NOT_KNOWN.findall(text))

    def open_questions(self) -> Iterator[tuple[str, Field, Question]]:
        """What is still to be asked and matters given the answers so far, in order; follows new answers."""
        for path, field, question in questions():
            if path not in self.answers and path not in self.unknown and question.matters(self.answers):
                yield path, field, question

    def answer(self, path: str, field: Field, question: Question, typed: str) -> None:
        """Takes an answer and saves the file. Raises InputError when the answer is not possible."""
        text = typed.strip()
        if text.casefold() in _dont_know():
            if path == "school" and _is_file(self.path.parent / "school.yaml"):
                self.answers[path] = "school.yaml"
            elif question.unknown:
                self.answers[path] = question.unknown
            else:
                self.unknown.add(path)
        else:
            meant = {_("ja"): question.yes, "yes": question.yes, _("nee"): question.no, "no": question.no}
            self.answers[path] = _understood(meant.get(text.casefold()) or text, path, field, self.path.parent)
        self.save()

    def back(self) -> None:
        """Forgets the latest answer, so that its question comes again."""
        asked = [path for path, _field, _question in questions() if path in self.answers or path in self.unknown]
        if asked:
            self.answers.pop(asked[-1], None)
            self.unknown.discard(asked[-1])
            self.save()

    def content(self, *, finished: bool) -> str:
        """The incident file: every answered fact with what it means, and what nobody knew."""
        go_on = _("Nog niet klaar. Ga verder met: comms new {file}").format(file=self.path.name)
        lines = [] if finished else [_UNFINISHED, f"# {go_on}\n"]
        inside = ""
        for path, field, _question in sorted(questions(), key=lambda each: "." in each[0]):
            table, _dot, name = path.rpartition(".")
            if table != inside and path in self.answers | dict.fromkeys(self.unknown):
                lines.append(f"\n{table}:\n")
                inside = table
            indent = "  " if table else ""
            if path in self.answers:
                lines.append(f"\n{indent}# " + _(field.about) + _labels(field, self.answers[path]) + "\n")
                lines.append(f"{indent}{name}: {self.answers[path]}\n")
            elif path in self.unknown:
                lines.append(f"\n{indent}# " + _("{what}: niet bekend").format(what=_(field.about)) + f"\n# ? {path}\n")
        return "".join(lines).lstrip("\n")

    def save(self, *, finished: bool = False) -> None:
        """Writes the file, whole or not at all. Raises WritingError."""
        write_files({self.path: self.content(finished=finished).encode()}, overwrite=True)


def _dont_know() -> tuple[str, ...]:
    return ("", "?", _("weet niet"), _("weet ik niet"), "weet niet", "weet ik niet", "don't know", "dont know")


def _labels(field: Field, value: str) -> str:
    labels = getattr(field.kind, "labels", {})
    return f" ({value}: " + _(labels[value]) + ")" if value in labels else ""


def options(field: Field) -> dict[str, str]:
    """The words that can be answered, with what they mean; empty when anything can."""
    kind = field.kind.item if isinstance(field.kind, Several) else field.kind
    return {word: _(label) for word, label in kind.labels.items()} if isinstance(kind, (Choice, YesNo)) else {}


def _understood(text: str, path: str, field: Field, folder: Path) -> str:
    """The answer as it stands in the file; numbers and meanings become the word. Raises InputError."""
    words = options(field)
    if isinstance(field.kind, Several):
        written = f"[{', '.join(_several(text.strip('[]'), words))}]"
    elif words:
        written = _word(text, words)
    elif text[:1] == "{" and isinstance(field.kind, ByName):
        written = text
    else:
        written = _quoted(text)
    _check(written, path, field, folder)
    return written


def _several(text: str, words: dict[str, str]) -> list[str]:
    """The words in a list; a name of more words than one is taken whole where commas or nothing stand around it."""
    found = []
    for part in (part.strip() for part in re.split("[,;]", text)):
        whole = _word(part, words)
        found += [whole] if whole in words else [_word(piece, words) for piece in part.split()]
    return found


def _word(text: str, words: dict[str, str]) -> str:
    if text.isdecimal() and 1 <= int(text) <= len(words):
        return list(words)[int(text) - 1]
    low = text.casefold()
    meant = [word for word, label in words.items() if low in (word, label.casefold())]
    meant = meant or [word for word, label in words.items() if word.startswith(low) or label.casefold().startswith(low)]
    return meant[0] if len(meant) == 1 else _quoted(text)


def _quoted(text: str) -> str:
    """The text as a YAML scalar that is read back as typed."""
    plain = re.fullmatch(r"[A-Za-z0-9][\w./\-]*(?: [\w./\-]+)*(?: [0-9]{2}:[0-9]{2})?", text, re.ASCII)
    if plain and text.casefold() not in ("null", "true", "false"):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    """A character inside double quotes; what would break the line, or no file can hold, is written as its number."""
    number = ord(character)
    if character in '"\\':
        return "\\" + character
    if 0xD800 <= number <= 0xDFFF:
        return REPLACEMENT
    if number < 0x20 or 0x7F <= number <= 0xA0 or character in "\u2028\u2029\ufeff\ufffe\uffff":
        return f"\\u{number:04x}"
    return character


def _check(written: str, path: str, field: Field, folder: Path) -> None:
    place = Place(_("antwoord"))
    node = read_text(f"value: {written}", place.file)
    value: Node = node.entries[0].value if isinstance(node, Table) and node.entries else Scalar(place, None)
    problems: list[Problem] = []
    if path in ("school", "protected"):
        if isinstance(value, Scalar) and value.text and not _is_file(folder / value.text):
            problems.append(Problem(place, path, _("dit bestand is er niet: {path}").format(path=value.text)))
    else:
        field.kind.read(value, path, problems)
    if problems:
        raise InputError([Problem(place, "", each.wrong, each.allowed, each.suggestion) for each in problems])


def _is_file(path: Path) -> bool:
    try:
        return Path(normpath(path)).is_file()  # the folder of a new file need not be there yet
    except (OSError, ValueError):
        return False


def _written_values(table: Table, text: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The facts of an unfinished file as they are written there."""
    lines = text.split("\n")
    for entry in table.entries:
        path = f"{prefix}{entry.key}"
        if isinstance(entry.value, Table) and entry.value.place.line > entry.place.line:
            yield from _written_values(entry.value, text, f"{path}.")
        elif not (isinstance(entry.value, Scalar) and entry.value.text is None):
            yield path, lines[entry.place.line - 1].split(":", 1)[1].strip()


def free_path(folder: Path) -> Path:
    """The file of an interview that nobody named: one left unfinished, else the first name that is free."""
    number = 1
    while True:
        path = folder / ("incident.yaml" if number == 1 else f"incident-{number}.yaml")
        if not path.exists() or read_lines(path).startswith(_UNFINISHED):
            return path
        number += 1


def lead(interview: Interview, ask: Callable[[str], str], tell: Callable[[str], None]) -> None:
    """Asks everything that is open and matters; ``ask`` shows a prompt and returns a line.

    ``ask`` raises EOFError or Stopped when no more answers come; the file then holds what was answered.
    Raises WritingError when the file can't be written.
    """
    if next(interview.open_questions(), None) is None:
        tell(_("Alles is beantwoord. Leeg is klaar, terug is de vorige vraag."))
        if ask("> ").strip().casefold() in _BACK:
            interview.back()
    while (following := next(interview.open_questions(), None)) is not None:
        path, field, question = following
        for line in _asked(field, question):
            tell(line)
        while True:
            typed = ask("> ")
            command = typed.strip().casefold()
            if command in ("stop", "exit", "quit"):
                raise Stopped
            if command in _BACK:
                interview.back()
                break
            try:
                interview.answer(path, field, question, typed)
                break
            except WritingError:
                raise
            except CommsError as error:
                tell(str(error))


def _asked(field: Field, question: Question) -> Iterator[str]:
    yield ""
    yield _(question.text)
    why = f" ({', '.join(question.provisions)})" if question.provisions else ""
    if question.why:
        yield "  " + _("Waarom: {why}").format(why=_(question.why)) + why
    for number, (word, label) in enumerate(options(field).items(), 1):
        yield f"  {number}  {label} ({word})"
