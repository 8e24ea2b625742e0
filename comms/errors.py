"""What can go wrong, as types: each with its place and the way out.

The messages are finished sentences in the language of the interface; nothing here prints or exits.
"""

from collections.abc import Iterable
from typing import NamedTuple

from comms.characters import visible


class CommsError(Exception):
    """Anything that this program reports to its user. ``exit_code`` is what the command line returns."""

    exit_code = 2

    def __str__(self) -> str:
        # What is quoted may hold anything; a terminal must show it and not obey it.
        return "\n".join(visible(line) for line in super().__str__().split("\n"))


class Place(NamedTuple):
    """Where in the input something stands; ``line`` and ``column`` count from 1, 0 when there is none."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Problem(NamedTuple):
    """One mistake in the input: where, in which field, what is wrong, what is allowed, what was perhaps meant."""

    place: Place
    field: str
    wrong: str
    allowed: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        told = "; ".join(part for part in (self.wrong, self.allowed, self.suggestion) if part)
        return visible(f"{self.place}: {self.field}: {told}" if self.field else f"{self.place}: {told}")


class InputError(CommsError):
    """Every mistake of one reading, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.place))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class TemplateError(CommsError):
    """A mistake in a template or letterhead: the file, the place in it, and the names that exist."""

    def __init__(self, place: Place, wrong: str, allowed: str = "") -> None:
        self.place = place
        super().__init__(str(Problem(place, "", wrong, allowed)))


class UnknownNameError(CommsError):
    """An id, audience or language that does not exist, with the nearest that does."""


class HeldError(CommsError):
    """A held draft was to be saved as if it might go out."""

    exit_code = 1


class ReviewError(CommsError):
    """A finding of severity error stops a draft."""

    exit_code = 1


class WritingError(CommsError):
    """A file can't be written, or stands there with other content."""

    exit_code = 3


class ChangedError(CommsError):
    """Recipients, texts or options are not as they were when a merge was begun."""
