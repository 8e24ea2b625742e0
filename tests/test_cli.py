"""The command as its users meet it: what it writes where, what it tells, and the code it ends with."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import re
import resource
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import DRAFTED, HELD, OPEN, OPEN_YAML, PROFILE, ROOT, Ran, command, incident
from jsonschema import Draft202012Validator
from test_docx import shown

import comms
from comms import cli, drafts

HELD_YAML = OPEN_YAML.replace("contact_appointed: yes", "contact_appointed: no").replace(
    "media: asking", "media: expected"
)
COMMANDS = ("init", "new", "plan", "draft", "check", "explain", "policy", "samples", "schema")


@pytest.fixture(autouse=True)
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    """No language of the machine that runs the tests."""
    for name in ("COMMS_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "nl")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a profile and two incidents, where the command runs."""
    (tmp_path / "school.yaml").write_text(yaml.safe_dump(PROFILE, allow_unicode=True), "utf-8")
    (tmp_path / "incident.yaml").write_text(OPEN_YAML, "utf-8")
    (tmp_path / "held.yaml").write_text(HELD_YAML, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def runs(*arguments: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        code = cli.run(list(arguments))
        return Ran(code, *capsys.readouterr())

    return runs


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def letters_in(folder: Path) -> list[str]:
    """The files of letters and statements, without other documents that follow from a plan."""
    return [name for name in written(folder) if name.split(".")[0] in DRAFTED]


# --- plan -------------------------------------------------------------------------------------------------------------


def test_a_plan_says_who_hears_what(desk: Path, run: Run) -> None:
    ran = run("plan", "incident.yaml")
    assert (ran.code, ran.err) == (0, "")
    for word in ("Plan voor Testcollege, 2026-11-20", "VERSTUREN, volledig", "Eerst doen", "[ ] "):
        assert word in ran.out
    names = ["slachtoffer", "ouders van het slachtoffer", "crisisteam", "docenten", "studenten", "ouders", "website"]
    places = [ran.out.index(f"{number}. {name}") for number, name in enumerate(names, 1)]
    assert places == sorted(places)


def test_a_plan_as_data_has_exactly_the_documented_keys(desk: Path, run: Run) -> None:
    data = run("plan", "--json", "held.yaml").data
    assert list(data) == ["messages", "actions", "warnings"]
    for message in data["messages"]:
        assert list(message) == [
            "audience", "decision", "variant", "reach", "reasons", "conditions", "order",
        ]  # fmt: skip
        assert set(message["reach"]) == {"code", "text"}
        assert all(set(each) == {"rule", "text", "provisions"} for each in message["reasons"])
        assert all(set(each) == {"text", "provisions"} for each in message["conditions"])
    assert any(message["conditions"] for message in data["messages"])
    assert all(set(each) == {"id", "text", "done", "provisions"} for each in data["actions"])
    assert [message["order"] for message in data["messages"]] == list(range(1, 10))


def test_data_and_library_agree(desk: Path, run: Run) -> None:
    assert run("plan", "--json", "held.yaml").data == comms.plan(comms.Incident.load("held.yaml")).to_dict()
    told = run("draft", "--json", "incident.yaml").data
    assert told == {"drafts": [each.to_dict() for each in comms.draft(comms.Incident.load("incident.yaml"))]}


def test_a_plan_writes_nothing(desk: Path, run: Run) -> None:
    before = files(desk)
    run("plan", "incident.yaml")
    run("draft", "--json", "incident.yaml")
    assert files(desk) == before


# --- Where facts come from --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plan", "draft"])
def test_a_dash_reads_standard_input(name: str, desk: Path, run: Run) -> None:
    assert run(name, "--json", "-", stdin=OPEN_YAML).data == run(name, "--json", "incident.yaml").data


def test_a_mistake_in_standard_input_has_its_place(desk: Path, run: Run) -> None:
    ran = run("plan", "-", stdin=OPEN_YAML.replace("scale: school", "scale: schol"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("-:3:8: scale: ")


OPTIONS: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    (("--scale", "class"), {"scale": "class"}),
    (("--media", "none"), {"media": "none"}),
    (("--consent", "refused"), {"victim": {"consent": "refused"}}),
    (("--set", "victim.age=minor"), {"victim": {"age": "minor"}}),
    (("--set", "grave=attempt", "--set", "police=preserve"), {"grave": "attempt", "police": "preserve"}),
    (
        ("--set", "phase=update", "--set", "sent=[teachers, students]"),
        {"phase": "update", "sent": ["teachers", "students"]},
    ),
    (("--set", "victim.consent_for={press: refused}"), {"victim": {"consent_for": {"press": "refused"}}}),
    (("--set", "victim.consent_for.press=refused"), {"victim": {"consent_for": {"press": "refused"}}}),
    (("--set", "group=locatie = Zuid"), {"group": "locatie = Zuid"}),
    (("--set", "contact_appointed=no"), {"contact_appointed": False}),
    (("--set", "released={students: {by: x, at: y}}"), {"released": {"students": {"by": "x", "at": "y"}}}),
    (("--set", "group="), {"group": None}),
]


@pytest.mark.parametrize(("options", "changes"), OPTIONS, ids=[" ".join(row[0]) for row in OPTIONS])
def test_options_go_before_the_file(options: tuple[str, ...], changes: dict[str, Any], desk: Path, run: Run) -> None:
    assert run("plan", "--json", "incident.yaml", *options).data == comms.plan(incident(OPEN, **changes)).to_dict()


def test_without_a_file_the_facts_come_from_options(desk: Path, run: Run) -> None:
    (desk / "elders").mkdir()
    ran = run(
        "draft", "--school", "school.yaml", "--scale", "year", "--media", "none", "--consent", "granted",
        "--set", "contact_appointed=yes", "--set", "victim.unsafe_at_home=no", "-a", "parents", "-f", "md",
        "-o", "elders",
    )  # fmt: skip
    assert (ran.code, written(desk / "elders")) == (0, ["parents.nl.md"])


def test_a_school_of_an_option_goes_before_that_of_the_file(desk: Path, run: Run) -> None:
    (desk / "map").mkdir()
    (desk / "map" / "incident.yaml").write_text(OPEN_YAML, "utf-8")
    (desk / "ander.yaml").write_text("name: Ander College\n")
    ran = run("plan", "map/incident.yaml", "--school", "ander.yaml")
    assert "Plan voor Ander College" in ran.out


WRONG: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    ((), ("Gebruik: comms", "init", "schema")),
    (("plan",), ("incidentbestand", "--school")),
    (("plan", "niet-daar.yaml"), ("niet-daar.yaml",)),
    (("plan", "incident.yaml", "nog-een.yaml"), ("nog-een.yaml",)),
    (("plan", "incident.yaml", "--scale", "clas"), ("--scale: scale: “clas”", "bedoelde u class?")),
    (("plan", "incident.yaml", "--set", "victim.age"), ("victim.age", "FEIT=WAARDE")),
    (("plan", "incident.yaml", "--set", "=x"), ("FEIT=WAARDE",)),
    (("plan", "incident.yaml", "--set", "polise=consulted"), ("polise", "police")),
    (("plan", "incident.yaml", "--set", "victim.age.x=1"), ("victim.age",)),
    (("plan", "incident.yaml", "--set", "sent=[teachers"), ("--set sent",)),
    (("plan", "--school", "niet-daar.yaml", "--scale", "few", "--media", "none"), ("niet-daar.yaml",)),
    (("plan", "--school", "school.yaml"), ("scale", "media")),
    (("plan", "incident.yaml", "--onzin"), ("--onzin",)),
    (("plna", "incident.yaml"), ("plna", "bedoelde u plan?")),
    (("draft", "incident.yaml", "-a", "student"), ("student", "bedoelde u students?")),
    (("draft", "incident.yaml", "-l", "xx"), ("xx", "nl, en")),
    (("draft", "incident.yaml", "-f", "pdf"), ("pdf", "docx")),
    (("explain",), ("ID",)),
    (("explain", "1.2", "1.3"), ("1.3",)),
    (("schema", "les"), ("les", "incident", "school")),
    (("--ui-language", "fr", "policy"), ("fr", "nl", "en")),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=[" ".join(row[0]) or "nothing" for row in WRONG])
def test_wrong_use_is_told_on_standard_error(
    arguments: tuple[str, ...], words: tuple[str, ...], desk: Path, run: Run
) -> None:
    before = files(desk)
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    for word in words:
        assert word in ran.err
    assert "Traceback" not in ran.err
    assert files(desk) == before


def test_every_mistake_of_a_file_is_told_and_nothing_is_written(desk: Path, run: Run) -> None:
    (desk / "fout.yaml").write_text("school: school.yaml\nscale: schol\nmedia: noen\npolise: x\n")
    ran = run("draft", "fout.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == ["fout.yaml:2:8", "fout.yaml:3:8", "fout.yaml:4:1"]
    assert not (desk / "drafts").exists()


# --- draft ------------------------------------------------------------------------------------------------------------


def test_a_draft_without_options_gives_word_files_in_the_folder_drafts(desk: Path, run: Run) -> None:
    ran = run("draft", "incident.yaml")
    assert ran.code == 0
    told = ran.out.splitlines()
    assert [line for line in told if line.split("/")[1].split(".")[0] in DRAFTED] == [
        f"drafts/{audience}.nl.docx" for audience in DRAFTED
    ]
    assert sorted(told) == [f"drafts/{name}" for name in written(desk / "drafts")]
    assert letters_in(desk / "drafts") == sorted(f"{audience}.nl.docx" for audience in DRAFTED)
    assert "Stuur de beelden niet door" in shown((desk / "drafts" / "students.nl.docx").read_bytes())
    assert "nagekeken op" in ran.err


def test_the_languages_are_those_of_the_school(desk: Path, run: Run) -> None:
    (desk / "school.yaml").write_text(yaml.safe_dump(PROFILE | {"languages": ["en", "nl"]}), "utf-8")
    ran = run("draft", "incident.yaml", "-a", "press", "-f", "txt")
    assert ran.out.splitlines() == ["drafts/press.en.txt", "drafts/press.nl.txt"]
    assert "English" in ran.err and "moedertaal" in ran.err


def test_audiences_languages_formats_and_folder_can_be_chosen(desk: Path, run: Run) -> None:
    formats = ["-f", "html", "-f", "md", "-f", "txt", "-f", "eml", "-f", "docx"]
    ran = run(
        "draft", "incident.yaml", "-a", "parents", "--audience=press", "-l", "en", "-l", "nl", *formats, "-o", "a/b c"
    )
    assert ran.code == 0
    suffixes = ("html", "md", "txt", "eml", "docx")
    wanted = [f"{who}.{lang}.{suffix}" for who in ("parents", "press") for lang in ("en", "nl") for suffix in suffixes]
    assert written(desk / "a" / "b c") == sorted(wanted)
    for found in comms.draft(comms.Incident.load("incident.yaml"), ["parents", "press"], ["en", "nl"]):
        for suffix in suffixes:
            path = desk / "a" / "b c" / f"{found.audience}.{found.language}.{suffix}"
            assert path.read_bytes() == found.content(suffix)


def test_a_fragment_is_html_without_a_page(desk: Path, run: Run) -> None:
    run("draft", "incident.yaml", "-a", "website", "-f", "html", "--fragment")
    text = (desk / "drafts" / "website.nl.html").read_text("utf-8")
    assert text.startswith("<article") and "<html" not in text


def test_drafts_as_data_have_exactly_the_documented_keys(desk: Path, run: Run) -> None:
    data = run("draft", "--json", "incident.yaml").data
    assert list(data) == ["drafts"]
    documented = [
        "audience", "language", "decision", "variant", "title", "markdown", "text", "html", "passages", "findings",
        "gaps",
    ]  # fmt: skip
    found = [each for each in data["drafts"] if "document" not in each and each["audience"] in DRAFTED]
    assert [each["audience"] for each in found] == list(DRAFTED)
    for each in data["drafts"]:
        assert [key for key in each if key != "document"] == documented
        assert all(set(passage) == {"id", "provisions", "markdown"} for passage in each["passages"])


def test_data_writes_files_only_with_a_folder(desk: Path, run: Run) -> None:
    ran = run("draft", "--json", "incident.yaml", "-a", "press", "-o", "uit", "-f", "md")
    assert written(desk / "uit") == ["press.nl.md"]
    assert [each["audience"] for each in ran.data["drafts"]] == ["press"]
    run("draft", "--json", "incident.yaml", "-a", "press", "-f", "md")
    assert not (desk / "drafts").exists(), "a format alone asks for no file"


def test_a_lone_surrogate_does_not_break_the_data(desk: Path, run: Run) -> None:
    (desk / "incident.json").write_text(
        '{"school": {"name": "a\\ud800b"}, "scale": "school", "media": "none", "group": "\\udfff"}'
    )
    for name in ("plan", "draft"):
        ran = run(name, "--json", "incident.json")
        assert ran.code == 0
        assert "\N{REPLACEMENT CHARACTER}" in ran.out


def test_held_drafts_wait_and_it_is_told_why(desk: Path, run: Run) -> None:
    ran = run("draft", "held.yaml", "-f", "md")
    assert (ran.code, letters_in(desk / "drafts")) == (0, ["teachers.nl.md"])
    for name in ("studenten", "ouders", "website", "pers"):
        assert re.search(rf"(?m)^{name}: wacht, niets geschreven.*contactpersoon", ran.err)
    assert "docenten: wacht" not in ran.err


@pytest.mark.parametrize("audience", ["students", "parents"])
def test_asking_for_a_held_or_withheld_one_is_no_error(audience: str, desk: Path, run: Run) -> None:
    ran = run("draft", "held.yaml", "--scale", "few", "--media", "none", "-a", audience)
    assert (ran.code, ran.out) == (0, "")
    assert len(ran.err.splitlines()) == 1
    assert ("geen tekst" if audience == "parents" else "niets geschreven") in ran.err
    assert not (desk / "drafts").exists()
    assert run("draft", "held.yaml", "--json", "-a", audience).data == {"drafts": []}


def test_held_ones_come_with_their_banner_when_asked_for(desk: Path, run: Run) -> None:
    ran = run("draft", "held.yaml", "--include-held", "-f", "md", "-f", "docx")
    assert (ran.code, len(letters_in(desk / "drafts"))) == (0, 10)
    for audience in DRAFTED:
        held = audience != "teachers"
        text = (desk / "drafts" / f"{audience}.nl.md").read_text("utf-8")
        assert ("NIET VERZENDEN" in text) == held
        assert ("NIET VERZENDEN" in shown((desk / "drafts" / f"{audience}.nl.docx").read_bytes())) == held
    assert "niets geschreven" not in ran.err
    data = run("draft", "held.yaml", "--include-held", "--json").data
    assert {each["audience"]: each["decision"] for each in data["drafts"]}["press"] == "hold"


def test_gaps_are_listed(desk: Path, run: Run) -> None:
    (desk / "school.yaml").write_text("name: Testcollege\n")
    ran = run("draft", "incident.yaml", "-a", "press", "-f", "txt")
    assert ran.code == 0
    assert re.search(r"(?m)^  【naam woordvoerder】: press?$", ran.err)
    assert "plaats van de school" not in ran.err
    ran = run("draft", "incident.yaml", "-a", "press", "-f", "docx")
    assert re.search(r"(?m)^  【plaats van de school】: press?$", ran.err), "the letterhead names it"


def test_a_protected_word_in_an_own_text_stops_everything(desk: Path, run: Run) -> None:
    (desk / "teksten" / "nl").mkdir(parents=True)
    text = '{% passage "press.limits" %}\nZwaluwstaart zegt niets.\n{% endpassage %}\n'
    (desk / "teksten" / "nl" / "a.md.j2").write_text(text)
    (desk / "school.yaml").write_text(yaml.safe_dump(PROFILE | {"templates": "teksten"}), "utf-8")
    ran = run("draft", "incident.yaml", "--set", "protected=[zwaluwstaart]")
    assert (ran.code, ran.out) == (1, "")
    assert "press.limits" in ran.err and "waluwstaart" not in ran.err
    assert not (desk / "drafts").exists()


@pytest.mark.parametrize(("days", "asked"), [(180, False), (181, True), (4000, True)])
def test_old_contact_data_are_told(
    days: int, asked: bool, desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(date):
        @classmethod
        def today(cls) -> date:
            return date.fromordinal(date(2026, 11, 22).toordinal() + days)

    monkeypatch.setattr(drafts, "date", Later)
    ran = run("draft", "incident.yaml", "-a", "press", "-f", "txt")
    assert "nagekeken op 2026-11-22" in ran.err
    assert (f"{days} dagen geleden" in ran.err) == ("Kijk ze na" in ran.err) == asked


def test_a_correction_without_a_date_is_not_two_thousand_years_old(desk: Path, run: Run) -> None:
    correction = {"organisations": {"meldknop": {"phone": "0800 00 00 00"}}}
    (desk / "school.yaml").write_text(yaml.safe_dump(PROFILE | correction), "utf-8")
    ran = run("draft", "incident.yaml", "-a", "press", "-f", "txt")
    assert "0001-01-01" not in ran.err


# --- Files whole or not at all ----------------------------------------------------------------------------------------


def test_other_content_is_not_replaced_unasked(desk: Path, run: Run) -> None:
    (desk / "drafts").mkdir()
    mine = desk / "drafts" / "press.nl.md"
    mine.write_text("Zelf verbeterd", "utf-8")
    before = files(desk)
    ran = run("draft", "incident.yaml", "-f", "md")
    assert (ran.code, ran.out) == (3, "")
    assert "drafts/press.nl.md" in ran.err and "--overwrite" in ran.err
    assert files(desk) == before, "not one of the others is written either"
    assert run("draft", "incident.yaml", "-f", "md", "--overwrite").code == 0
    assert mine.read_text("utf-8").startswith("# Verklaring")


def test_the_same_content_again_is_fine(desk: Path, run: Run) -> None:
    formats = ("-f", "docx", "-f", "eml", "-f", "md")
    first = run("draft", "incident.yaml", *formats)
    before = {path: path.stat().st_mtime_ns for path in (desk / "drafts").iterdir()}
    again = run("draft", "incident.yaml", *formats)
    assert (again.code, again.out) == (0, first.out)
    assert {path: path.stat().st_mtime_ns for path in (desk / "drafts").iterdir()} == before


def test_a_link_to_elsewhere_is_not_written_through(desk: Path, run: Run) -> None:
    target = desk / "belangrijk.txt"
    target.write_text("blijft")
    (desk / "drafts").mkdir()
    (desk / "drafts" / "press.nl.md").symlink_to(target)
    assert run("draft", "incident.yaml", "-a", "press", "-f", "md").code == 3
    assert run("draft", "incident.yaml", "-a", "press", "-f", "md", "--overwrite").code == 0
    assert target.read_text() == "blijft"


def failing(after: int, number: int) -> Callable[..., Any]:
    """An fsync or replace that fails once it was called so often."""
    calls = iter(range(100))

    def fails(*arguments: Any, **options: Any) -> None:
        if next(calls) >= after:
            raise OSError(number, os.strerror(number), str(arguments[-1]))

    return fails


@pytest.mark.parametrize("after", [0, 1, 4])
@pytest.mark.parametrize("standing", [False, True], ids=["new", "overwriting"])
def test_a_full_disk_leaves_everything_as_it_was(
    standing: bool, after: int, desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if standing:
        run("draft", "incident.yaml", "-f", "md")
        (desk / "incident.yaml").write_text(OPEN_YAML.replace("date: 2026-11-20", "date: 2026-11-21"), "utf-8")
    before = files(desk)
    monkeypatch.setattr(os, "fsync", failing(after, errno.ENOSPC))
    ran = run("draft", "incident.yaml", "-f", "md", "--overwrite")
    assert (ran.code, ran.out) == (3, "")
    assert "vol" in ran.err or "space" in ran.err
    assert files(desk) == before


def test_a_limit_of_the_system_leaves_everything_as_it_was(desk: Path) -> None:
    """No stand-ins: the system refuses to write the longer of the files."""
    before = files(desk)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))

    ran = subprocess.run(
        [sys.executable, "-B", "-m", "comms.cli", "draft", "incident.yaml", "-f", "txt", "-f", "html", "-f", "docx"],
        cwd=desk, capture_output=True, encoding="utf-8", preexec_fn=limited, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "Traceback" not in ran.stderr
    assert files(desk) == before


def test_a_failure_while_files_are_put_in_place_changes_none(
    desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("draft", "incident.yaml", "-f", "md")
    (desk / "incident.yaml").write_text(OPEN_YAML.replace("date: 2026-11-20", "date: 2026-11-21"), "utf-8")
    before = files(desk)
    real, calls = os.replace, iter(range(100))

    def fails_once(source: Any, target: Any) -> None:
        if next(calls) == 2:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(source), None, str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", fails_once)
    ran = run("draft", "incident.yaml", "-f", "md", "--overwrite")
    assert (ran.code, ran.out) == (3, "")
    assert files(desk) == before


def test_one_place_that_cannot_be_replaced_leaves_all_others(desk: Path, run: Run) -> None:
    run("draft", "incident.yaml", "-f", "md")
    (desk / "drafts" / "parents.nl.md").unlink()
    (desk / "drafts" / "parents.nl.md").mkdir()
    (desk / "incident.yaml").write_text(OPEN_YAML.replace("date: 2026-11-20", "date: 2026-11-21"), "utf-8")
    before = files(desk)
    ran = run("draft", "incident.yaml", "-f", "md", "--overwrite")
    assert (ran.code, ran.out) == (3, "")
    assert "parents.nl.md" in ran.err
    assert files(desk) == before


@pytest.mark.parametrize("place", ["bestand", "bestand/onder", "/proc/comms-drafts"])
def test_a_folder_that_cannot_be_made_is_told(place: str, desk: Path, run: Run) -> None:
    (desk / "bestand").write_text("x")
    before = files(desk)
    ran = run("draft", "incident.yaml", "-o", place)
    assert (ran.code, ran.out) == (3, "")
    assert place.split("/onder")[0] in ran.err
    assert files(desk) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="everything may be written by root")
def test_a_folder_that_may_not_be_written_is_told(desk: Path, run: Run) -> None:
    (desk / "dicht").mkdir(mode=0o555)
    ran = run("draft", "incident.yaml", "-o", "dicht")
    assert (ran.code, ran.out) == (3, "")
    assert written(desk / "dicht") == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "arguments", [("plan", "incident.yaml"), ("plan", "--json", "incident.yaml"), ("policy",), ("--help",)]
)
def test_standard_output_that_is_full_is_told(arguments: tuple[str, ...], desk: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "comms.cli", *arguments],
            stdout=full, stderr=subprocess.PIPE, cwd=desk, encoding="utf-8", check=False,
        )  # fmt: skip
    assert ran.returncode == 3
    assert ran.stderr.strip() and "Traceback" not in ran.stderr and "Exception ignored" not in ran.stderr


def test_a_reader_that_stops_is_no_error(desk: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "comms.cli", "policy"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=desk
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(30), told) == (0, b"")


def waiting_bytes(descriptor: int) -> int:
    (number,) = struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4))
    return int(number)


