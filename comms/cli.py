"""The command line: arguments in, exit code out. It holds no rules of its own.

What a command needs beyond reading facts and making a plan is imported where it is used: a command that
prints a plan loads no support for texts or Word.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from comms import resources
from comms.errors import CommsError, InputError, Place
from comms.languages import UI_LANGUAGES, _, reason, ui_language

if TYPE_CHECKING:
    from comms.documents import Document
    from comms.drafts import Draft
    from comms.incident import Incident
    from comms.merging import Merge
    from comms.planning import Plan
    from comms.reading import Node
    from comms.recipients import Checked as CheckedRecipients
    from comms.review.reports import Checked

_LONGEST_ANSWER = 100_000
_WRONG_INPUT, _CANNOT_WRITE, _INTERRUPTED = 2, 3, 130
_COLOURS: dict[str, dict[str, Any]] = {
    "bold": {"bold": True},
    "dim": {"dim": True},
    "green": {"fg": "green", "bold": True},
    "yellow": {"fg": "yellow", "bold": True},
    "red": {"fg": "red"},
}


def main(arguments: list[str] | None = None) -> NoReturn:
    """The ``comms`` command; exits with the code that ``run`` returns."""
    # A command is over before what it loads could be garbage; looking for that so soon takes a tenth of its time.
    gc.set_threshold(100_000, 20, 20)
    code = run(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
    except OSError as error:
        _stop_output()
        code = code or (0 if isinstance(error, BrokenPipeError) else _CANNOT_WRITE)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Runs one command and returns its exit code: 0 fine, 1 findings, 2 wrong input or use, 3 cannot write, 130."""
    with ui_language(_language(arguments)) as language:
        _speak_through_click(language)
        try:
            result = _commands().main(arguments, prog_name="comms", standalone_mode=False)
            return result if isinstance(result, int) else 0
        except CommsError as error:
            _tell(str(error))
            return error.exit_code
        except click.ClickException as error:
            error.show()
            return _WRONG_INPUT
        except (KeyboardInterrupt, click.Abort):
            _tell(_("onderbroken"))
            return _INTERRUPTED
        except (BrokenPipeError, SystemExit):
            # Whoever reads our output has enough; click leaves through the second for the same reason.
            _stop_output()
            return 0
        except OSError as error:
            _stop_output()
            _tell(_("kan niet worden geschreven: {reason}").format(reason=reason(error)))
            return _CANNOT_WRITE


def _stop_output() -> None:
    """What still waits for standard output has nowhere to go; Python would complain of it at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _language(arguments: list[str]) -> str:
    """The language of the interface: the option, COMMS_LANG, the locale; Dutch when none says."""
    for number, argument in enumerate(arguments):
        if argument == "--ui-language" and number + 1 < len(arguments):
            asked = arguments[number + 1]
        elif argument.startswith("--ui-language="):
            asked = argument.partition("=")[2]
        else:
            continue
        if asked in UI_LANGUAGES:
            return asked
    for variable in ("COMMS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return value[:2] if value[:2] in UI_LANGUAGES else "nl"
    return "nl"


def _speak_through_click(language: str) -> None:
    """Click's own words go through gettext's default domain; give it ours."""
    import gettext

    gettext.bindtextdomain("click", resources.folder("locales"))
    gettext.textdomain("click")
    os.environ["LANGUAGE"] = language


def _tell(message: str) -> None:
    click.echo(message, err=True)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _say_json(value: object) -> None:
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2)
    # JSON may hold a lone surrogate only escaped.
    click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def _style(text: str, colour: str) -> str:
    return text if os.environ.get("NO_COLOR") else click.style(text, **_COLOURS[colour])


class _Command(click.Command):
    """A command that says its usage in the language of the interface."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, options_metavar=_("[OPTIES]"), **options)


class _Commands(click.Group):
    """The commands by name; each is made when it is asked for, in the language that is spoken then."""

    makers: dict[str, Callable[[], click.Command]]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.makers)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        maker = self.makers.get(cmd_name)
        return maker() if maker else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.makers and not args[0].startswith("-"):
            from comms.fields import nearest

            told = [
                _("er is geen opdracht “{name}”").format(name=args[0]),
                _("toegestaan: {words}").format(words=", ".join(self.makers)),
                nearest(args[0], self.makers),
            ]
            raise click.UsageError("; ".join(part for part in told if part), ctx)
        return super().resolve_command(ctx, args)


