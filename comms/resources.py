"""Where the program's own data files are: beside the code when installed, beside the package in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder ``templates`` or ``locales``: in the package (a wheel carries them) or at the project's top."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def file(name: str) -> Path:
    """A data file that stands in the package itself, such as ``policy.toml``."""
    return _PACKAGE / name