@pytest.mark.parametrize("name", ["plan", "draft"])
def test_an_interrupt_ends_it_with_its_code(name: str, desk: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "comms.cli", name, "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=desk,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(OPEN_YAML.encode())
    process.stdin.flush()
    while waiting_bytes(process.stdin.fileno()):  # until it reads, and waits for more
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert process.stdout is not None and process.stderr is not None
    assert (process.stdout.read(), b"Traceback" in process.stderr.read()) == (b"", False)
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    assert not (desk / "drafts").exists()


# --- Languages and colours --------------------------------------------------------------------------------------------

SPOKEN: list[tuple[dict[str, str], tuple[str, ...], str]] = [
    ({}, (), "nl"),
    ({"LANG": "en_US.UTF-8"}, (), "en"),
    ({"LANG": "C"}, (), "nl"),
    ({"LANG": "fr_FR.UTF-8"}, (), "nl"),
    ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "nl_NL.UTF-8"}, (), "nl"),
    ({"LC_MESSAGES": "nl_NL.UTF-8", "LC_ALL": "en_GB.UTF-8"}, (), "en"),
    ({"LC_ALL": "en_GB.UTF-8", "COMMS_LANG": "nl"}, (), "nl"),
    ({"LC_ALL": "nl_NL.UTF-8", "COMMS_LANG": "en"}, (), "en"),
    ({"COMMS_LANG": "nl"}, ("--ui-language", "en"), "en"),
    ({"COMMS_LANG": "en"}, ("--ui-language=nl",), "nl"),
]