def _commands() -> click.Group:
    group = _Commands(
        "comms",
        options_metavar=_("[OPTIES]"),
        subcommand_metavar=_("OPDRACHT [ARGUMENTEN]..."),
        help=_("Schrijft wat een mbo-school zegt als intieme beelden van een student of docent zijn verspreid."),
        params=[
            click.Option(["--ui-language"], type=click.Choice(UI_LANGUAGES), expose_value=False, help=_("Taal van het programma: nl of en.")),
            click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help=_("Toon de versie.")),
        ],
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )  # fmt: skip
    group.makers = {
        "init": _make_init,
        "new": _make_new,
        "plan": _make_plan,
        "draft": _make_draft,
        "merge": _make_merge,
        "check": _make_check,
        "explain": _make_explain,
        "policy": _make_policy,
        "samples": _make_samples,
        "schema": _make_schema,
    }
    return group


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"comms {version('comms')}")
        ctx.exit()


# Facts: from a file, from options, or both.

_FACT_OPTIONS = ("scale", "media", "consent")


def _fact_parameters() -> list[click.Parameter]:
    from comms.incident import FIELDS, VICTIM_FIELDS

    values = {each.name: each.kind.values for each in (*FIELDS, *VICTIM_FIELDS) if hasattr(each.kind, "values")}
    return [
        click.Argument(["file"], required=False, metavar=_("[BESTAND]")),
        click.Option(["--school"], metavar=_("BESTAND"), help=_("Het schoolprofiel, als er geen incidentbestand is.")),
        *(
            click.Option([f"--{name}"], metavar="|".join(values[name]), help=_("Dit feit, in plaats van wat het bestand zegt."))
            for name in _FACT_OPTIONS
        ),
        click.Option(
            ["--set", "facts"], multiple=True, metavar=_("FEIT=WAARDE"), help=_("Elk ander feit, bijvoorbeeld victim.age=minor.")
        ),
    ]  # fmt: skip


def _incident(file: str | None, school: str | None, facts: tuple[str, ...], given: dict[str, str | None]) -> Incident:
    """The incident of a file with the facts of the options over it; raises InputError and click.UsageError."""
    from comms.incident import read
    from comms.reading import Scalar, Table, read_file, read_standard_input, read_text

    if file is None and school is None:
        raise click.UsageError(_("geef een incidentbestand, of --school met de feiten"))
    node: Node = Table(Place(_("opdrachtregel")), ())
    if file is not None:
        node = read_standard_input() if file == "-" else read_file(Path(file))
    base = Path(file).parent if file else Path()
    if not isinstance(node, Table):
        return read(node, base)
    if school is not None:
        node = node.with_value(["school"], Scalar(Place("--school"), str(Path(school).absolute())))
    for name, value in given.items():
        if value is not None:
            path = ["victim", name] if name == "consent" else [name]
            node = node.with_value(path, Scalar(Place(f"--{name}"), value))
    for fact in facts:
        name, equals, value = fact.partition("=")
        if not equals or not name:
            raise click.UsageError(_("--set {fact}: hier hoort FEIT=WAARDE").format(fact=fact))
        place = Place(f"--set {name}")
        listed = value[:1] in ("[", "{")
        node = node.with_value(name.split("."), read_text(value, place.file) if listed else Scalar(place, value))
    return read(node, base)


# new


def _make_new() -> click.Command:
    return _Command(
        "new",
        callback=_new,
        help=_(
            "Stelt de vragen die ertoe doen en schrijft het incidentbestand. Stoppen en later verdergaan kan altijd."
        ),
        params=[click.Argument(["file"], required=False, metavar=_("[BESTAND]"))],
    )


def _new(file: str | None) -> int:
    from comms.incident import Incident
    from comms.interview import Interview, Stopped, free_path, lead
    from comms.planning import plan
    from comms.presentation import plan_lines

    file = file or str(free_path(Path()))
    interview = Interview(Path(file))
    _tell(_("Typ een nummer of een woord. Leeg of ? is “weet ik niet”, terug is een vraag terug, stop is stoppen."))
    try:
        lead(interview, _ask, _tell)
        incident = Incident.load_text(interview.content(finished=True), Path(file))
        interview.save(finished=True)
    except (EOFError, Stopped, KeyboardInterrupt) as stop:
        _tell(_("Gestopt. Ga verder met: comms new {file}").format(file=file))
        return _INTERRUPTED if isinstance(stop, KeyboardInterrupt) else 0
    except InputError:
        # The answers are kept; some value of theirs or of the profile can't be used.
        _tell(_("Verander dit in {file} of in het schoolprofiel, of typ terug in: comms new {file}").format(file=file))
        raise
    except CommsError:
        # A full disk: what was answered must not be lost.
        _tell(_("Niet opgeslagen. Dit waren de antwoorden:"))
        _tell(interview.content(finished=False))
        raise
    _say(plan_lines(incident, plan(incident), _style))
    _tell(_("Opgeslagen in {file}. Daarna: comms draft {file}").format(file=file))
    return 0


