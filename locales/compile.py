"""Build hook: compiles the catalogues, so that a plain install speaks every language, the templates, the letterhead
and the rules.

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
        sys.path.insert(0, self.root)
        rules = self._compile_rules()
        locales = Path(self.root) / "locales"
        for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            with source.open("rb") as po, compiled.open("wb") as mo:
                write_mo(mo, read_po(po))
            if version != "editable":
                build_data["force_include"][str(compiled)] = f"comms/{compiled.relative_to(self.root).as_posix()}"
        if version != "editable":
            build_data["force_include"][str(locales / "languages.toml")] = "comms/locales/languages.toml"
            for path in rules.iterdir():
                build_data["force_include"][str(path)] = path.relative_to(self.root).as_posix()
        self._keep()

    def _keep(self) -> None:
        """What is made of templates and letterhead goes into their folder, and with it into the package."""
        from comms import dates, templating, texts
        from comms.languages import available
        from comms.render import kept
        from comms.render.docx import language_tag
        from comms.render.letterhead import compiled, in_language

        folder = Path(self.root) / "templates" / "compiled"
        letterhead = folder.parent / kept.LETTERHEAD
        made = compiled(letterhead)
        keys = [(language_tag(each.code), each.direction == "rtl") for each in available().values()]
        styles = {key: in_language(made.styles, *key) for key in keys}
        files = templating.to_keep() | dict(texts.keep_bodies())
        files |= [kept.keep(made, styles, letterhead.read_bytes()), *map(dates.keep, available())]
        self._write(folder, files)

    def _compile_rules(self) -> Path:
        """They stand in the package, but a wheel leaves out what git ignores."""
        from comms.review.rules import compile_rules

        folder = Path(self.root) / "comms" / "review" / "rules" / "compiled"
        self._write(folder, compile_rules())
        return folder

    def _write(self, folder: Path, files: dict[str, bytes]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
