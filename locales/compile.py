"""Build hook: compiles the catalogues, so that a plain install speaks every language.

A wheel carries the compiled catalogues in the package. An editable install ignores files that are put
in by force, so there they are written, ignored by git, beside their sources.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        locales = Path(self.root) / "locales"
        for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            with source.open("rb") as po, compiled.open("wb") as mo:
                write_mo(mo, read_po(po))
            if version != "editable":
                build_data["force_include"][str(compiled)] = f"comms/{compiled.relative_to(self.root).as_posix()}"
        if version != "editable":
            build_data["force_include"][str(locales / "languages.toml")] = "comms/locales/languages.toml"