def _ask(prompt: str) -> str:
    """A line from a person or a pipe; the prompt goes where messages go, so that the plan alone is the data."""
    click.echo(prompt, err=True, nl=False)
    source = getattr(sys.stdin, "buffer", sys.stdin)
    line = source.readline(_LONGEST_ANSWER)
    if not line:
        raise EOFError
    return (line if isinstance(line, str) else line.decode("utf-8", "replace")).rstrip("\r\n")


# plan


def _make_plan() -> click.Command:
    return _Command(
        "plan",
        callback=_plan,
        help=_("Wie hoort wat, wanneer en waarom. BESTAND is een incidentbestand; - leest van standaardinvoer."),
        params=[*_fact_parameters(), click.Option(["--json", "as_json"], is_flag=True, help=_("Als JSON."))],
    )


def _plan(file: str | None, school: str | None, facts: tuple[str, ...], as_json: bool, **given: str | None) -> None:
    from comms.planning import plan

    incident = _incident(file, school, facts, given)
    made = plan(incident)
    if as_json:
        _say_json(made.to_dict())
    else:
        from comms.presentation import plan_lines

        _say(plan_lines(incident, made, _style))


# draft


def _make_draft() -> click.Command:
    formats = ("docx", "html", "md", "txt", "eml")
    return _Command(
        "draft",
        callback=_draft,
        help=_("Schrijft de concepten. BESTAND is een incidentbestand; - leest van standaardinvoer."),
        params=[
            *_fact_parameters(),
            click.Option(["-a", "--audience", "audiences"], multiple=True, metavar=_("ONTVANGER"), shell_complete=_complete_audience, help=_("Alleen voor deze ontvanger, bijvoorbeeld students, of alleen dit stuk, bijvoorbeeld phone_card. Mag vaker.")),
            click.Option(["-l", "--language", "languages"], multiple=True, metavar=_("TAAL"), help=_("In deze taal, anders in de talen van de school. Mag vaker.")),
            click.Option(["-f", "--format", "formats"], multiple=True, type=click.Choice(formats), help=_("In deze vorm, anders docx. Mag vaker.")),
            click.Option(["-o", "--output"], metavar=_("MAP"), help=_("In deze map, anders drafts.")),
            click.Option(["--annotated"], is_flag=True, help=_("Ook een kopie in Word om van te leren: bij elke passage een opmerking met wat het beleid vraagt en waarom zij er staat.")),
            click.Option(["--fragment"], is_flag=True, help=_("HTML zonder pagina eromheen, voor een websitesysteem.")),
            click.Option(["--include-held"], is_flag=True, help=_("Ook wat nog niet uit mag, met NIET VERZENDEN erboven.")),
            click.Option(["--overwrite"], is_flag=True, help=_("Vervang bestanden die anders zijn.")),
            click.Option(["--json", "as_json"], is_flag=True, help=_("De concepten als JSON; schrijft alleen bestanden met -o.")),
        ],
    )  # fmt: skip


