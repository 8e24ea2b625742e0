"""YAML, JSON and Python values in; nodes with their places out.

Every scalar stays the text that was typed: what it means is decided by the field it stands in, so
that ``030…`` remains a phone number and ``no`` the word no.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from comms.errors import InputError, Place, Problem
from comms.languages import N_, _, reason

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_PROBLEMS = 100
_NULLS = ("", "~", "null", "Null", "NULL")


class Scalar(NamedTuple):
    """A single value as typed; ``text`` is None where the file says null or nothing."""

    place: Place
    text: str | None


class Entry(NamedTuple):
    key: str
    place: Place
    value: "Node"


class Table(NamedTuple):
    """Keys with values, in the order of the file; no key twice."""

    place: Place
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def with_value(self, path: list[str], value: "Node") -> "Table":
        """A copy in which the value at the path of keys is replaced or added."""
        key, rest = path[0], path[1:]
        old = self.get(key)
        if rest:
            inner = old.value if old and isinstance(old.value, Table) else Table(value.place, ())
            value = inner.with_value(rest, value)
        entry = Entry(key, value.place, value)
        if old is None:
            return Table(self.place, (*self.entries, entry))
        return Table(self.place, tuple(entry if each is old else each for each in self.entries))


class List(NamedTuple):
    place: Place
    items: "tuple[Node, ...]"


Node = Scalar | Table | List


def read_file(path: Path) -> Node:
    """The nodes of a YAML or JSON file (by its suffix). Raises InputError with every place that is wrong."""
    return read_text(read_lines(path), str(path), json=path.suffix.lower() == ".json")


def read_standard_input() -> Node:
    """The nodes of YAML on standard input. Raises InputError."""
    return read_text(_decoded(sys.stdin.buffer.read(MAX_BYTES + 1), "-"), "-")


def read_lines(path: Path) -> str:
    """The text of a small UTF-8 file, with or without a byte order mark; raises InputError."""
    name = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        wrong = _("kan niet worden gelezen: {reason}").format(reason=reason(error))
        raise InputError([Problem(Place(name), "", wrong)]) from error
    except ValueError as error:  # a NUL in the path
        raise InputError([Problem(Place(name), "", _("is geen bestandsnaam"))]) from error
    return _decoded(data, name)


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise InputError([Problem(Place(name), "", _("is groter dan een megabyte"))])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        place = Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        wrong = _("hier staat een teken dat geen UTF-8 is")
        raise InputError([Problem(place, "", wrong, _("sla het bestand op als UTF-8"))]) from error


def read_text(text: str, file: str, *, json: bool = False) -> Node:
    """The nodes of a text in YAML or JSON; raises InputError."""
    reader = _JsonReader(text, file) if json else _YamlReader(text, file)
    node = reader.read()
    if reader.problems:
        raise InputError(reader.problems)
    return node


def from_python(value: object, place: Place) -> Node:
    """The nodes of values from a program: mappings, lists, texts, numbers, dates, True, False and None."""
    problems: list[Problem] = []
    node = _from_python(value, place, "", problems, 0)
    if problems:
        raise InputError(problems)
    return node


def _from_python(value: object, place: Place, path: str, problems: list[Problem], depth: int) -> Node:
    if depth > MAX_DEPTH:
        problems.append(Problem(place, path, _("is te diep genest")))
    elif isinstance(value, Mapping):
        return Table(
            place,
            tuple(
                Entry(str(key), place, _from_python(item, place, f"{path}.{key}".lstrip("."), problems, depth + 1))
                for key, item in value.items()
            ),
        )
    elif isinstance(value, (list, tuple, set, frozenset)):
        return List(place, tuple(_from_python(item, place, path, problems, depth + 1) for item in value))
    elif value is None:
        return Scalar(place, None)
    elif isinstance(value, bool):
        return Scalar(place, "true" if value else "false")
    elif isinstance(value, datetime):
        return Scalar(place, value.isoformat(" ", "minutes"))
    elif isinstance(value, date):
        return Scalar(place, value.isoformat())
    elif isinstance(value, (str, int, float, Path)):
        return Scalar(place, str(value))
    else:
        problems.append(Problem(place, path, _("is geen tekst, getal, datum, lijst of tabel")))
    return Scalar(place, None)


@dataclass
class _Reader:
    text: str
    file: str
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Node:
        raise NotImplementedError

    def table(self, place: Place, entries: list[Entry]) -> Table:
        """A table of the entries, with a problem for each key that stands twice."""
        first: dict[str, Entry] = {}
        for entry in entries:
            earlier = first.setdefault(entry.key, entry)
            if earlier is not entry:
                wrong = _("staat er twee keer; eerder op regel {line}").format(line=earlier.place.line)
                self.problems.append(Problem(entry.place, entry.key, wrong, _("haal één van de twee weg")))
        return Table(place, tuple(first.values()))


class _YamlReader(_Reader):
    """Walks the parser's events, which expand nothing, so that aliases and tags are refused, not followed."""

    def read(self) -> Node:
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        events = iter(yaml.parse(self.text, Loader=loader))
        try:
            node = self._document(events)
        except yaml.MarkedYAMLError as error:
            quoted = "quoted scalar" in (error.context or "")  # the end of the file is not where the quote opens
            mark = error.context_mark if quoted else error.problem_mark or error.context_mark
            place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
            self._refuse(place, _yaml_problem(f"{error.context or ''} {error.problem or ''}"))
        except yaml.reader.ReaderError as error:
            # The parser in C counts bytes.
            before = self.text.encode("utf-8", "surrogatepass")[: error.position].decode("utf-8", "ignore")
            place = Place(self.file, before.count("\n") + 1, len(before) - before.rfind("\n"))
            self._refuse(place, _("hier staat een stuurteken"))
        return node

    def _refuse(self, place: Place, wrong: str) -> NoReturn:
        allowed = _("controleer inspringing, dubbele punten en aanhalingstekens")
        raise InputError([*self.problems, Problem(place, "", wrong, allowed)]) from None

    def _document(self, events: Iterator[Any]) -> Node:
        next(events)  # the stream begins
        if type(next(events)).__name__ == "StreamEndEvent":
            return Scalar(Place(self.file, 1, 1), None)
        node = self._node(next(events), events, 0)
        next(events)  # the document ends
        following = next(events)
        if type(following).__name__ != "StreamEndEvent":
            place = self._place(following)
            self.problems.append(Problem(place, "", _("hier begint een tweede document"), _("één per bestand")))
        return node

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = self._place(event)
        if depth > MAX_DEPTH:
            raise InputError([*self.problems, Problem(place, "", _("is te diep genest"))])
        kind = type(event).__name__
        if kind == "AliasEvent" or event.anchor:
            wrong = _("ankers en verwijzingen (& en *) kunnen hier niet")
            self.problems.append(
                Problem(place, "", wrong, _("schrijf de waarde uit of zet haar tussen aanhalingstekens"))
            )
        elif event.tag:
            wrong = _("een label (!) kan hier niet")
            self.problems.append(Problem(place, "", wrong, _("zet de waarde tussen aanhalingstekens")))
        if len(self.problems) >= MAX_PROBLEMS:
            raise InputError(self.problems)
        if kind == "MappingStartEvent":
            return self.table(place, list(self._entries(events, depth)))
        if kind == "SequenceStartEvent":
            return List(place, tuple(self._items(events, depth)))
        text = getattr(event, "value", None)
        if text is not None and not event.style and text in _NULLS:
            text = None
        return Scalar(place, text)

    def _items(self, events: Iterator[Any], depth: int) -> Iterator[Node]:
        while type(event := next(events)).__name__ != "SequenceEndEvent":
            yield self._node(event, events, depth + 1)

    def _entries(self, events: Iterator[Any], depth: int) -> Iterator[Entry]:
        while type(event := next(events)).__name__ != "MappingEndEvent":
            key = self._node(event, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if isinstance(key, Scalar):
                yield Entry(key.text or "", key.place, value)
            else:
                self.problems.append(Problem(key.place, "", _("een veldnaam is een woord, geen lijst of tabel")))


_YAML_PROBLEMS = (
    ("maximum nesting depth", N_("is te diep genest")),
    ("quoted scalar", N_("hier begint een aanhalingsteken dat niet wordt gesloten of een verkeerde \\ bevat")),
    ("cannot start any token", N_("hier staat een teken dat hier niet kan, zoals een tab, @ of %")),
    ("mapping values are not allowed", N_("hier staat een dubbele punt te veel, of de inspringing klopt niet")),
    ("could not find expected ':'", N_("hier ontbreekt een dubbele punt na een veldnaam")),
    ("did not find expected key", N_("de inspringing klopt hier niet")),
    ("flow sequence", N_("hier ontbreekt een komma of ]")),
    ("flow mapping", N_("hier ontbreekt een komma of }")),
    ("block collection", N_("de inspringing van de lijst klopt hier niet")),
)


def _yaml_problem(told: str) -> str:
    """What the parser says in English of its own, in words of ours."""
    known = next((ours for theirs, ours in _YAML_PROBLEMS if theirs in told), N_("de opbouw klopt hier niet"))
    return _("is geen leesbaar YAML: {known}").format(known=_(known))


class _JsonReader(_Reader):
    """JSON with places, which Python's own reader does not tell."""

    _space = re.compile(r"[ \t\r\n]*")
    _word = re.compile(r"-?[0-9][0-9.eE+-]*|true|false|null")

    def read(self) -> Node:
        self.position = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        node = self._node(0)
        self._skip()
        if self.position < len(self.text):
            self._fail()
        return node

    def _place(self, position: int) -> Place:
        line = bisect_right(self.line_starts, position)
        return Place(self.file, line, position - self.line_starts[line - 1] + 1)

    def _fail(self) -> NoReturn:
        wrong = _("is geen leesbaar JSON")
        allowed = _("controleer komma's, haakjes en aanhalingstekens")
        raise InputError([*self.problems, Problem(self._place(self.position), "", wrong, allowed)])

    def _skip(self) -> str:
        match = self._space.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return self.text[self.position : self.position + 1]

    def _expect(self, character: str) -> None:
        if self._skip() != character:
            self._fail()
        self.position += 1

    def _string(self) -> str:
        from json.decoder import JSONDecodeError, JSONDecoder

        if self._skip() != '"':
            self._fail()
        try:
            text: str
            text, self.position = JSONDecoder().raw_decode(self.text, self.position)
        except JSONDecodeError as error:
            self.position = error.pos
            self._fail()
        return text

    def _node(self, depth: int) -> Node:
        first = self._skip()
        place = self._place(self.position)
        if depth > MAX_DEPTH:
            raise InputError([*self.problems, Problem(place, "", _("is te diep genest"))])
        if first == '"':
            return Scalar(place, self._string())
        if first == "{":
            return self.table(place, list(self._members(self._entry, "}", depth)))
        if first == "[":
            return List(place, tuple(self._members(self._node, "]", depth)))
        match = self._word.match(self.text, self.position)
        if match is None:
            self._fail()
        self.position = match.end()
        return Scalar(place, None if match[0] == "null" else match[0])

    def _entry(self, depth: int) -> Entry:
        self._skip()
        place = self._place(self.position)
        key = self._string()
        self._expect(":")
        return Entry(key, place, self._node(depth))

    def _members(self, read: Any, end: str, depth: int) -> Iterator[Any]:
        self.position += 1
        if self._skip() == end:
            self.position += 1
            return
        while True:
            yield read(depth + 1)
            if self._skip() == end:
                self.position += 1
                return
            self._expect(",")