@pytest.mark.parametrize(("environment", "options", "language"), SPOKEN)
def test_the_language_is_that_of_the_option_then_the_environment(
    environment: dict[str, str],
    options: tuple[str, ...],
    language: str,
    desk: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ran = run(*options, "plan", "incident.yaml")
    assert ran.out.startswith({"nl": "Plan voor ", "en": "Plan for "}[language])
    ran = run(*options, "explain", "99")
    assert {"nl": "er is niets", "en": "there is nothing"}[language] in ran.err


def test_a_process_of_its_own_speaks_the_same(desk: Path) -> None:
    ran = command("plan", "incident.yaml", cwd=desk, LC_ALL="en_GB.UTF-8")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Plan for Testcollege")
    ran = command("plan", cwd=desk)
    assert ran.returncode == 2
    assert "Gebruik: " in ran.stderr and "Fout: " in ran.stderr


DUTCH_WORDS = (
    "opties",
    "bestand",
    "taal",
    "deze",
    "toon",
    "uitleg",
    "voorbeeld",
    "gebruik",
    "opdracht",
    "anders",
    "alle",
)
ENGLISH_WORDS = ("options", "usage", "show", "this message", "file", "language", "commands", "instead", "only")


def helps() -> Iterator[tuple[str, ...]]:
    yield ("--help",)
    yield from ((name, "--help") for name in COMMANDS)


@pytest.mark.parametrize("arguments", list(helps()), ids=" ".join)
@pytest.mark.parametrize(
    ("language", "own", "other"),
    [("nl", DUTCH_WORDS, ENGLISH_WORDS), ("en", ENGLISH_WORDS, DUTCH_WORDS)],
    ids=["nl", "en"],
)
def test_help_is_in_one_language(
    language: str, own: tuple[str, ...], other: tuple[str, ...], arguments: tuple[str, ...], run: Run
) -> None:
    ran = run("--ui-language", language, *arguments)
    assert (ran.code, ran.err) == (0, "")
    words = re.sub(r"--[a-z-]+", "", ran.out).lower()
    assert any(re.search(rf"\b{word}\b", words) for word in own)
    assert [word for word in other if re.search(rf"\b{word}\b", words)] == []


def test_wrong_use_is_told_in_one_language(run: Run) -> None:
    for arguments in (
        ("plan", "--onzin"),
        ("draft", "x", "-f", "pdf"),
        ("explain",),
        ("plan", "a", "b"),
        ("plan", "--scale"),
    ):
        dutch, english = run(*arguments), run("--ui-language", "en", *arguments)
        assert dutch.err.startswith(("Gebruik: ", "Fout: ")) and english.err.startswith(("Usage: ", "Error: "))
        assert not re.search(r"\b(Error|Usage|Try|Missing|No such|Got|Invalid|requires)\b", dutch.err), dutch.err
        assert not re.search(r"\b(Fout|Gebruik|Typ|ontbreekt|ongeldige)\b", english.err), english.err


def in_terminal(*arguments: str, cwd: Path, **environment: str) -> str:
    """What a terminal gets to see."""
    ours, theirs = os.openpty()
    clean = {
        name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "LC_ALL", "LANG", "COMMS_LANG")
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "comms.cli", *arguments],
        cwd=cwd, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env={**clean, "TERM": "xterm", **environment},
    )  # fmt: skip
    os.close(theirs)
    got = b""
    try:
        while chunk := os.read(ours, 65536):
            got += chunk
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(ours)
    assert process.wait(30) == 0
    return got.decode()


