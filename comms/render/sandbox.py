"""The sandbox in which the tags of a letterhead run. Loading Jinja2 takes long, so only what needs it imports this."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from jinja2 import StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from comms.characters import visible
from comms.languages import _


class _Unknown(StrictUndefined):
    @property
    def _undefined_message(self) -> str:
        return _("“{name}” bestaat niet").format(name=self._undefined_name)


def as_typed(value: object) -> Markup:
    """A value as text of the letter: exactly as typed, whatever it holds."""
    if isinstance(value, Markup):
        return Markup(visible(value))  # what Jinja itself has escaped before, in a macro or a {% set %} block
    if isinstance(value, (str, int, float, Undefined)):  # str() of the last raises, with the name
        return escape(visible(str(value)))
    raise TypeError(_("hier staat geen tekst maar een groep; kies een naam eruit"))


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """The sandbox in which the tags of a letterhead run."""
    return sandbox(as_typed)


def sandbox(finalize: Callable[[object], object]) -> ImmutableSandboxedEnvironment:
    """A sandbox in which every value goes through ``finalize`` on its way into the letter."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=_Unknown, finalize=finalize)
    # What would let a text pass as markup, and what would make two renderings differ.
    for name in ("safe", "tojson", "xmlattr", "urlize", "random"):
        del made.filters[name]
    del made.globals["lipsum"]
    return made