def _complete_audience(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from comms.documents import documents

    return [name for name in documents() if name.startswith(incomplete)]


def _draft(
    file: str | None,
    school: str | None,
    facts: tuple[str, ...],
    audiences: tuple[str, ...],
    languages: tuple[str, ...],
    formats: tuple[str, ...],
    output: str | None,
    annotated: bool,
    fragment: bool,
    include_held: bool,
    overwrite: bool,
    as_json: bool,
    **given: str | None,
) -> None:
    from comms.documents import documents
    from comms.drafts import drafts_of
    from comms.planning import plan
    from comms.writing import write_files

    incident = _incident(file, school, facts, given)
    made = plan(incident)
    drafts = drafts_of(incident, made, audiences or None, languages or None)
    chosen = [each for each in drafts if each.decision != "hold" or include_held]
    wanted = {documents()[name].governed_by for name in audiences or documents()}
    there = {each.document.id for each in drafts}
    missing = [
        name
        for name in audiences
        if name not in there and made.message(documents()[name].governed_by).decision != "withhold"
    ]
    _tell_what_is_not_written(made, wanted, missing, include_held)
    formats = () if as_json and output is None else formats or ("docx",)
    if formats:
        folder = Path(output or "drafts")
        files = {
            folder / f"{each.document.id}.{each.language}.{suffix}": each.content(suffix, fragment=fragment)
            for each in chosen
            for suffix in formats
        }
        if annotated:
            files |= _annotated(folder, chosen, incident, made)
        _tell_what_stands_there(folder, incident, made, files)
        write_files(files, overwrite=overwrite)
        if not as_json:
            _say(str(path) for path in files)
    if as_json:
        _say_json({"drafts": [each.to_dict() for each in chosen]})
    _tell_about(chosen, formats)


def _annotated(folder: Path, drafts: Iterable[Draft], incident: Incident, made: Plan) -> dict[Path, bytes]:
    from comms.training.annotated import SUFFIX, annotated

    return {folder / f"{each.document.id}.{each.language}.{SUFFIX}": annotated(each, incident, made) for each in drafts}


def _tell_what_is_not_written(made: Plan, wanted: set[str], missing: Iterable[str], include_held: bool) -> None:
    from comms.decisions import deciding
    from comms.incident import AUDIENCES

    for document in missing:
        _tell(_("{id}: hoort niet bij deze feiten, of bestaat niet in deze taal").format(id=document))
    for message in made.messages:
        name = _(AUDIENCES[message.audience])
        if message.audience in wanted and message.decision == "withhold":
            why = " ".join(reason.text for reason in deciding(message))
            _tell(_("{audience}: geen tekst. {why}").format(audience=name, why=why))
        elif message.audience in wanted and message.decision == "hold" and not include_held:
            first = " ".join(condition.text for condition in message.conditions)
            _tell(
                _("{audience}: wacht, niets geschreven (--include-held wel). Eerst: {first}").format(
                    audience=name, first=first
                )
            )


def _tell_what_stands_there(folder: Path, incident: Incident, made: Plan, written: Iterable[Path]) -> None:
    """A text from before a refusal must not go out because it still lies in the folder."""
    from comms.documents import documents

    known = set(written)
    standing = [
        path
        for document in documents().values()
        for path in sorted(folder.glob(f"{document.id}.*"))
        if path not in known and path.is_file() and not _may_stand(path, document, incident, made)
    ]
    if standing:
        names = ", ".join(str(path) for path in standing)
        _tell(_("Let op: dit staat er nog van eerder en mag niet (meer) uitgaan: {names}").format(names=names))


def _may_stand(path: Path, document: Document, incident: Incident, made: Plan) -> bool:
    """Whether a file that this run does not write may still go out: what it holds is not looked at unless it matters."""
    from comms.drafts import drafts_of

    message = made.message(document.governed_by)
    if message.decision != "send" or not document.when(incident):
        return False
    if message.variant == "full":
        return True
    from comms.training.annotated import SUFFIX, annotated

    # Only a short text may go out: one from before may be the full one.
    try:
        _id, language, suffix = path.name.split(".", 2)
        now = drafts_of(incident, made, [document.id], [language])
        if suffix == SUFFIX:
            return path.read_bytes() in [annotated(each, incident, made) for each in now]
        return path.read_bytes() in [each.content(suffix) for each in now]
    except (CommsError, ValueError, OSError):
        return False


def _tell_about(drafts: list[Draft], formats: tuple[str, ...]) -> None:
    """What whoever sends these should know: gaps, languages nobody read, and how old the contact data are."""
    if not drafts:
        return
    from comms.drafts import contacts_checked_on, unread_languages
    from comms.languages import available

    where: dict[str, dict[str, None]] = {}
    for each in drafts:
        for gap in (*each.gaps, *(each.letterhead_gaps() if "docx" in formats else ())):
            where.setdefault(gap, {})[each.document.id] = None
    if where:
        _tell(_("Vul nog in, in het schoolprofiel of met de hand:"))
        _tell_gaps(where)
    for code in unread_languages(drafts):
        told = _("{language}: nog niet gelezen door iemand met deze moedertaal. Laat dat eerst doen.")
        _tell(told.format(language=available()[code].name))
    _tell(contacts_checked_on(drafts))


def _tell_gaps(where: dict[str, dict[str, None]]) -> None:
    for gap, documents in where.items():
        _tell(f"  {gap}: {', '.join(documents)}")


# merge


def _make_merge() -> click.Command:
    return _Command(
        "merge",
        callback=_merge,
        help=_("Schrijft een brief aan elke ontvanger in een CSV- of Excelbestand, elk in de eigen taal. Onderbroken? Dezelfde opdracht gaat verder."),
        params=[
            click.Argument(["file"], required=False, metavar=_("BESTAND")),
            click.Argument(["recipients"], required=False, metavar=_("ONTVANGERS")),
            *_fact_parameters()[1:],
            click.Option(["-a", "--audience"], default="parents", metavar=_("ONTVANGER"), help=_("De brief: parents, students of teachers; anders parents.")),
            click.Option(["-f", "--format", "form"], type=click.Choice(["docx", "eml"]), default="docx", help=_("Een Word-bestand of een mail per ontvanger, anders docx.")),
            click.Option(["--combined"], is_flag=True, help=_("Alle brieven in één Word-bestand per taal, om te printen.")),
            click.Option(["--mbox"], is_flag=True, help=_("Alle mails in één postbusbestand.")),
            click.Option(["-o", "--output"], metavar=_("MAP"), help=_("In deze map, anders letters.")),
            click.Option(["--check"], is_flag=True, help=_("Kijk alleen de ontvangers na; schrijf niets.")),
            click.Option(["--preview"], type=click.IntRange(min=1), metavar=_("AANTAL"), help=_("Schrijf alleen de eerste brieven, in de map preview.")),
            click.Option(["--leave-out", "left_out"], multiple=True, metavar=_("RIJ"), help=_("Deze rij krijgt geen brief. Mag vaker; 12-20 kan ook.")),
            click.Option(["--confirm", "confirmed"], multiple=True, metavar=_("RIJ"), help=_("Deze rij krijgt een brief, ook al staat er een beschermd woord in. Mag vaker.")),
            click.Option(["--name-by"], metavar=_("KOLOM"), help=_("Zet de waarde van deze kolom in de bestandsnaam.")),
            click.Option(["--status", "status_of"], metavar=_("MAP"), help=_("Zeg hoe ver de samenvoeging in deze map is.")),
        ],
    )  # fmt: skip


def _merge(
    file: str | None,
    recipients: str | None,
    school: str | None,
    facts: tuple[str, ...],
    audience: str,
    form: str,
    combined: bool,
    mbox: bool,
    output: str | None,
    check: bool,
    preview: int | None,
    left_out: tuple[str, ...],
    confirmed: tuple[str, ...],
    name_by: str | None,
    status_of: str | None,
    **given: str | None,
) -> int:
    if status_of is not None:
        return _tell_status(Path(status_of))
    if file is None or recipients is None:
        raise click.UsageError(_("geef een incidentbestand en een bestand met ontvangers"))
    from comms.incident import AUDIENCES
    from comms.merging import LETTERS, Merge
    from comms.planning import plan

    incident = _incident(file, school, facts, given)
    decided = plan(incident).message(audience) if audience in LETTERS else None
    if decided is not None and decided.decision != "send":
        _tell_what_is_not_written(plan(incident), {audience}, [], include_held=True)
        conditions = " ".join(condition.text for condition in decided.conditions)
        if decided.decision == "hold":
            name = _(AUDIENCES[audience])
            _tell(_("{audience}: wacht, niets samengevoegd. Eerst: {first}").format(audience=name, first=conditions))
        return 0
    merge = Merge(
        incident,
        recipients,
        audience,
        form="mbox" if mbox else "combined" if combined else form,
        leave_out=_rows(left_out, "--leave-out"),
        confirm=_rows(confirmed, "--confirm"),
        name_by=name_by or "",
    )
    for note in merge.recipients.notes:
        _tell(f"{recipients}: {note}")
    for warning in merge.warnings():
        _tell(_("Let op: {warning}").format(warning=warning))
    folder = Path(output or "letters")
    if check or preview:
        with _Bar() as bar:
            checked = merge.check(bar.tell)
        _tell_checked(merge, checked)
        if preview:
            _say(str(path) for path in merge.preview(folder, preview))
        return 0
    if gaps := merge.gaps():
        _tell(_("Er gaat nog niets uit. Vul eerst in, in het schoolprofiel:"))
        _tell_gaps({gap: {audience: None} for gap in gaps})
        return _WRONG_INPUT
    try:
        with _Bar() as bar:
            made = merge.write(folder, bar.tell)
    except KeyboardInterrupt:
        told = _("Onderbroken; {done} brieven zijn klaar. Dezelfde opdracht gaat verder waar u was.")
        _tell(told.format(done=merge.done))
        return _INTERRUPTED
    _tell_checked(merge, merge.checked)
    if made.missing:
        from comms.recipients import listed

        told = _("Niet meer in de map, en niet opnieuw geschreven: de brieven aan rij {rows}")
        _tell(told.format(rows=listed(made.missing)))
    if made.before:
        _tell(_("Al geschreven bij een eerdere start: {count}").format(count=made.before))
    _tell_about_merge(merge)
    _say([_("{folder}: {count} brieven").format(folder=folder, count=made.total)])
    return 0


def _rows(given: tuple[str, ...], option: str) -> set[int]:
    """The numbers of rows in an option: ``12``, ``12,40`` or ``12-20``. Raises click.UsageError."""
    rows: set[int] = set()
    for part in (part for each in given for part in each.split(",")):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise click.UsageError(
                _("{option} {value}: hier hoort het nummer van een rij").format(option=option, value=part)
            )
        rows.update(range(int(first), int(last if dash else first) + 1))
    return rows


class _Bar:
    """Progress of a merge: a bar on a terminal, now and then a plain line elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._tenths = -1
        self._counting = False
        self._bar: Any = None

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()
        elif self._counting:
            _tell("")

    def tell(self, done: int, total: int) -> None:
        """Shows that so many letters are done, of so many; where that is 0, so many recipients are checked."""
        if not total:
            if self._terminal:
                self._counting = True
                click.echo("\r" + _("nagekeken: {count}").format(count=done), err=True, nl=False)
        elif self._terminal:
            if self._bar is None:
                self._bar = click.progressbar(length=total, label=_("brieven"), file=sys.stderr, show_pos=True)
            self._bar.update(done - self._bar.pos)
        elif done * 10 // total > self._tenths:
            self._tenths = done * 10 // total
            _tell(_("brieven: {done} van {total}").format(done=done, total=total))


def _tell_checked(merge: Merge, checked: CheckedRecipients) -> None:
    """What was found out about the recipients, in numbers."""
    from comms.languages import available

    counts = ", ".join(f"{available()[code].name} {count}" for code, count in sorted(checked.languages.items()))
    _tell(_("{count} ontvangers: {languages}").format(count=checked.count, languages=counts))
    fallback = available()[merge.language].name
    for code, count in sorted(checked.fallbacks.items()):
        told = _("Geen tekst in de taal {code}: {count} ontvangers krijgen de brief in het {language}")
        _tell(told.format(code=code, count=count, language=fallback))
    for column, count in sorted(checked.empty.items()):
        told = _("Kolom {column}: bij {count} ontvangers leeg")
        _tell(told.format(column=merge.recipients.titles[column], count=count))


def _tell_about_merge(merge: Merge) -> None:
    _tell_about([merge.draft(language, "") for language in sorted(merge.checked.languages)], ())


def _tell_status(folder: Path) -> int:
    from comms.incident import AUDIENCES
    from comms.progress import status

    found = status(folder)
    if found.finished:
        state = _("klaar")
    else:
        state = _("bezig") if found.running else _("onderbroken; dezelfde opdracht gaat verder")
    told = _("{audience}: {written} van {total} brieven, {state}")
    _say([told.format(audience=_(AUDIENCES[found.audience]), written=found.written, total=found.total, state=state)])
    return 0


# check

_FINDINGS = 1
_SEVERITIES = ("error", "warning", "info")


def _make_check() -> click.Command:
    return _Command(
        "check",
        callback=_check,
        help=_("Leest teksten na: wat mag er volgens het beleid niet in staan, waarom, en wat is beter. Leest .docx, .odt, .html, .eml, .md en .txt, mappen, en met - standaardinvoer."),
        params=[
            click.Argument(["paths"], nargs=-1, required=True, metavar=_("BESTAND|MAP|-...")),
            click.Option(["-l", "--language"], type=click.Choice(("nl", "en")), help=_("De taal van de teksten, anders wordt die herkend.")),
            click.Option(["-a", "--audience"], metavar=_("ONTVANGER"), shell_complete=_complete_reader, help=_("Voor wie de tekst is, bijvoorbeeld students: dan telt ook wat erin ontbreekt.")),
            click.Option(["--incident"], metavar=_("BESTAND"), help=_("Het incidentbestand: dan telt ook wat alleen die zaak zegt, zoals beschermde woorden.")),
            click.Option(["--school"], metavar=_("BESTAND"), help=_("Het schoolprofiel: dan telt wat de school aan de controle verandert, en zijn haar eigen mensen geen bevinding.")),
            click.Option(["--format", "form"], type=click.Choice(("text", "json", "sarif")), default="text", help=_("Voor mensen (text), of als JSON of SARIF.")),
            click.Option(["--json", "form"], flag_value="json", help=_("Als JSON.")),
            click.Option(["--fail-on"], type=click.Choice((*_SEVERITIES, "never")), default="error", help=_("Vanaf welke ernst de code {code} is, anders error.").format(code=_FINDINGS)),
            click.Option(["--annotate"], is_flag=True, help=_("Maak van elk Word-bestand een kopie (naam.checked.docx) met de bevindingen als opmerkingen.")),
            click.Option(["--fix"], is_flag=True, help=_("Zet in die kopie betere woorden als wijziging die u kunt goedkeuren of afwijzen.")),
            click.Option(["-o", "--output"], metavar=_("MAP"), help=_("Kopieën in deze map, anders naast het bestand.")),
            click.Option(["--overwrite"], is_flag=True, help=_("Vervang bestanden die anders zijn.")),
        ],
    )  # fmt: skip


def _complete_reader(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from comms.incident import AUDIENCES

    return [name for name in AUDIENCES if name.startswith(incomplete)]


def _check(
    paths: tuple[str, ...],
    language: str | None,
    audience: str | None,
    incident: str | None,
    school: str | None,
    form: str,
    fail_on: str,
    annotate: bool,
    fix: bool,
    output: str | None,
    overwrite: bool,
) -> int:
    from comms.review import reports
    from comms.review.checking import check_written
    from comms.review.files import Reading, placed

    case = None
    if incident is not None:
        from comms.incident import Incident

        case = Incident.load(incident)
    profile = None
    if school is not None:
        from comms.school import School

        profile = School.load(school)
    reading = Reading()
    done: list[reports.Checked] = []
    count: dict[str, int] = {}
    copies: dict[Path, bytes] = {}
    for source in reading.sources(paths):
        findings = check_written(source.extract.written, language, audience, case, profile)
        checked = reports.Checked(source, placed(source, findings))
        for severity, number in reports.count([checked]).items():
            count[severity] = count.get(severity, 0) + number
        if form == "text":
            _say(reports.text_lines(checked, _style))
        else:
            done.append(checked)
        if annotate or fix:
            _add_copy(copies, checked, Path(output) if output else None, comment=annotate, fix=fix)
    for error in reading.unreadable:
        _tell(str(error))
    if form == "text":
        _say(reports.summary_lines(reading.read, count, reading.unreadable, reading.passed_over))
    elif form == "json":
        _say_json(reports.as_json(done))
    else:
        _say_json(_sarif(done, reading.unreadable))
    if copies:
        from comms.writing import write_files

        write_files(copies, overwrite=overwrite)
        for path in copies:
            _tell(_("Kopie: {file}").format(file=path))
    if reading.unreadable or not reading.read:
        return _WRONG_INPUT
    stopping = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1] if fail_on in _SEVERITIES else ()
    return _FINDINGS if any(count.get(severity) for severity in stopping) else 0


def _add_copy(copies: dict[Path, bytes], checked: Checked, folder: Path | None, *, comment: bool, fix: bool) -> None:
    """Adds the copy of a Word file with its findings, or says why there is none."""
    from comms.review.annotate import copied

    source = checked.source
    if source.reader != "word" or source.path is None:
        _tell(_("{file}: opmerkingen en wijzigingen kunnen alleen in een Word-bestand").format(file=source.name))
        return
    made = copied(source, checked.found, comment=comment, fix=fix)
    if made is None:
        _tell(_("{file}: niets op te merken, dus geen kopie").format(file=source.name))
        return
    path = made.path if folder is None else folder / source.inside / made.path.name
    if path in copies:
        raise click.UsageError(_("twee kopieën zouden {file} heten; kies per map een eigen -o").format(file=path))
    copies[path] = made.content


def _sarif(done: list[Checked], unreadable: list[InputError]) -> dict[str, Any]:
    from importlib.metadata import version

    from comms.review.reports import as_sarif
    from comms.tracing import review_rules

    rules = [next(iter(each.values())) for each in review_rules().values()]
    return as_sarif(done, rules, unreadable, version("comms"), Path.cwd())


# explain and policy


def _make_explain() -> click.Command:
    return _Command(
        "explain",
        callback=_explain,
        help=_("Legt een bepaling, een regel van het plan of van de controle, een stap of een passage uit, en zegt waar zij wordt toegepast."),
        params=[click.Argument(["name"], metavar="ID")],
    )  # fmt: skip


def _explain(name: str) -> None:
    from comms import presentation, tracing
    from comms.decisions import all_rules
    from comms.documents import documents
    from comms.errors import UnknownNameError
    from comms.fields import nearest
    from comms.passages import all_passages
    from comms.planning import STEPS
    from comms.policy import provisions

    if name not in tracing.explainable():
        wrong = _("er is niets met de naam “{name}”").format(name=name)
        hint = nearest(name, tracing.explainable()) or _("comms policy noemt alle bepalingen")
        raise UnknownNameError(f"{wrong}; {hint}")
    if name in provisions():
        _say(presentation.provision_lines(provisions()[name], tracing.trace(name), _style))
    if name in all_rules():
        _say(presentation.rule_lines(all_rules()[name], _style))
    for step in STEPS:
        if step.id == name:
            _say(presentation.step_lines(step, _style))
    if name in tracing.review_rules():
        _say(presentation.review_rule_lines(name, tracing.review_rules()[name], _style))
    if name in documents():
        _say(presentation.document_lines(name, list(all_passages()), _style))
    if name in all_passages():
        passage = all_passages()[name]
        _say(presentation.passage_lines(name, passage.body, passage.provisions, _style))


def _make_policy() -> click.Command:
    return _Command(
        "policy", callback=_policy, help=_("Alle bepalingen van het beleid, en waar elk wordt uitgevoerd."), params=[]
    )


def _policy() -> None:
    from comms.policy import provisions
    from comms.presentation import provision_lines
    from comms.tracing import trace

    for number, provision in enumerate(provisions().values()):
        if number:
            click.echo()
        _say(provision_lines(provision, trace(provision.id), _style))


# init, samples and schema


def _make_init() -> click.Command:
    return _Command(
        "init",
        callback=_init,
        help=_("Maakt een schoolprofiel, een eerste incidentbestand en het briefpapier, met uitleg erin."),
        params=[
            click.Argument(["folder"], required=False, default=".", metavar=_("[MAP]")),
            click.Option(["--overwrite"], is_flag=True, help=_("Vervang bestanden die anders zijn.")),
        ],
    )


def _init(folder: str, overwrite: bool) -> None:
    from comms.first_files import first_files
    from comms.writing import write_files

    files = {Path(folder) / name: content for name, content in first_files().items()}
    write_files(files, overwrite=overwrite)
    _say(str(path) for path in files)
    _tell(
        _("Vul nu school.yaml in. Bij een incident: comms new, of vul {file} in.").format(
            file=Path(folder) / "incident.yaml"
        )
    )


def _make_samples() -> click.Command:
    return _Command(
        "samples",
        callback=_samples,
        help=_(
            "Maakt de voorbeelden opnieuw uit de incidenten in MAP (anders samples), met pagina's om mee te oefenen: index.html."
        ),
        params=[
            click.Argument(["folder"], required=False, default="samples", metavar=_("[MAP]")),
            click.Option(["--check"], is_flag=True, help=_("Schrijf niets; zeg wat er anders is.")),
        ],
    )


def _samples(folder: str, check: bool) -> int:
    from comms import samples

    if check:
        found = samples.differences(Path(folder))
        _say(found)
        return 1 if found else 0
    written, removed = samples.regenerate(Path(folder))
    _say([_("gemaakt: {written}, weggehaald: {removed}").format(written=written, removed=removed)])
    return 0


def _make_schema() -> click.Command:
    return _Command(
        "schema",
        callback=_schema,
        help=_("Het JSON Schema van het incidentbestand of van het schoolprofiel."),
        params=[
            click.Argument(
                ["what"],
                required=False,
                default="incident",
                type=click.Choice(["incident", "school"]),
                metavar="[incident|school]",
            )
        ],
    )


def _schema(what: str) -> None:
    from comms import schema

    _say_json(schema.incident_schema() if what == "incident" else schema.school_schema())


if __name__ == "__main__":
    main()
