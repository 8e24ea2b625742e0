"""An incident in, drafts out: composed, reviewed, gated. Saving goes through here, so no user gets around the gates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from comms import compose, languages, resources
from comms.characters import visible
from comms.compose import Salutation, school_view
from comms.decisions import Condition, PlannedMessage
from comms.document import Banner, Block, Message, Passage, Run
from comms.documents import Document, documents
from comms.errors import HeldError, ReviewError, UnknownNameError
from comms.fields import nearest
from comms.incident import AUDIENCES, Incident
from comms.languages import UI_LANGUAGES, _, current_ui_language, ui_language
from comms.markup import Gap
from comms.organisations import OLD_AFTER_DAYS, oldest_check, organisations
from comms.planning import Plan, plan
from comms.protected import contains
from comms.review.case import circumstances, protected_words
from comms.review.checking import ALWAYS_ON, check_written
from comms.review.findings import Finding
from comms.review.ruleset import LANGUAGES
from comms.review.written import from_blocks
from comms.school import School
from comms.writing import write_files

if TYPE_CHECKING:
    from comms.render.email import Series as MailSeries
    from comms.render.series import OneByOne, Series

FORMATS = ("docx", "html", "md", "txt", "eml")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message for one audience in one language, in every format. A held one carries its banner in each of them."""

    document: Document
    planned: PlannedMessage
    message: Message
    school: School
    protected: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def audience(self) -> str:
        """Who gets it; a document that goes with a message is for the crisis team."""
        return self.document.audience

    @property
    def language(self) -> str:
        return self.message.language

    @property
    def decision(self) -> str:
        return self.planned.decision

    @property
    def variant(self) -> str:
        return self.planned.variant

    @property
    def title(self) -> str:
        return self.message.title

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What is said, each with its id and the provisions that it carries out."""
        return self.message.passages

    @property
    def gaps(self) -> tuple[str, ...]:
        """The values that the profile lacks, as they stand in the text."""
        return self.message.gaps()

    @property
    def markdown(self) -> str:
        from comms.render import markdown

        return markdown.render(self.message)

    @property
    def text(self) -> str:
        from comms.render import text

        return text.render(self.message)

    @property
    def html(self) -> str:
        """A complete page."""
        from comms.render import html

        return html.render(self.message)

    @property
    def html_fragment(self) -> str:
        """Only the message, for a school's website system."""
        from comms.render import html

        return html.render_fragment(self.message)

    def docx_bytes(self) -> bytes:
        """A Word file on the school's letterhead, or on ours.

        Raises TemplateError when the letterhead is wrong, ReviewError when it holds a protected word.
        """
        from comms.render import docx

        made = docx.letterhead(self.letterhead_path).render(self.message, self.letterhead_values())
        self._refuse_protected(made)
        return made

    def letterhead_gaps(self) -> tuple[str, ...]:
        """The values that the profile lacks and the letterhead names; they show in the Word file only."""
        from comms.render import docx

        values = dict(_dotted(self.letterhead_values()))
        named = sorted(docx.letterhead(self.letterhead_path).names)
        return tuple(
            values[name]
            for name in named
            if values.get(name, "").startswith("【") and not name.startswith("recipient.")
        )

    def letterhead_fields(self) -> tuple[str, ...]:
        """The values of a recipient that the letterhead names."""
        from comms.render import docx

        named = sorted(docx.letterhead(self.letterhead_path).names)
        return tuple(name.removeprefix("recipient.") for name in named if name.startswith("recipient."))

    @property
    def letterhead_path(self) -> Path:
        """The school's letterhead, or ours."""
        return self.school.letterhead or resources.folder("templates") / "letterhead.docx"

    def letterhead_values(self) -> dict[str, Any]:
        """What the letterhead may name next to the parts of the message."""
        from comms.render import docx

        named = (name.partition(".") for name in docx.letterhead(self.letterhead_path).names)
        # Whom a letter goes to is known in a merge only; here it is shown where that will stand.
        nobody = {field: Gap.named(field) for owner, _dot, field in named if owner == "recipient" and field}
        return {"school": _texts(school_view(self.school, self.language)), "recipient": nobody}

    def series(self, columns: Iterable[str], *, bound: bool = False) -> Series | OneByOne:
        """Makes Word letters to many, from the values of each recipient by column; ``bound``: in one document.

        Raises TemplateError when the letterhead is wrong, ReviewError when it holds a protected word.
        """
        from comms.render import docx
        from comms.render.series import series

        columns = tuple(columns)
        letterhead = docx.letterhead(self.letterhead_path)
        made = series(letterhead, self.message, self.letterhead_values(), columns, bound=bound)
        self._refuse_protected(made.letter(dict.fromkeys(columns, "")))
        return made

    def mails(self) -> MailSeries:
        """Makes mails to many, from the values of each recipient by column and their address."""
        from comms.render import email

        return email.Series(self.message)

    def _refuse_protected(self, made: bytes) -> None:
        from comms.render import docx

        if self.protected and contains(docx.shown_text(made), self.protected):
            wrong = _("in het briefpapier staat een beschermd woord, en dat mag in geen tekst komen")
            raise ReviewError(f"{self.letterhead_path.name}: {wrong}")

    def eml_bytes(self) -> bytes:
        """A mail that opens as a draft, without recipients."""
        from comms.render import email

        return email.render(self.message)

    def content(self, suffix: str, *, fragment: bool = False) -> bytes:
        """The bytes of a file with this suffix: docx, html, md, txt or eml. Raises UnknownNameError."""
        if suffix == "docx":
            return self.docx_bytes()
        if suffix == "eml":
            return self.eml_bytes()
        if suffix not in FORMATS:
            wrong = _("concepten zijn er niet als .{suffix}").format(suffix=suffix)
            known = _("toegestaan: {words}").format(words=", ".join(FORMATS))
            raise UnknownNameError(f"{wrong}; {known}")
        page = self.html_fragment if fragment else ""
        return (
            page or {"html": lambda: self.html, "md": lambda: self.markdown, "txt": lambda: self.text}[suffix]()
        ).encode()

    def save(self, path: Path | str, *, include_held: bool = False, overwrite: bool = False) -> None:
        """Writes the draft in the format of the path's suffix, whole or not at all.

        Raises HeldError when it is held and ``include_held`` is False, UnknownNameError for another suffix, and
        WritingError when the file can't be written or exists with other content and ``overwrite`` is False.
        """
        path = Path(path)
        self.refuse_held(include_held)
        write_files({path: self.content(path.suffix.lower().removeprefix("."))}, overwrite=overwrite)

    def refuse_held(self, include_held: bool) -> None:
        """Raises HeldError for a held draft, unless whoever saves it asked for held ones."""
        if self.decision == "hold" and not include_held:
            wrong = _("{audience}: dit bericht mag nog niet uitgaan").format(
                audience=_(AUDIENCES[self.planned.audience])
            )
            waits = " ".join(condition.text for condition in self.planned.conditions)
            raise HeldError(f"{wrong}. {waits}")

    def to_dict(self) -> dict[str, Any]:
        """The form of ``comms draft --json``."""
        from comms.render import markdown

        return {
            "audience": self.audience,
            **({"document": self.document.id} if self.document.id != self.audience else {}),
            "language": self.language,
            "decision": self.decision,
            "variant": self.variant,
            "title": self.title,
            "markdown": self.markdown,
            "text": self.text,
            "html": self.html,
            "passages": [
                {"id": each.id, "provisions": list(each.provisions), "markdown": markdown.render_passage(each)}
                for each in self.passages
            ],
            "findings": [finding.to_dict() for finding in self.findings],
            "gaps": list(self.gaps),
        }