def test_colours_are_for_a_terminal_that_wants_them(desk: Path) -> None:
    coloured = in_terminal("plan", "incident.yaml", cwd=desk)
    plain = in_terminal("plan", "incident.yaml", cwd=desk, NO_COLOR="1")
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b" not in command("plan", "incident.yaml", cwd=desk).stdout


def test_a_value_sends_no_escape_code_to_the_terminal(desk: Path, run: Run) -> None:
    (desk / "school.yaml").write_text('name: "a\\e[31mb\\a\\u009b"\n', "utf-8")
    for arguments in (
        ("plan", "incident.yaml"),
        ("plan", "incident.yaml", "--set", "scale=\x1b[2J"),
        ("explain", "\x1b[2J"),
    ):
        ran = run(*arguments)
        assert not re.search(r"[\x1b\x07\x9b]", ran.out + ran.err)


# --- explain and policy -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("3.students.6a", ("Verwijder", "students.delete", "zeggen")),
        ("2.3", ("beslissen",)),
        ("refused", ("regel van het plan", "VASTHOUDEN", "crisisteam beslist")),
        ("contact", ("stap van de actielijst",)),
        ("students.forbid", ("passage van een tekst", "3.students.6b", "Verspreid de beelden niet")),
        ("never_told", ("regel van het plan", "NIET STUREN")),
    ],
)
def test_explain_tells_of_every_kind_of_id(name: str, words: tuple[str, ...], run: Run) -> None:
    ran = run("explain", name)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(name)
    for word in words:
        assert word.lower() in ran.out.lower()


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("3.student.6a", "3.students.6a"),
        ("refusd", "refused"),
        ("Students.Forbid", "students.forbid"),
        ("6a", ""),
        ("", ""),
    ],
)
def test_an_unknown_id_comes_with_the_nearest(name: str, near: str, run: Run) -> None:
    ran = run("explain", name)
    assert (ran.code, ran.out) == (2, "")
    assert f"bedoelde u {near}?" in ran.err if near else "comms policy" in ran.err


