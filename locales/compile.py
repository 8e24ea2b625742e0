"""Build hook: compiles the catalogues, so that a plain install speaks every language, and the templates.

A wheel carries what is compiled in the package. An editable install ignores files that are put in by
force, so there it stands, ignored by git, beside its sources.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Compile(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._compile_templates()
        locales = Path(self.root) / "locales"
        for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            with source.open("rb") as po, compiled.open("wb") as mo:
                write_mo(mo, read_po(po))
            if version != "editable":
                build_data["force_include"][str(compiled)] = f"comms/{compiled.relative_to(self.root).as_posix()}"
        if version != "editable":
            build_data["force_include"][str(locales / "languages.toml")] = "comms/locales/languages.toml"

    def _compile_templates(self) -> None:
        """They are put in with the folder that they stand in."""
        sys.path.insert(0, self.root)
        from comms.passages import compile_templates

        folder = Path(self.root) / "templates" / "messages" / "compiled"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in compile_templates().items():
            (folder / name).write_bytes(content)