def draft(
    incident: Incident, audiences: Iterable[str] | None = None, languages: Iterable[str] | None = None
) -> list[Draft]:
    """The drafts that follow from the facts: messages in the order of sending, then what goes with them.

    Held ones are included and marked, withheld ones not.

    ``audiences``: only the messages to these, or documents by their id; else everything that there is a text for. ``languages``: their codes, else the school's.
    Raises UnknownNameError, TemplateError and, when the review finds an error, ReviewError.
    """
    return drafts_of(incident, plan(incident), audiences, languages)


def drafts_of(
    incident: Incident, made: Plan, audiences: Iterable[str] | None = None, languages: Iterable[str] | None = None
) -> list[Draft]:
    """As :func:`draft`, from a plan that was already made."""
    chosen = _chosen(audiences)
    codes = tuple(dict.fromkeys(languages)) if languages is not None else incident.school.languages
    for code in codes:
        compose.check_language(code)
    return [
        _drafted(incident, made, document, code)
        for document in chosen
        for code in codes
        if made.message(document.governed_by).decision != "withhold" and document.when(incident)
        if not document.internal or code in UI_LANGUAGES
    ]


def _chosen(names: Iterable[str] | None) -> tuple[Document, ...]:
    known = documents()
    if names is None:
        return tuple(known.values())
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            wrong = _("voor “{audience}” is er geen tekst").format(audience=name)
            allowed = _("toegestaan: {words}").format(words=", ".join(known))
            raise UnknownNameError("; ".join(part for part in (wrong, allowed, nearest(name, known)) if part))
    return tuple(document for document in known.values() if document.id in wanted)


