"""Which passages a template lets through, and what each says in a language: the school's own text, or ours.

A passage's body is looked up in the school's own texts, then in the language's catalogue, and compiled by itself,
so that a mistake in it is reported at its line.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from comms import conditions, languages
from comms.errors import Place, TemplateError
from comms.fields import nearest
from comms.languages import _
from comms.markup import NoTextError, checked_mark, keep, mark
from comms.passages import PassageSource, all_passages, passages_in, refuse_double, source_of

if TYPE_CHECKING:
    from jinja2 import Template

# A value as nearly every body names it: a dotted name, no part of which is private.
_NAME = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\s*\}\}")


def spoken(template: str, view: Mapping[str, Any]) -> conditions.Spoken:
    """The ids of the passages that a template's conditions let through, in order, with what loops hand to each."""
    # A template that was changed, that does more than compare, or that names what is not there: Jinja tells what is wrong.
    with suppress(LookupError, AttributeError, TypeError, OSError):
        return conditions.spoken(template, view)
    from comms import templating

    return templating.spoken(template, view)


def own_passages(folder: Path) -> dict[tuple[str, str], PassageSource]:
    """A school's own passages by id and language, from ``<folder>/<language>/*.md.j2``. Raises TemplateError."""
    stamp = tuple((str(path), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*.md.j2")))
    return _own_passages(folder, stamp)


@lru_cache(maxsize=8)
def _own_passages(folder: Path, stamp: tuple[tuple[str, int], ...]) -> dict[tuple[str, str], PassageSource]:
    found: dict[tuple[str, str], PassageSource] = {}
    for name, _mtime in stamp:
        path = Path(name)
        language = path.relative_to(folder).parts[0]
        if language not in languages.available():
            wrong = _("eigen teksten staan in een map met de code van hun taal")
            known = _("toegestaan: {words}").format(words=", ".join(languages.available()))
            raise TemplateError(Place(name), wrong, known)
        for passage in _read_own(path):
            refuse_double(passage, found.setdefault((passage.id, language), passage))
    return found


def _read_own(path: Path) -> list[PassageSource]:
    try:
        source = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(Place(str(path)), _("het bestand is geen UTF-8; sla het op als UTF-8")) from error
    passages = passages_in(source, str(path))
    # What Jinja needs is loaded only where a text asks for more than our own do.
    from comms import templating

    templating.check_structure(source, str(path))
    for passage in passages:
        ours = all_passages().get(passage.id)
        if ours is None:
            wrong = _("er is geen passage “{id}”").format(id=passage.id)
            raise TemplateError(Place(str(path), passage.line, 1), wrong, nearest(passage.id, all_passages()))
        if passage.provisions and passage.provisions != ours.provisions:
            wrong = _("de passage “{id}” voert andere bepalingen uit").format(id=passage.id)
            raise TemplateError(Place(str(path), passage.line, 1), wrong, "carries " + " ".join(ours.provisions))
        if not passage.body:
            wrong = _("de passage “{id}” is leeg").format(id=passage.id)
            raise TemplateError(Place(str(path), passage.line, 1), wrong)
    return passages


@dataclass(frozen=True, slots=True)
class Text:
    """A body that names values, and where it stands. ``template`` is None when each value is only a dotted name."""

    body: str
    template: Template | None
    place: Place

    def render(self, view: dict[str, Any], values: list[object]) -> str:
        """The Markdown with a mark for each value; the values go into the list. Raises TemplateError."""
        if self.template is None:
            return _NAME.sub(lambda match: self._named(match, view, values), self.body)
        try:
            from comms import templating

            return self.template.render(templating.guarded(view), _values=values).strip()
        except Exception as error:  # an expression in a school's own text can fail in any way
            frames = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno or 0 for frame in frames if frame.filename == self.place.file]
            raise self._failed(error, lines[-1] if lines else self.place.line) from error

    def marked(self) -> str:
        """The Markdown with a mark for each value, when each is only a dotted name."""
        values: list[object] = []
        return _NAME.sub(lambda match: mark(match[1], values), self.body)

    def _named(self, match: re.Match[str], view: dict[str, Any], values: list[object]) -> str:
        try:
            return checked_mark(_look_up(match[1], view), values)
        except Exception as error:
            raise self._failed(error, self.place.line + self.body.count("\n", 0, match.start())) from error

    def _failed(self, error: Exception, line: int) -> TemplateError:
        from jinja2.exceptions import TemplateError as JinjaError

        told = str(error) if isinstance(error, (JinjaError, NoTextError)) else f"{type(error).__name__}: {error}"
        return TemplateError(Place(self.place.file, line, 1), told)


def _look_up(name: str, view: dict[str, Any]) -> object:
    """What Jinja would find under a dotted name; compiling an expression costs more than all the rest of a message."""
    first, *rest = name.split(".")
    if first not in view:
        _unknown(first)
    owner: Any = view[first]
    for attribute in rest:
        if not hasattr(owner, attribute):
            _unknown(attribute, owner)
        owner = getattr(owner, attribute)
    return owner


def _unknown(name: str, *owner: object) -> NoReturn:
    from comms import templating

    templating.unknown(name, *owner)


def text(passage_id: str, language: str, own: Mapping[tuple[str, str], PassageSource]) -> Text:
    """A body: the school's own, or ours in the language."""
    mine = own.get((passage_id, language))
    if mine:
        return _compiled(mine.body, mine.file, mine.line)
    if (passage_id, languages.SOURCE) in own:
        ours = own[passage_id, languages.SOURCE]
        wrong = _("de eigen passage “{id}” heeft geen vertaling in {language}").format(id=passage_id, language=language)
        allowed = _("zet haar ook in de map {language}").format(language=language)
        raise TemplateError(Place(ours.file, ours.line, 1), wrong, allowed)
    source = source_of(passage_id)
    if language == languages.SOURCE:
        return _compiled(source.body, source.file, source.line)
    translated = languages.translated_passage(passage_id, source.body, language)
    if translated is None:
        wrong = _("de passage “{id}” is niet vertaald in {language}").format(id=passage_id, language=language)
        raise TemplateError(Place(source.file, source.line, 1), wrong)
    return _compiled(translated, f"locales/{language}/LC_MESSAGES/messages.po ({passage_id})", 1)


@lru_cache(maxsize=4096)
def _compiled(body: str, file: str, line: int) -> Text:
    place = Place(file, line, 1)
    if "{" not in _NAME.sub("", body):
        return Text(body, None, place)
    from comms import templating

    return Text(body, templating.compiled_body(body, place), place)


def keep_bodies() -> Iterator[tuple[str, bytes]]:
    """What the build keeps of the bodies, a file a language: each parsed, when its values are dotted names."""
    for language in languages.available():
        bodies = (text(passage_id, language, {}) for passage_id in all_passages())
        yield keep((each.marked() for each in bodies if each.template is None), language)