@pytest.mark.parametrize("language", ["nl", "en"])
def test_policy_tells_all_42_provisions(language: str, run: Run) -> None:
    ran = run("--ui-language", language, "policy")
    assert (ran.code, ran.err) == (0, "")
    ids = re.findall(r"(?m)^([0-3]\.(?:[a-z]+\.)?[0-9][ab]?)  \S", ran.out)
    assert len(ids) == len(set(ids)) == 42
    blocks = ran.out.strip().split("\n\n")
    assert len(blocks) == 42
    assert all(len(block.splitlines()) > 2 for block in blocks)


# --- init -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_school_can_start_at_once(language: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMMS_LANG", language)
    ran = run("init", "school")
    folder = tmp_path / "school"
    names = [".gitignore", "incident.yaml", "letterhead.docx", "protected.txt", "school.yaml"]
    assert (ran.code, written(folder)) == (0, names)
    assert sorted(ran.out.splitlines()) == [f"school/{name}" for name in names]
    assert "comms new" in ran.err
    assert "school/incident.yaml" in ran.err
    assert run("plan", "school/incident.yaml").code == 0
    ran = run("draft", "school/incident.yaml", "--include-held", "-f", "docx", "-f", "md")
    assert (ran.code, len(letters_in(tmp_path / "drafts"))) == (0, 10)
    assert "【" in ran.err
    text = (tmp_path / "drafts" / "students.nl.md").read_text("utf-8")
    assert "【naam van wie studenten helpt】" in text
    assert "protected.txt" in (folder / ".gitignore").read_text()


