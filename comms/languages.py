"""Catalogues and writing direction.

Two catalogues a language: ``messages`` holds the texts of the drafts, a passage an entry with its id as
context; ``ui`` holds what the program itself says. Dutch is the source of both and needs none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from comms import resources
from comms.errors import UnknownNameError

if TYPE_CHECKING:
    from gettext import GNUTranslations

SOURCE = "nl"
UI_LANGUAGES = ("nl", "en")

_ui_language: ContextVar[str] = ContextVar("comms_ui_language", default=SOURCE)


@contextmanager
def ui_language(code: str) -> Iterator[str]:
    """Within the block, plans, errors and banners are in this language: ``nl`` or ``en``."""
    if code not in UI_LANGUAGES:
        raise UnknownNameError(
            _("de taal van het programma is {allowed}, niet {code}").format(
                allowed=_(" of ").join(UI_LANGUAGES), code=code
            )
        )
    token = _ui_language.set(code)
    try:
        yield code
    finally:
        _ui_language.reset(token)


def current_ui_language() -> str:
    return _ui_language.get()


def _(message: str) -> str:
    """What the program says, in the language of the interface; the Dutch text is the key."""
    language = _ui_language.get()
    return message if language == SOURCE else _catalogue("ui", language).gettext(message)


def N_(message: str) -> str:
    """Marks a text in a table for translation; ``_`` translates it where it is shown."""
    return message


def told_in(language: str, message: str) -> str:
    """An interface text in the language of a draft; Dutch where the interface doesn't speak it."""
    if language == SOURCE or language not in UI_LANGUAGES:
        return message
    return _catalogue("ui", language).gettext(message)


def reason(error: OSError) -> str:
    """Why the system refused a file, in the language of the interface where it is a common reason."""
    import errno

    known = {
        errno.ENOENT: N_("bestaat niet"),
        errno.EACCES: N_("geen toestemming"),
        errno.EPERM: N_("geen toestemming"),
        errno.EISDIR: N_("is een map"),
        errno.ENOTDIR: N_("staat niet in een map"),
        errno.EEXIST: N_("bestaat al"),
        errno.ENOSPC: N_("de schijf is vol"),
        errno.EROFS: N_("hier kan niets worden geschreven"),
        errno.ENAMETOOLONG: N_("de naam is te lang"),
        errno.ELOOP: N_("verwijst in een kring naar zichzelf"),
    }
    return _(known[error.errno]) if error.errno in known else error.strerror or type(error).__name__


class Language(NamedTuple):
    """A language that drafts can be written in, from ``languages.toml`` in the locales folder."""

    code: str
    name: str
    locale: str
    """For dates, as CLDR names it: ``en_GB``."""
    weekday_and_date: str
    """The pattern of a day with its weekday, in CLDR's letters."""
    direction: Literal["ltr", "rtl"]
    native_reader: str
    """Who read the texts as a native speaker, empty when nobody did."""


@cache
def available() -> dict[str, Language]:
    """The languages of drafts by code, Dutch first."""
    import tomllib

    with (resources.folder("locales") / "languages.toml").open("rb") as file:
        return {code: Language(code=code, **fields) for code, fields in tomllib.load(file).items()}


def translated_passage(passage_id: str, body: str, language: str) -> str | None:
    """The translation of a passage's body; None when the language lacks it."""
    translated = _catalogue("messages", language).pgettext(passage_id, body)
    # gettext answers an unknown text with the text itself; a passage that is the same in both
    # languages (a name, a date) is in the catalogue all the same.
    if translated == body and not _holds(language, passage_id, body):
        return None
    return translated


def _holds(language: str, context: str, message: str) -> bool:
    catalogue = _catalogue("messages", language)
    return f"{context}\x04{message}" in catalogue._catalog  # type: ignore[attr-defined]  # gettext has no other way


@cache
def _catalogue(domain: str, language: str) -> "GNUTranslations":
    from gettext import GNUTranslations

    source = resources.folder("locales") / language / "LC_MESSAGES" / f"{domain}.po"
    compiled = source.with_suffix(".mo")
    if compiled.is_file() and (not source.is_file() or compiled.stat().st_mtime >= source.stat().st_mtime):
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    return _compiled_now(source)


def _compiled_now(source: Path) -> "GNUTranslations":
    """In a checkout, a catalogue that was changed after the last build counts as it stands."""
    from gettext import GNUTranslations
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return GNUTranslations(buffer)
