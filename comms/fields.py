"""Fields of an input file as data: what they are called, what they may hold, what they mean.

Reading, error messages, the JSON Schema and the commented first files all come from these, so that
none of them can know a field that another does not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from comms.characters import visible
from comms.errors import Place, Problem
from comms.languages import N_, _
from comms.reading import List, Node, Scalar, Table

Schema = dict[str, Any]


class Kind(Protocol):
    """What a field may hold."""

    def read(self, node: Node, path: str, problems: list[Problem]) -> Any:
        """The value of the node; on a mistake a problem is added and None returned."""
        ...

    def schema(self) -> Schema:
        """The JSON Schema of what is allowed."""
        ...


class Field(NamedTuple):
    """A key of a table. ``about`` says in Dutch what it is, ``default`` holds when it is left out."""

    name: str
    kind: Kind
    about: str
    default: Any = None
    required: bool = False


def nearest(word: str, known: Iterable[str]) -> str:
    """``bedoelde u …?`` with the nearest known word, or nothing when none is near."""
    from difflib import get_close_matches

    matches = get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return _("bedoelde u {word}?").format(word=matches[0]) if matches else ""


def allowed(words: Iterable[str]) -> str:
    return _("toegestaan: {words}").format(words=", ".join(words))


def read_table(node: Node, fields: tuple[Field, ...], path: str, problems: list[Problem]) -> dict[str, Any]:
    """The values of a table by field name, defaults for what is left out; every mistake becomes a problem."""
    if isinstance(node, Scalar) and node.text is None:
        node = Table(node.place, ())
    if not isinstance(node, Table):
        problems.append(Problem(node.place, path, _("hier hoort een tabel"), allowed(each.name for each in fields)))
        return {each.name: each.default for each in fields}
    names = [each.name for each in fields]
    for entry in node.entries:
        if entry.key not in names:
            problems.append(
                Problem(
                    entry.place, _joined(path, entry.key), _("onbekend veld"), allowed(names), nearest(entry.key, names)
                )
            )
    values: dict[str, Any] = {}
    for each in fields:
        given = node.get(each.name)
        where = _joined(path, each.name)
        if given is None or (isinstance(given.value, Scalar) and not (given.value.text or "").strip()):
            if each.required:
                place = given.value.place if given else node.place
                problems.append(Problem(place, where, _("ontbreekt"), _describe(each)))
            values[each.name] = each.default
        else:
            values[each.name] = each.kind.read(given.value, where, problems)
    return values


def _describe(each: Field) -> str:
    choices = getattr(each.kind, "values", None)
    return allowed(choices) if choices else _(each.about)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _text_of(node: Node, path: str, problems: list[Problem], expected: str) -> str | None:
    if isinstance(node, Scalar):
        return node.text
    problems.append(Problem(node.place, path, _("hier hoort één waarde"), expected))
    return None


class Choice(NamedTuple):
    """One of some words; each with what it is called in Dutch, which is also understood as a hint."""

    labels: Mapping[str, str]

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(self.labels)

    def read(self, node: Node, path: str, problems: list[Problem]) -> str | None:
        text = _text_of(node, path, problems, allowed(self.values))
        if text is None:
            return None
        word = {"true": "yes", "false": "no"}.get(text.lower(), text)
        if word in self.labels:
            return word
        wrong = _("{text} is geen geldige waarde").format(text=_shown(text))
        problems.append(Problem(node.place, path, wrong, allowed(self.values), self._meant(text)))
        return None

    def _meant(self, text: str) -> str:
        meanings = {value: value for value in self.values}
        meanings |= {_(label).casefold(): value for value, label in self.labels.items()}
        meanings |= {label.casefold(): value for value, label in self.labels.items()}
        from difflib import get_close_matches

        matches = get_close_matches(text.casefold(), list(meanings), n=1, cutoff=0.6)
        return _("bedoelde u {word}?").format(word=meanings[matches[0]]) if matches else ""

    def schema(self) -> Schema:
        values: list[Any] = list(self.values)
        if "yes" in values:
            values.append(True)
        if "no" in values:
            values.append(False)
        return {"enum": values}


YES_NO_LABELS = {"no": N_("nee"), "yes": N_("ja")}


class YesNo(NamedTuple):
    """yes or no, true or false; a bool in Python."""

    labels: Mapping[str, str]

    @property
    def values(self) -> tuple[str, ...]:
        return ("no", "yes")

    def read(self, node: Node, path: str, problems: list[Problem]) -> bool | None:
        word = Choice(self.labels).read(node, path, problems)
        return None if word is None else word == "yes"

    def schema(self) -> Schema:
        return Choice(self.labels).schema()


def _shown(text: str) -> str:
    return f"“{visible(text if len(text) <= 40 else text[:39] + '…')}”"


class Text(NamedTuple):
    """A text as typed; ``pattern`` says what the whole of it looks like, ``example`` shows it."""

    pattern: str = ""
    example: str = ""

    def read(self, node: Node, path: str, problems: list[Problem]) -> str | None:
        text = _text_of(node, path, problems, _("een tekst"))
        if text is None or not text.strip():
            return None
        if not self.pattern or re.fullmatch(self.pattern, text):
            return text
        wrong = _("{text} is geen geldige waarde").format(text=_shown(text))
        problems.append(Problem(node.place, path, wrong, _("bijvoorbeeld: {example}").format(example=self.example)))
        return None

    def schema(self) -> Schema:
        # A pattern of Python's that JSON Schema's own language reads alike; numbers and booleans are texts here too.
        if self.pattern:
            return {"type": ["string", "integer"], "pattern": f"^(?:{self.pattern})$"}
        return {"type": ["string", "number", "boolean"]}


PHONE = Text(r"[+0-9(][0-9 ()/.\-\u2013]{2,29}", "030 123 45 67")
_MAIL = r"[^@\s<>,;:?&%#\"()\[\]\\\u0000-\u001f]"
EMAIL = Text(rf"{_MAIL}+@{_MAIL}+\.{_MAIL}{{2,}}", "info@school.nl")
WEBSITE = Text(r"(?:https?://)?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+(?::[0-9]+)?(?:/[^\s<>\"\\]*)?", "www.school.nl")
URL = Text(
    r"https?://[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+(?::[0-9]+)?(?:[/?#][^\s<>\"\\]*)?",
    "https://www.school.nl/internettips",
)


class Untouched:
    """A node that needs more than itself to be understood, such as the folder that its file is in."""

    def read(self, node: Node, path: str, problems: list[Problem]) -> Node:
        return node

    def schema(self) -> Schema:
        return {}


class Count:
    """A whole number, not negative."""

    def read(self, node: Node, path: str, problems: list[Problem]) -> int | None:
        text = _text_of(node, path, problems, _("een getal"))
        if text is None:
            return None
        if re.fullmatch(r"[0-9]{1,9}", text):
            return int(text)
        wrong = _("{text} is geen geldige waarde").format(text=_shown(text))
        problems.append(Problem(node.place, path, wrong, _("een heel getal, zonder punten: 12000")))
        return None

    def schema(self) -> Schema:
        return {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,9}$"}


class Day:
    """A day as year-month-day."""

    def read(self, node: Node, path: str, problems: list[Problem]) -> date | None:
        text = _text_of(node, path, problems, _("een datum"))
        if text is None:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        wrong = _("{text} is geen geldige datum").format(text=_shown(text))
        problems.append(Problem(node.place, path, wrong, _("jaar-maand-dag, bijvoorbeeld: 2026-11-20")))
        return None

    def schema(self) -> Schema:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


class Moment:
    """A day with a time of day."""

    def read(self, node: Node, path: str, problems: list[Problem]) -> datetime | None:
        text = _text_of(node, path, problems, _("een datum met een tijd"))
        if text is None:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?", text):
                return datetime.fromisoformat(text)
        except ValueError:
            pass
        wrong = _("{text} is geen geldige datum met tijd").format(text=_shown(text))
        problems.append(Problem(node.place, path, wrong, _("bijvoorbeeld: 2026-11-20 16:00")))
        return None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}


class Several(NamedTuple):
    """A list in which each item is of one kind; a tuple in Python, nothing twice."""

    item: Kind

    def read(self, node: Node, path: str, problems: list[Problem]) -> tuple[Any, ...]:
        if not isinstance(node, List):
            problems.append(Problem(node.place, path, _("hier hoort een lijst"), _("bijvoorbeeld: [a, b]")))
            return ()
        values = (self.item.read(item, f"{path}[{number}]", problems) for number, item in enumerate(node.items, 1))
        return tuple(dict.fromkeys(value for value in values if value is not None))

    def schema(self) -> Schema:
        return {"type": "array", "items": self.item.schema()}


class Group(NamedTuple):
    """A table with fields of its own; a dict in Python, by field name, defaults filled in."""

    fields: tuple[Field, ...]

    def read(self, node: Node, path: str, problems: list[Problem]) -> dict[str, Any]:
        return read_table(node, self.fields, path, problems)

    def schema(self) -> Schema:
        return schema_of(self.fields)


class ByName(NamedTuple):
    """A table from some known names to values of one kind; only the names that are given are in it."""

    names: tuple[str, ...]
    value: Kind

    def read(self, node: Node, path: str, problems: list[Problem]) -> dict[str, Any]:
        fields = tuple(Field(name, self.value, N_("een waarde")) for name in self.names)
        values = read_table(node, fields, path, problems)
        return {name: value for name, value in values.items() if value is not None}

    def schema(self) -> Schema:
        properties = {name: _or_null(self.value.schema()) for name in self.names}
        return {"type": "object", "properties": properties, "additionalProperties": False}


class ByAnyName(NamedTuple):
    """A table from names that are not known here to values of one kind; a dict in Python."""

    value: Kind

    def read(self, node: Node, path: str, problems: list[Problem]) -> dict[str, Any]:
        fields = tuple(Field(name, self.value, N_("een waarde")) for name in keys(node))
        values = read_table(node, fields, path, problems)
        return {name: value for name, value in values.items() if value is not None}

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.value.schema()}


def keys(node: Node) -> tuple[str, ...]:
    """The keys of a table, none of anything else."""
    return tuple(entry.key for entry in node.entries) if isinstance(node, Table) else ()


def schema_of(fields: tuple[Field, ...]) -> Schema:
    """The JSON Schema of a table with these fields; what may be left out may also be null."""
    properties = {}
    for each in fields:
        schema = each.kind.schema() if each.required else _or_null(each.kind.schema())
        properties[each.name] = {"description": _(each.about), **schema}
    return {
        "type": "object",
        "properties": properties,
        "required": [each.name for each in fields if each.required],
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if not schema:
        return schema
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": [*types, "null"]}


def scalars(node: Node, path: str = "") -> Iterator[tuple[str, Place, str]]:
    """Every single value with its field path and place, in order."""
    if isinstance(node, Scalar):
        if node.text:
            yield path, node.place, node.text
    elif isinstance(node, List):
        for item in node.items:
            yield from scalars(item, path)
    else:
        for entry in node.entries:
            yield from scalars(entry.value, _joined(path, entry.key))