def test_first_files_are_explained_in_one_language(run: Run, tmp_path: Path) -> None:
    run("init", str(tmp_path / "nl"))
    run("--ui-language", "en", "init", str(tmp_path / "en"))
    for name in ("incident.yaml", "school.yaml"):
        dutch, english = ((tmp_path / code / name).read_text("utf-8") for code in ("nl", "en"))
        assert yaml.safe_load(dutch).keys() == yaml.safe_load(english).keys()
        words = " ".join(line for line in english.splitlines() if "#" in line)
        assert not re.search(r"\b(het|een|niet|van|voor|wie|naam|onbekend)\b", words), name


def test_every_field_is_in_the_first_files(run: Run, tmp_path: Path) -> None:
    run("init", str(tmp_path))
    for name, what in (("incident.yaml", "incident"), ("school.yaml", "school")):
        text = (tmp_path / name).read_text("utf-8")
        for field in run("schema", what).data["properties"]:
            assert re.search(rf"(?m)^(# )?{field}:", text), field


def test_twice_is_fine_and_a_changed_file_is_kept(tmp_path: Path, run: Run) -> None:
    run("init", str(tmp_path))
    assert run("init", str(tmp_path)).code == 0
    (tmp_path / "school.yaml").write_text("name: Testcollege\n")
    (tmp_path / "protected.txt").unlink()
    before = files(tmp_path)
    ran = run("init", str(tmp_path))
    assert (ran.code, ran.out) == (3, "")
    assert "school.yaml" in ran.err and "incident.yaml" not in ran.err
    assert files(tmp_path) == before
    assert run("init", "--overwrite", str(tmp_path)).code == 0
    assert "Testcollege" not in (tmp_path / "school.yaml").read_text("utf-8")