def letter_of(
    incident: Incident, made: Plan, audience: str, language: str, salutation: Salutation, columns: Iterable[str]
) -> Draft:
    """The draft of letters to many: its message waits for values of the columns, and greets as ``salutation`` says.

    Raises as :func:`draft`, and HeldError where the plan does not let it go out.
    """
    if made.message(audience).decision == "withhold":
        raise HeldError(_("{audience}: het advies is om niets te sturen").format(audience=_(AUDIENCES[audience])))
    found = _drafted(incident, made, documents()[audience], language, salutation, tuple(columns))
    found.refuse_held(False)
    return found


def _drafted(
    incident: Incident,
    made: Plan,
    document: Document,
    language: str,
    salutation: Salutation = "",
    columns: Iterable[str] | None = None,
) -> Draft:
    planned = made.message(document.governed_by)
    banner = banner_of(planned.conditions) if planned.decision == "hold" else None
    if document.internal and language != current_ui_language():
        with ui_language(language):  # what such a document takes from the plan is in its own language
            message = compose.compose(incident, plan(incident), document, language, banner)
    else:
        message = compose.compose(incident, made, document, language, banner, salutation, columns)
    cases = cases_of(incident, document, planned.variant)
    findings = reviewed(incident, document, planned.variant, message, cases)
    return Draft(document, planned, message, incident.school, incident.protected, findings)


def reviewed(
    incident: Incident, document: Document, variant: str, message: Message, cases: frozenset[str]
) -> tuple[Finding, ...]:
    """The gate of every draft: what the review finds; ReviewError when an error is in a text that goes out.

    Whether the text may go out is the plan's to say, and stands on the draft itself. A minimal text leaves out on purpose
    what a letter says otherwise, and a document that stays inside is no letter. ``cases``: as :func:`cases_of` gives them.
    """
    written = from_blocks((passage.id, block) for passage in message.passages for block in passage.blocks)
    findings = list(protected_words(written, incident))
    if message.language in LANGUAGES:
        whole = None if document.internal or document.id != document.audience else document.audience
        found = check_written(
            written,
            message.language,
            whole,
            school=incident.school,
            any_length=True,
            cases=cases,
            group=incident.group,
        )
        asked_for_all = variant == "full" and not document.internal
        findings += [each for each in found if asked_for_all or each.category != "missing"]
    # A document that stays inside quotes what nobody should say, and no crisis team may be left without its list.
    stops = [
        each for each in findings if each.severity == "error" and (not document.internal or each.rule in ALWAYS_ON)
    ]
    if stops:
        told = "\n".join(f"{message.audience}: {finding.passage}: {finding.message}" for finding in stops)
        raise ReviewError(told)
    return tuple(findings)


def cases_of(incident: Incident, document: Document, variant: str) -> frozenset[str]:
    """Which rules hold for a document in this case only. One that stays inside may say what letters may not."""
    return frozenset() if document.internal else circumstances(incident, document.governed_by, variant)


def banner_of(conditions: tuple[Condition, ...]) -> Banner:
    """What stands above a held draft: do not send, and what it waits for."""
    lines = [Block("heading", (Run(_("NIET VERZENDEN"), bold=True),), 1)]
    lines.append(Block("paragraph", (Run(_("Dit bericht mag pas uitgaan als dit is gedaan:")),)))
    for condition in conditions:
        ids = f" ({', '.join(condition.provisions)})"
        lines.append(Block("bullet", (Run(visible(condition.text)), Run(ids))))
    return Banner(current_ui_language(), tuple(lines))


def _texts(view: Any) -> dict[str, Any]:
    """A view of the profile as nested texts, for the letterhead."""
    texts: dict[str, Any] = {}
    for name, value in vars(view).items():
        if isinstance(value, str):
            texts[name] = str(value)
        elif isinstance(value, SimpleNamespace):
            texts[name] = _texts(value)
    return texts


def _dotted(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, str):
            yield f"{prefix}{name}", value
        else:
            yield from _dotted(value, f"{prefix}{name}.")


def contacts_checked_on(drafts: Iterable[Draft]) -> str:
    """How old the contact data of help organisations in these drafts are, and to check them when they are old."""
    schools = [each.school for each in drafts]
    oldest = oldest_check(organisations(schools[0]).values())
    days = (date.today() - oldest).days
    if days <= OLD_AFTER_DAYS:
        return _("Gegevens van hulporganisaties: nagekeken op {day}.").format(day=oldest)
    told = _(
        "Gegevens van hulporganisaties: nagekeken op {day}, {days} dagen geleden. Kijk ze na voordat u iets verstuurt."
    )
    return told.format(day=oldest, days=days)


def unread_languages(drafts: Iterable[Draft]) -> tuple[str, ...]:
    """The languages of these drafts that no native speaker has read yet."""
    codes = dict.fromkeys(each.language for each in drafts)
    return tuple(code for code in codes if not languages.available()[code].native_reader)
