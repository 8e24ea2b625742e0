"""Letters by docxtpl itself, for what the fast way does not cover: pictures and other Word files by value.

``{{ picture("logo.png", 40) }}`` puts in a picture, 40 mm wide, and ``{{p document("huisregels.docx") }}`` a Word file;
both stand in the folder of the letterhead. A letter then costs what docxtpl costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NoReturn

from markupsafe import Markup

from comms.errors import Place, TemplateError
from comms.languages import _
from comms.render.sandbox import as_typed, sandbox
from comms.render.tags import PARTS

VALUES: Final = ("picture", "document")
"""The tags that make docxtpl's own values."""


def rendered(path: Path, prepared: bytes, context: Mapping[str, object], blocks: Mapping[str, str]) -> bytes:
    """The letter as docxtpl saves it, without banner and properties. Raises TemplateError.

    ``prepared`` is the letterhead at ``path`` with the styles that it lacked.
    """
    from docxtpl import DocxTemplate

    template = DocxTemplate(BytesIO(prepared))
    files = _Files(path, template)
    values: dict[str, Any] = {**context, **{part: Markup(blocks[part]) for part in PARTS}}
    values |= {"picture": files.picture, "document": files.document}
    try:
        template.render(values, jinja_env=sandbox(_as_typed))
        saved = BytesIO()
        template.save(saved)
    except TemplateError:
        raise
    except Exception as error:  # an expression, a picture or a Word file can be wrong in any way
        raise TemplateError(Place(str(path)), str(error) or type(error).__name__) from error
    return saved.getvalue()


def _as_typed(value: object) -> Markup:
    if type(value).__module__.startswith("docxtpl."):
        return Markup(value.__html__())  # type: ignore[attr-defined]
    # docxtpl takes these for braces that are meant literally, also where a value holds them.
    return Markup(str(as_typed(value)).replace("{_", "{&#95;").replace("_}", "&#95;}"))


class _Files:
    """The files beside a letterhead; a value can't lead out of its folder."""

    def __init__(self, letterhead: Path, template: Any) -> None:
        self._letterhead = letterhead
        self._template = template

    def picture(self, name: object, width: float = 0) -> Any:
        from docx.shared import Mm
        from docxtpl import InlineImage

        if _is_gap(name):
            return name
        return InlineImage(self._template, str(self._found(name)), width=Mm(width) if width else None)

    def document(self, name: object) -> Any:
        if _is_gap(name):
            return name
        path = self._found(name)
        try:
            return self._template.new_subdoc(str(path))
        except ImportError:
            self._fail(_("een Word-bestand invoegen vraagt het pakket docxcompose: pip install docxcompose"))

    def _found(self, name: object) -> Path:
        folder = self._letterhead.resolve().parent
        path = folder / str(name)
        there = False
        with suppress(OSError, ValueError):  # a name that no file can have
            there = path.is_file() and path.resolve().is_relative_to(folder)
        if not there:
            self._fail(_("er is geen “{name}” in de map van het briefpapier").format(name=name))
        return path

    def _fail(self, wrong: str) -> NoReturn:
        raise TemplateError(Place(str(self._letterhead)), wrong)


def _is_gap(name: object) -> bool:
    return str(name).startswith("【")