def test_init_in_the_current_folder(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init").code == 0
    assert run("plan", "incident.yaml").code == 0


# --- schema -----------------------------------------------------------------------------------------------------------


class Plain(yaml.SafeLoader):
    """YAML as JSON has it: what looks like a date stays a text."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def plain(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=Plain)


def problems(schema: dict[str, Any], data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(data)]


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    from comms import schema

    return {"incident": schema.incident_schema(), "school": schema.school_schema()}


def test_the_command_prints_the_schemas(run: Run, schemas: dict[str, dict[str, Any]]) -> None:
    assert run("schema").data == run("schema", "incident").data == schemas["incident"]
    assert run("schema", "school").data == schemas["school"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False
        assert all(each["description"] for each in schema["properties"].values())
    assert (
        run("--ui-language", "en", "schema").data["properties"]["scale"] != schemas["incident"]["properties"]["scale"]
    )


@pytest.mark.parametrize("path", sorted((ROOT / "samples").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_every_sample(path: Path, schemas: dict[str, dict[str, Any]]) -> None:
    assert problems(schemas["school" if path.name == "school.yaml" else "incident"], plain(path)) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_schema_takes_the_first_files(
    language: str, run: Run, tmp_path: Path, schemas: dict[str, dict[str, Any]]
) -> None:
    run("--ui-language", language, "init", str(tmp_path))
    assert problems(schemas["incident"], plain(tmp_path / "incident.yaml")) == []
    assert problems(schemas["school"], plain(tmp_path / "school.yaml")) == []


TAKEN: list[dict[str, Any]] = [
    OPEN, HELD, {"school": "school.yaml", "scale": "few", "media": "none"}, OPEN | {"group": 12},
    OPEN | {"group": None}, OPEN | {"victim": None}, OPEN | {"inspector_consulted": "yes"},
    OPEN | {"inspector_consulted": True}, OPEN | {"protected": ["a", 1]}, OPEN | {"protected": None},
    OPEN | {"school": {"name": "x", "students": 12}}, OPEN | {"victim": {"unsafe_at_home": True}},
    OPEN | {"victim": {"consent_for": {"press": None}}},
    OPEN | {"released": {"students": {"by": "x", "at": "y"}}}, OPEN | {"next_update": "2026-11-20 16:00"},
    OPEN | {"school": {"name": "x", "phone": 301234567}},
    OPEN | {"school": {"name": "x", "languages": ["nl", "en"]}}, OPEN | {"sent": ["teachers"]},
    OPEN | {"sent": None},
]  # fmt: skip


@pytest.mark.parametrize("facts", TAKEN, ids=range(len(TAKEN)))
def test_what_the_program_takes_the_schema_takes(facts: dict[str, Any], schemas: dict[str, dict[str, Any]]) -> None:
    if facts["school"] != "school.yaml":
        comms.Incident.from_dict(facts)
    assert problems(schemas["incident"], facts) == []


SEEN_BY_SCHEMA = (
    "a-list", "bad-email", "bad-phone", "consent-for-unknown", "dutch-date", "dutch-label",
    "dutch-value", "empty", "five-faults", "list-for-value", "missing-scale", "nameless-school", "only-comments",
    "only-text", "released-by-nobody", "released-unknown", "scale-left-empty", "script-as-tips", "sent-unknown",
    "unknown-key-school", "unknown-key", "unknown-victim-key", "value-for-list", "value-for-table",
    "wrong-value",
)  # fmt: skip


@pytest.mark.parametrize("name", SEEN_BY_SCHEMA)
def test_the_schema_refuses_what_the_program_refuses(name: str, schemas: dict[str, dict[str, Any]]) -> None:
    path = ROOT / "tests" / "broken" / f"{name}.yaml"
    with pytest.raises(comms.InputError):
        comms.Incident.load(path)
    assert problems(schemas["incident"], plain(path)) != []


# --- The rest ---------------------------------------------------------------------------------------------------------


def test_the_version_is_that_of_the_package(run: Run) -> None:
    from importlib.metadata import version

    assert run("--version").out == f"comms {version('comms')}\n"


def test_the_installed_command_is_there() -> None:
    script = Path(sys.executable).with_name("comms")
    if not script.exists():
        pytest.skip("not installed as a command here")
    ran = subprocess.run([script, "--version"], capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_can_complete_it(shell: str, desk: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from comms.cli import main; main()"],
        cwd=desk, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "_COMMS_COMPLETE": f"{shell}_source"},
    )  # fmt: skip
    assert ran.returncode == 0
    assert "_COMMS_COMPLETE" in ran.stdout
