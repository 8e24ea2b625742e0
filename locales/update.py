"""Brings the catalogues up to date with the texts and the code: ``python locales/update.py``.

Three domains: ``messages`` (the passages of the drafts, each with its id as context, and the hours of help
organisations), ``ui`` (what the program says), and ``click`` (what the command line library says, in Dutch).
New entries come in empty, changed passages keep their old translation marked fuzzy, entries that are gone go.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

LOCALES = Path(__file__).resolve().parent
TOP = LOCALES.parent

Extracted = Iterator[tuple[int, str | None, Any, list[str]]]


def extract_passages(file: IO[bytes], _keywords: Any, _tags: Any, options: Any) -> Extracted:
    """Babel's extractor for templates: a passage's body, its id as context, what it carries as comment."""
    from comms.passages import passages_in

    for passage in passages_in(file.read().decode("utf-8"), getattr(file, "name", "")):
        comments = ["carries " + " ".join(passage.provisions)] if passage.provisions else []
        yield passage.line, "pgettext", (passage.id, passage.body), comments


def messages() -> Catalog:
    """What the drafts say, in Dutch."""
    from comms.organisations import organisations

    catalogue = _empty("messages")
    methods = [("**.md.j2", extract_passages)]
    found = extract_from_dir(str(TOP / "templates" / "messages"), methods, keywords={"pgettext": ((1, "c"), 2)})
    for name, line, message, comments, context in found:
        catalogue.add(
            message, locations=[(f"templates/messages/{name}", line)], auto_comments=comments, context=context
        )
    for key, organisation in organisations().items():
        if "hours" in organisation.facts:
            hours = organisation.facts["hours"].value
            catalogue.add(hours, locations=[("comms/organisations.toml", 1)], context=f"organisation.{key}.hours")
    return catalogue


def ui() -> Catalog:
    """What the program says, in Dutch."""
    catalogue = _empty("ui")
    keywords = {"_": None, "N_": None}
    for name, line, message, comments, context in extract_from_dir(
        str(TOP / "comms"), [("**.py", "python")], keywords=keywords
    ):
        catalogue.add(message, locations=[(f"comms/{name}", line)], auto_comments=comments, context=context)
    return catalogue


def _empty(domain: str) -> Catalog:
    return Catalog(project="comms", version="", domain=domain, charset="utf-8", fuzzy=False)


def brought_up_to_date(path: Path, source: Catalog) -> Catalog:
    """The catalogue at the path with the source's entries: translations kept, what is gone left out."""
    language = path.parent.parent.name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=language, project="comms", charset="utf-8", fuzzy=False)
    else:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.header_comment = f"# comms: {language}, translated from Dutch."
    source.creation_date = catalogue.creation_date  # or every run would change the file
    catalogue.update(source, no_fuzzy_matching=source.domain == "ui")
    catalogue.obsolete.clear()
    return catalogue


def languages() -> list[str]:
    """The languages other than the source, from the folders."""
    return sorted(path.name for path in LOCALES.iterdir() if path.is_dir() and path.name not in ("nl", "__pycache__"))


def main() -> None:
    for language in languages():
        folder = LOCALES / language / "LC_MESSAGES"
        for source in (messages(), ui()):
            path = folder / f"{source.domain}.po"
            if source.domain == "ui" and language != "en":
                continue
            catalogue = brought_up_to_date(path, source)
            with path.open("wb") as file:
                write_po(file, catalogue, width=100, include_lineno=False, sort_by_file=False)


if __name__ == "__main__":
    main()
