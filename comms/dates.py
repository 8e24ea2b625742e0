"""Days as a letter writes them, in the language of the letter; the words and their order are CLDR's, through Babel."""

from __future__ import annotations

import marshal
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from comms import kept
from comms.languages import available

_LONG = "long"
_FIELDS = {"d", "MMMM", "y", "EEEE"}
"""Of CLDR's pattern letters those that a kept pattern may have: day, month, year and weekday, written out."""


def long_date(day: date, language: str) -> str:
    """The day as a letter writes it: ``20 november 2026``."""
    return _written(day, language, _LONG)


def weekday_and_date(day: date, language: str) -> str:
    """The day with its weekday: ``vrijdag 20 november 2026``."""
    return _written(day, language, available()[language].weekday_and_date)


def _written(day: date, language: str, pattern: str) -> str:
    locale = available()[language].locale
    made = _kept(language).get((locale, pattern))
    if made is None:
        from babel.dates import format_date

        return format_date(day, format=pattern, locale=locale)
    fields = {"d": day.day, "MMMM": made["months"][day.month - 1], "y": day.year, "EEEE": made["days"][day.weekday()]}
    written: str = made["pattern"] % fields
    return written


@cache
def _kept(language: str) -> Mapping[tuple[str, str], dict[str, Any]]:
    """What the build looked up: Babel loads all that it knows of a language, which costs more than composing a letter."""
    try:
        found: dict[tuple[str, str], dict[str, Any]] = marshal.loads((kept.folder() / _name(language)).read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _name(language: str) -> str:
    return f"dates.{language}.{kept.made_with('comms.dates', 'babel', 'babel.dates')}"


def keep(language: str) -> tuple[str, bytes]:
    """What the build keeps of a language, and the name of its file. A pattern with other fields is Babel's to write."""
    from babel import Locale
    from babel.dates import parse_pattern

    known = available()[language]
    locale = Locale.parse(known.locale)
    days, months = locale.days["format"]["wide"], locale.months["format"]["wide"]
    made = {}
    for name in (_LONG, known.weekday_and_date):
        pattern = str(parse_pattern(locale.date_formats[name] if name == _LONG else name).format)
        if set(re.findall(r"%\((\w+)\)s", pattern)) <= _FIELDS:
            made[known.locale, name] = {
                "pattern": pattern,
                "months": [str(months[number]) for number in range(1, 13)],
                "days": [str(days[number]) for number in range(7)],
            }
    return _name(language), marshal.dumps(made)
