"""The merge: every recipient gets their letter, once and whole, whatever happens on the way, and nobody else's."""

from __future__ import annotations

import csv
import errno
import json
import mailbox
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import HELD, OPEN, OPEN_YAML, PROFILE, command, incident
from lxml import etree

import comms
from comms import merging, progress
from comms.errors import ChangedError, CommsError, HeldError, ReviewError, TemplateError, UnknownNameError, WritingError
from comms.markup import addressed
from comms.merging import Merge
from comms.recipients import RecipientsError
from comms.render import email

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PEOPLE = [
    ("Anna de Vries", "anna@ouders.example", "nl"),
    ("José Çelik", "jose@ouders.example", "en"),
    ("O'Brien & <Zn>", "obrien@ouders.example", ""),
    ("سارة", "sara@ouders.example", "yi"),
    ("", "niemand@ouders.example", "nl"),
]
HOSTILE = ["{{7*7}}", "{% raw %}", "{_{ x }_}", "<w:p/>", "]]>&amp;", "<?comms-body ?>", "<?comms-field name ?>",
           "+SUM(A1)", "@SUM(A1)", "-1+1", "Bcc: x@y.nl", "../../etc/passwd", r"C:\con", "'\"“”", "[x](javascript:alert)"]  # fmt: skip


def table(path: Path, people: list[tuple[str, ...]] | None = None, header: str = "naam;e-mail;taal") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{header}\n")
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(PEOPLE if people is None else people)
    return path


@pytest.fixture
def recipients(tmp_path: Path) -> Path:
    return table(tmp_path / "r.csv")


def many(path: Path, count: int) -> Path:
    return table(path, [(f"Ouder {n}", f"o{n}@x.example", "en" if n % 3 else "nl") for n in range(count)])


def merge(recipients: Path, made: comms.Incident | None = None, audience: str = "parents", **options: Any) -> Merge:
    return Merge(made or incident(), recipients, audience, **options)


def texts(docx: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        assert archive.testzip() is None
        root = etree.fromstring(archive.read("word/document.xml"))
    return ["".join(t.text or "" for t in found.iter(f"{W}t")) for found in root.iter(f"{W}p")]


def letters(folder: Path) -> dict[str, bytes]:
    """What a merge put in a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != progress.FOLDER}


# --- Letters --------------------------------------------------------------------------------------------------------


def test_every_recipient_gets_their_letter_in_their_language(recipients: Path, tmp_path: Path) -> None:
    made = merge(recipients).write(tmp_path / "out")
    assert (made.written, made.before, made.total, made.missing) == (5, 0, 5, ())
    found = letters(tmp_path / "out")
    assert list(found) == [f"parents.00000{row}.docx" for row in range(2, 7)]
    greetings = [next(line for line in texts(docx) if line.endswith(",")) for docx in found.values()]
    assert greetings == [
        "Beste Anna de Vries,", "Dear José Çelik,", "Beste O'Brien & <Zn>,", "Beste سارة,", "Beste ouders en verzorgers,",
    ]  # fmt: skip


@pytest.mark.parametrize("audience", merging.LETTERS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_but_for_the_greeting_a_letter_is_the_draft(audience: str, language: str, tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [("Anna", "a@b.nl", language)])
    merge(path, audience=audience).write(tmp_path / "out")
    (found,) = letters(tmp_path / "out").values()
    (draft,) = comms.draft(incident(), [audience], [language])
    expected, said = texts(draft.docx_bytes()), texts(found)
    different = [pair for pair in zip(expected, said, strict=True) if pair[0] != pair[1]]
    assert [pair[1] for pair in different] == ["Beste Anna," if language == "nl" else "Dear Anna,"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("Geachte mevrouw De Vries", "Geachte mevrouw De Vries,"), ("Beste ouders,", "Beste ouders,"),
     ("Hallo! ", "Hallo,"), ("", "Beste Anna,"), (" , ", "Beste Anna,")],
)  # fmt: skip
def test_a_salutation_of_ones_own_comes_before_the_name(typed: str, shown: str, tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [("Anna", typed)], "naam;aanhef")
    merge(path).write(tmp_path / "out")
    (found,) = letters(tmp_path / "out").values()
    assert shown in texts(found)


def test_without_names_all_are_greeted_as_in_the_draft(tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [("a@b.nl",)], "e-mail")
    merge(path, form="eml").write(tmp_path / "out")
    (found,) = letters(tmp_path / "out").values()
    body = message_from_bytes(found, policy=policy.default).get_body(("plain",))
    assert body is not None
    assert "Beste ouders en verzorgers," in body.get_content()


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("form", ["docx", "eml"])
def test_what_a_recipient_is_called_is_text_and_nothing_else(value: str, form: str, tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [(value, "a@b.nl", "nl")])
    merge(path, form=form).write(tmp_path / "out")
    ((name, found),) = letters(tmp_path / "out").items()
    assert name == f"parents.000002.{form}"
    if form == "docx":
        assert f"Beste {value}," in texts(found)
    else:
        mail = message_from_bytes(found, policy=policy.default)
        assert mail.keys() == ["X-Unsent", "To", "Subject", "MIME-Version", "Content-Type", "Content-Language"]
        plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None and page is not None
        assert f"Beste {value}," in plain.get_content()
        assert f"Beste {value}," in re.sub(r"\s+", " ", "".join(etree.HTML(page.get_content()).itertext()))


def test_a_mail_is_the_drafts_with_an_address(recipients: Path, tmp_path: Path) -> None:
    merge(recipients, form="eml").write(tmp_path / "out")
    found = message_from_bytes(letters(tmp_path / "out")["parents.000004.eml"], policy=policy.default)
    assert found["To"] == "obrien@ouders.example"
    (draft,) = comms.draft(incident(), ["parents"], ["nl"])
    plain = found.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n").replace("O'Brien & <Zn>", "ouders en verzorgers") == draft.text


def test_the_schools_own_texts_and_letterhead_name_any_column(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    for language, text in (("nl", "Over uw kind {{ recipient.naam_kind }} uit **{{ recipient.klas }}**."), ("en", "x")):
        (folder / language).mkdir(parents=True)
        passage = f'{{% passage "parents.safety" %}}\n{text}\n{{% endpassage %}}'
        (folder / language / "t.md.j2").write_text(passage, "utf-8")
    letterhead = tmp_path / "l.docx"
    source = Path(comms.__file__).parent.parent / "templates" / "letterhead.docx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(letterhead, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"{{ school.place }}", b"{{ recipient.straat }}"))
    school = {**PROFILE, "templates": "texts", "letterhead": "l.docx"}
    made = incident(OPEN | {"school": school}, tmp_path)
    people = [("Anna", "Bé", "2A & B", "Kade 1"), ("Ben", "", "{{ x }}", "<Laan>")]
    path = table(tmp_path / "r.csv", people, "naam;Naam kind;klas;straat")
    merge(path, made).write(tmp_path / "out")
    one, two = letters(tmp_path / "out").values()
    assert "Over uw kind Bé uit 2A & B." in texts(one)
    assert "Over uw kind  uit {{ x }}." in texts(two)
    with zipfile.ZipFile(BytesIO(two)) as archive:
        assert b"&lt;Laan&gt;" in archive.read("word/header1.xml")
    # The same passage in a draft, where nobody is known yet, shows what will come.
    (draft,) = comms.draft(made, ["parents"], ["nl"])
    assert "Over uw kind 【naam_kind】 uit 【klas】." in texts(draft.docx_bytes())
    with pytest.raises(RecipientsError, match="straat"):
        merge(table(tmp_path / "q.csv", [("A", "b", "c")], "naam;naam_kind;klas"), made).check()
    with pytest.raises(TemplateError, match="klas"):
        merge(table(tmp_path / "q.csv", [("A", "b", "c")], "naam;naam_kind;straat"), made)


@pytest.mark.parametrize(
    "expression", ["recipient.x|upper", "'a' if recipient.x else 'b'", "recipient.x == 'a'", "recipient.x ~ 'b'"]
)
def test_a_text_may_only_show_a_value_of_a_recipient(expression: str, tmp_path: Path) -> None:
    """What is known only when a letter is made can't be asked for when its text is."""
    (tmp_path / "texts" / "nl").mkdir(parents=True)
    passage = f'{{% passage "parents.safety" %}}\n{{{{ {expression} }}}}\n{{% endpassage %}}'
    (tmp_path / "texts" / "nl" / "t.md.j2").write_text(passage, "utf-8")
    made = incident(OPEN | {"school": {**PROFILE, "templates": "texts"}}, tmp_path)
    with pytest.raises(TemplateError, match="zoals zij is"):
        merge(table(tmp_path / "r.csv", [("a",)], "x"), made)


def test_a_title_is_the_same_for_all(tmp_path: Path) -> None:
    (tmp_path / "texts" / "nl").mkdir(parents=True)
    passage = '{% passage "parents.title" %}\n# Voor {{ recipient.x }}\n{% endpassage %}'
    (tmp_path / "texts" / "nl" / "t.md.j2").write_text(passage, "utf-8")
    made = incident(OPEN | {"school": {**PROFILE, "templates": "texts"}}, tmp_path)
    with pytest.raises(TemplateError, match="kop of datum"):
        merge(table(tmp_path / "r.csv", [("a",)], "x"), made)


@pytest.mark.parametrize("name", ["name", "naam", "volledige_naam"])
def test_a_known_column_goes_by_any_of_its_names(name: str, tmp_path: Path) -> None:
    (tmp_path / "texts" / "nl").mkdir(parents=True)
    passage = f'{{% passage "parents.safety" %}}\nDit is {{{{ recipient.{name} }}}}.\n{{% endpassage %}}'
    (tmp_path / "texts" / "nl" / "t.md.j2").write_text(passage, "utf-8")
    letterhead = tmp_path / "l.docx"
    source = Path(comms.__file__).parent.parent / "templates" / "letterhead.docx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(letterhead, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"{{ school.place }}", b"{{ recipient.%s }}" % name.encode()))
    made = incident(OPEN | {"school": {**PROFILE, "templates": "texts", "letterhead": "l.docx"}}, tmp_path)
    merge(table(tmp_path / "r.csv", [("Anna", "a@b.nl", "nl")]), made).write(tmp_path / "out")
    (found,) = letters(tmp_path / "out").values()
    assert {"Beste Anna,", "Dit is Anna."} <= set(texts(found))
    with zipfile.ZipFile(BytesIO(found)) as archive:
        assert b"Anna" in archive.read("word/header1.xml")


# --- Gates ----------------------------------------------------------------------------------------------------------


def test_what_is_held_or_withheld_is_not_merged(recipients: Path) -> None:
    for made in (incident(HELD), incident(OPEN, scale="few")):
        assert comms.plan(made).message("parents").decision != "send"
        with pytest.raises(HeldError):
            merge(recipients, made)


def test_the_command_says_why_nothing_is_merged(tmp_path: Path, recipients: Path) -> None:
    (tmp_path / "school.yaml").write_text(json.dumps(PROFILE), "utf-8")
    (tmp_path / "i.yaml").write_text(OPEN_YAML, "utf-8")
    held = command("merge", "i.yaml", "r.csv", "-o", "out", "--set", "contact_appointed=no", cwd=tmp_path)
    assert held.returncode == 0
    assert "ouders: wacht, niets samengevoegd. Eerst:" in held.stderr
    withheld = command("merge", "i.yaml", "r.csv", "-o", "out", "--scale", "few", cwd=tmp_path)
    assert withheld.returncode == 0
    assert "ouders: geen tekst." in withheld.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("audience", ["website", "press", "victim", "crisis_team", "nobody", ""])
def test_only_letters_are_merged(audience: str, recipients: Path) -> None:
    with pytest.raises(UnknownNameError, match="parents"):
        merge(recipients, audience=audience)


def test_a_gap_in_the_profile_stops_the_merge_but_not_the_preview(recipients: Path, tmp_path: Path) -> None:
    made = incident(OPEN, school={"phone": None})
    with pytest.raises(CommsError, match="【telefoonnummer van de school】"):
        merge(recipients, made).write(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert len(merge(recipients, made).preview(tmp_path / "out", 2)) == 2


def test_a_protected_word_of_the_letterhead_stops(recipients: Path, tmp_path: Path) -> None:
    letterhead = tmp_path / "l.docx"
    source = Path(comms.__file__).parent.parent / "templates" / "letterhead.docx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(letterhead, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"{{ school.place }}", b"Bakker"))
    made = incident(OPEN | {"school": {**PROFILE, "letterhead": "l.docx"}}, tmp_path, protected=["Bakker"])
    with pytest.raises(ReviewError):
        merge(recipients, made).write(tmp_path / "out")
    assert letters(tmp_path / "out") == {}


def test_a_recipient_with_a_protected_name_is_never_passed_over_in_silence(tmp_path: Path) -> None:
    (tmp_path / "school.yaml").write_text(json.dumps(PROFILE), "utf-8")
    (tmp_path / "i.yaml").write_text(OPEN_YAML + "protected: [Bakker]\n", "utf-8")
    table(tmp_path / "r.csv", [("Anna", "a@b.nl", "nl"), ("Piet Bakker", "p@b.nl", "nl"), ("C", "c@b.nl", "")])
    stopped = command("merge", "i.yaml", "r.csv", "-o", "out", cwd=tmp_path)
    assert stopped.returncode == 2
    assert "rij 3: hier staat een beschermd woord" in stopped.stderr
    assert "akker" not in stopped.stderr + stopped.stdout
    assert letters(tmp_path / "out") == {}
    done = command("merge", "i.yaml", "r.csv", "-o", "out", "--leave-out", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert list(letters(tmp_path / "out")) == ["parents.000002.docx", "parents.000004.docx"]
    namesake = command("merge", "i.yaml", "r.csv", "-o", "other", "--confirm", "3", cwd=tmp_path)
    assert namesake.returncode == 0, namesake.stderr
    assert "Beste Piet Bakker," in texts(letters(tmp_path / "other")["parents.000003.docx"])


def test_without_protected_words_and_with_warnings_of_the_plan_it_is_told(tmp_path: Path, recipients: Path) -> None:
    (tmp_path / "school.yaml").write_text(json.dumps(PROFILE), "utf-8")
    (tmp_path / "i.yaml").write_text(OPEN_YAML, "utf-8")
    told = command("merge", "i.yaml", "r.csv", "--check", "--set", "victim.parents=not_to_know", cwd=tmp_path).stderr
    assert "Let op: Er zijn geen beschermde woorden" in told
    made = incident(OPEN, victim={"parents": "not_to_know"})
    assert comms.plan(made).warnings
    for warning in comms.plan(made).warnings:
        assert f"Let op: {warning}" in told
    told = command("merge", "i.yaml", "r.csv", "--check", "--set", "protected=[Bakker]", cwd=tmp_path).stderr
    assert "Er zijn geen beschermde woorden" not in told


def test_mistakes_of_recipients_stop_before_the_first_letter(tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [*PEOPLE, ("=1", "x", "??")])
    with pytest.raises(RecipientsError) as caught:
        merge(path, form="eml").write(tmp_path / "out")
    assert {mistake.row for mistake in caught.value.mistakes} == {7}
    assert letters(tmp_path / "out") == {}


# --- Personal data --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", merging.FORMS)
def test_what_is_known_of_a_recipient_stands_in_their_letter_only(form: str, recipients: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    merge(recipients, form=form).write(out)
    personal = [value for person in PEOPLE for value in person[:2] if value]
    own = b"".join(path.read_bytes() for path in (out / progress.FOLDER).iterdir())
    assert not [value for value in personal if value.encode() in own]
    named = " ".join(str(path) for path in out.rglob("*"))
    assert not [value for value in personal if value in named]
    if form == "docx":
        for name, docx in letters(out).items():
            with zipfile.ZipFile(BytesIO(docx)) as archive:
                held = b"".join(archive.read(part) for part in archive.namelist()).decode()
            others = [person[0] for row, person in enumerate(PEOPLE, 2) if f"{row:06d}" not in name and person[0]]
            assert not [value for value in others if value in held]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits")
@pytest.mark.parametrize("form", merging.FORMS)
def test_files_are_readable_by_their_owner_only(form: str, recipients: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = os.umask(0)
    try:
        merge(recipients, form=form).write(out)
        merge(recipients, form=form).preview(out, 2)
    finally:
        os.umask(before)
    for path in [out, *out.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("value", [*HOSTILE, "a/b", "..", "-rf", "é è", "x" * 300, "a\u202eb", "NUL"])
def test_a_name_in_a_file_name_only_when_asked_for_and_harmless(value: str, tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [(value, "a@b.nl", "nl")])
    merge(path, name_by="naam").write(tmp_path / "out")
    (name,) = letters(tmp_path / "out")
    assert re.fullmatch(r"parents\.000002\.[\w-]{1,60}\.docx", name)
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv", "out"] or len(list(tmp_path.iterdir())) == 2


# --- Interrupted at any point ---------------------------------------------------------------------------------------


class Killed(BaseException):
    """What no code catches, as no code survives kill -9."""


POINTS = ("open", "write", "close", "replace")


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, BaseException, bool], None]]:
    """Makes the n-th call to the system that a merge makes fail; a write has then put down half of its bytes."""
    real = {name: getattr(os, name) for name in POINTS}

    def arm(after: int, error: BaseException, half: bool) -> None:
        left = [after]

        def failing(name: str) -> Callable[..., Any]:
            def call(*arguments: Any, **named: Any) -> Any:
                left[0] -= 1
                if left[0] == 0:
                    if name == "write" and half:
                        real[name](arguments[0], arguments[1][: len(arguments[1]) // 2])
                    if name == "close":
                        real[name](*arguments)
                    raise error
                return real[name](*arguments, **named)

            return call

        for name in POINTS:
            monkeypatch.setattr(progress.os, name, failing(name))

    yield arm
    monkeypatch.undo()


@pytest.mark.parametrize("form", ["docx", "mbox", "combined"])
@pytest.mark.parametrize(
    "error", [Killed(), KeyboardInterrupt(), OSError(errno.ENOSPC, "full")], ids=["kill", "ctrl-c", "full"]
)
def test_stopped_at_any_call_to_the_system_it_goes_on(
    form: str, error: BaseException, cut: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = many(tmp_path / "r.csv", 4)
    merge(path, form=form).write(tmp_path / "whole")
    expected = letters(tmp_path / "whole")
    for after in range(1, 60):
        out = tmp_path / f"out{after}"
        cut(after, error, True)
        try:
            merge(path, form=form).write(out)
            stopped = False
        except (Killed, KeyboardInterrupt):
            stopped = True
        except WritingError as told:
            assert "de schijf is vol" in str(told)
            stopped = True
        monkeypatch.undo()
        if out.exists():  # what is there is whole, also before it goes on
            assert letters(out).items() <= expected.items()
        made = merge(path, form=form).write(out)
        assert letters(out) == expected
        assert (made.total, made.missing) == (4, ())
        assert progress.status(out).finished
        if not stopped:
            break
    else:
        pytest.fail("it never got through")


@pytest.mark.parametrize("form", ["docx", "mbox"])
def test_a_manifest_that_was_cut_off_anywhere_is_gone_on_from(form: str, tmp_path: Path) -> None:
    path = many(tmp_path / "r.csv", 4)
    out = tmp_path / "out"
    merge(path, form=form).write(out)
    expected = letters(out)
    manifest = out / progress.FOLDER / "manifest"
    whole = manifest.read_bytes()
    first = whole.index(b"\n") + 1  # the header is written whole or not at all
    for length in range(first, len(whole)):
        manifest.write_bytes(whole[:length])
        merge(path, form=form).write(out)
        assert letters(out) == expected
        assert manifest.read_bytes() == whole


def test_killed_for_real_it_goes_on_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "school.yaml").write_text(json.dumps(PROFILE), "utf-8")
    (tmp_path / "i.yaml").write_text(OPEN_YAML, "utf-8")
    many(tmp_path / "r.csv", 4000)
    out = tmp_path / "out"
    start = [sys.executable, "-m", "comms.cli", "merge", "i.yaml", "r.csv", "-o", "out"]
    running = subprocess.Popen(start, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None and not (out / "parents.000500.docx").exists():
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    running.wait()
    told = command("merge", "--status", "out", cwd=tmp_path)
    assert re.fullmatch(r"ouders: \d+ van 4000 brieven, onderbroken; dezelfde opdracht gaat verder\n", told.stdout)
    there = {path.name: path.stat().st_mtime_ns for path in out.glob("*.docx")}
    assert 499 <= len(there) < 4000
    assert command(*start[3:], cwd=tmp_path).returncode == 0
    assert len(letters(out)) == 4000
    again = [name for name, moment in there.items() if (out / name).stat().st_mtime_ns != moment]
    assert len(again) <= 1  # the one whose note was not written yet
    merge(tmp_path / "r.csv", comms.Incident.load(tmp_path / "i.yaml")).write(tmp_path / "whole")
    assert letters(out) == letters(tmp_path / "whole")
    assert command("merge", "--status", "out", cwd=tmp_path).stdout == "ouders: 4000 van 4000 brieven, klaar\n"


def test_interrupted_at_the_keyboard_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "school.yaml").write_text(json.dumps(PROFILE), "utf-8")
    (tmp_path / "i.yaml").write_text(OPEN_YAML, "utf-8")
    many(tmp_path / "r.csv", 20_000)
    start = [sys.executable, "-m", "comms.cli", "merge", "i.yaml", "r.csv", "-o", "out"]
    running = subprocess.Popen(
        start, cwd=tmp_path, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, "COMMS_LANG": "nl"}
    )
    while running.poll() is None and not (tmp_path / "out" / "parents.000500.docx").exists():
        time.sleep(0.001)
    running.send_signal(signal.SIGINT)
    _out, told = running.communicate()
    assert running.returncode == 130
    assert "brieven zijn klaar. Dezelfde opdracht gaat verder waar u was." in told
    assert "Traceback" not in told


def test_a_letter_that_power_loss_left_torn_is_made_again_and_one_that_is_gone_is_told(tmp_path: Path) -> None:
    path = many(tmp_path / "r.csv", 5)
    out = tmp_path / "out"
    merge(path).write(out)
    expected = letters(out)
    (out / "parents.000003.docx").write_bytes(b"")
    (out / "parents.000005.docx").unlink()  # moved away by someone, perhaps sent
    made = merge(path).write(out)
    assert made.missing == (5,)
    del expected["parents.000005.docx"]
    assert letters(out) == expected


def test_a_letter_that_somebody_changed_by_hand_is_left_alone(recipients: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    merge(recipients).write(out)
    for changed in (b"korter", b"langer" * 5000):
        (out / "parents.000003.docx").write_bytes(changed)
        merge(recipients).write(out)
        assert (out / "parents.000003.docx").read_bytes() == changed


def test_nothing_is_written_twice(recipients: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    merge(recipients).write(out)
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    made = merge(recipients).write(out)
    assert (made.written, made.before, made.total) == (0, 5, 5)
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before


# --- Something changed ----------------------------------------------------------------------------------------------


def test_recipients_that_changed_between_two_starts_are_noticed(recipients: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    merge(recipients).write(out)
    table(recipients, [PEOPLE[0], ("Geheim", *PEOPLE[1][1:]), *PEOPLE[2:]])
    with pytest.raises(ChangedError) as caught:
        merge(recipients).write(out)
    assert "Al geschreven aan een rij die nu anders is: 3" in str(caught.value)
    assert "Geheim" not in str(caught.value)
    table(recipients)
    assert merge(recipients).write(out).before == 5


def test_recipients_that_change_while_letters_are_written_are_noticed(tmp_path: Path) -> None:
    path = many(tmp_path / "r.csv", 2000)

    whole = path.read_text()
    for number, changed in enumerate((whole.replace("Ouder 1999;", "Ander;"), whole[: whole.index("Ouder 1999;")])):

        def change(done: int, _total: int, changed: str = changed) -> None:
            if done == 100:
                path.write_text(changed)

        path.write_text(whole)
        with pytest.raises(ChangedError, match=r"r\.csv"):
            merge(path).write(tmp_path / f"out{number}", change)
        assert len(letters(tmp_path / f"out{number}")) == 1999
        assert not progress.status(tmp_path / f"out{number}").finished


@pytest.mark.parametrize(
    "options",
    [{"made": incident(OPEN, police="reported", scale="public")}, {"form": "eml"}, {"audience": "students"},
     {"leave_out": [2]}, {"confirm": [2]}, {"name_by": "naam"}, {"made": incident(OPEN, school={"name": "Ander"})}],
    ids=["incident", "form", "audience", "leave_out", "confirm", "name_by", "school"],
)  # fmt: skip
def test_other_letters_or_options_in_the_same_folder_are_refused(
    options: dict[str, Any], recipients: Path, tmp_path: Path
) -> None:
    merge(recipients).write(tmp_path / "out")
    before = letters(tmp_path / "out")
    with pytest.raises(ChangedError, match="nieuwe map"):
        merge(recipients, **options).write(tmp_path / "out")
    assert letters(tmp_path / "out") == before


def test_the_next_day_the_date_is_told(recipients: Path, tmp_path: Path) -> None:
    merge(recipients).write(tmp_path / "out")
    with pytest.raises(ChangedError, match="date: 2026-11-20"):
        merge(recipients, incident(OPEN, date="2026-11-21")).write(tmp_path / "out")


def test_letters_of_something_else_in_the_folder_are_left_alone(recipients: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "parents.nl.docx").write_text("van mij")
    (out / "anders.txt").write_text("ook")
    with pytest.raises(WritingError, match=r"parents\.nl\.docx"):
        merge(recipients).write(out)
    assert (out / "parents.nl.docx").read_text() == "van mij"


def test_two_at_once_in_one_folder_refuse(recipients: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with progress.Progress(out).held(), pytest.raises(WritingError, match="al een samenvoeging bezig"):
        merge(recipients).write(out)
    assert merge(recipients).write(out).written == 5
    assert not progress.status(out).running
    with progress.Progress(out).held():
        assert progress.status(out).running


def test_of_many_at_once_each_letter_is_written_once(tmp_path: Path) -> None:
    (tmp_path / "school.yaml").write_text(json.dumps(PROFILE), "utf-8")
    (tmp_path / "i.yaml").write_text(OPEN_YAML, "utf-8")
    many(tmp_path / "r.csv", 1500)
    codes: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: codes.append(command("merge", "i.yaml", "r.csv", "-o", "out", cwd=tmp_path).returncode)
        )
        for _number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {0, 3}
    assert 0 in codes
    assert len(letters(tmp_path / "out")) == 1500


# --- All in one file ------------------------------------------------------------------------------------------------


def test_all_letters_in_one_word_file_a_language(recipients: Path, tmp_path: Path) -> None:
    merge(recipients, form="combined").write(tmp_path / "out")
    merge(recipients).write(tmp_path / "apart")
    found, apart = letters(tmp_path / "out"), letters(tmp_path / "apart")
    assert list(found) == ["parents.en.docx", "parents.nl.docx"]
    assert texts(found["parents.en.docx"]) == texts(apart["parents.000003.docx"])
    expected: list[str] = []
    for row in (2, 4, 5, 6):
        expected += [*texts(apart[f"parents.00000{row}.docx"]), ""]
    assert texts(found["parents.nl.docx"]) == expected[:-1]


def test_a_word_file_holds_no_more_letters_than_word_can_do_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MOST_IN_ONE", 3)
    path = table(tmp_path / "r.csv", [(f"Ouder {n}", f"o{n}@x.nl", "nl") for n in range(7)])
    merge(path, form="combined").write(tmp_path / "out")
    found = letters(tmp_path / "out")
    assert list(found) == ["parents.nl.2.docx", "parents.nl.3.docx", "parents.nl.docx"]
    greeted = {name: re.findall(r"Beste Ouder (\d)", "\n".join(texts(docx))) for name, docx in found.items()}
    assert list(greeted.values()) == [["3", "4", "5"], ["6"], ["0", "1", "2"]]


def test_all_mails_in_one_mailbox(tmp_path: Path) -> None:
    people = [*PEOPLE, ("From iemand", "from@ouders.example", "nl"), (">From x", "x@ouders.example", "nl")]
    path = table(tmp_path / "r.csv", people)
    merge(path, form="mbox").write(tmp_path / "out")
    merge(path, form="eml").write(tmp_path / "apart")
    box = mailbox.mbox(tmp_path / "out" / "parents.mbox", create=False)
    assert [mail["To"] for mail in box] == [person[1] for person in people]
    for mail, apart in zip(box, letters(tmp_path / "apart").values(), strict=True):
        assert mail.as_bytes().rstrip() == apart.replace(b"\r\n", b"\n").rstrip()


def test_a_mailbox_quotes_the_line_that_would_begin_a_mail() -> None:
    assert merging._quoted(b"a\r\nFrom b\r\n>From c\r\n From d\r\n") == b"a\n>From b\n>>From c\n From d\n"


# --- The mail is the slow way's -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [*HOSTILE, "a =", "é" * 200, "woord " * 60, "x" * 500, ".", "From x", "\u2066030\u2069", "𝒜"]
)
def test_a_merged_mail_is_byte_for_byte_what_the_email_package_makes(value: str, tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", [(value, "a@b.nl", "nl"), ("Anna", f"{'b' * 60}.{'c' * 60}@b.nl", "en")])
    made = merge(path, form="eml")
    made.write(tmp_path / "out")
    found = list(letters(tmp_path / "out").values())
    for language, mail, name, to in zip(
        ("nl", "en"), found, (value, "Anna"), ("a@b.nl", f"{'b' * 60}.{'c' * 60}@b.nl"), strict=True
    ):
        draft = made.draft(language, "name")
        assert mail == email.render(addressed(draft.message, {"name": name.strip()}), to)


# --- The command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "school.yaml").write_text(json.dumps(PROFILE), "utf-8")
    (tmp_path / "i.yaml").write_text(OPEN_YAML, "utf-8")
    table(tmp_path / "r.csv")
    return tmp_path


def test_the_command_writes_and_tells(desk: Path) -> None:
    ran = command("merge", "i.yaml", "r.csv", "-o", "out", cwd=desk)
    assert ran.returncode == 0
    assert ran.stdout == "out: 5 brieven\n"
    assert "5 ontvangers: English 1, Nederlands 4" in ran.stderr
    assert "Geen tekst in de taal yi: 1 ontvangers krijgen de brief in het Nederlands" in ran.stderr
    assert "Kolom naam: bij 1 ontvangers leeg" in ran.stderr
    assert "English: nog niet gelezen door iemand met deze moedertaal." in ran.stderr
    assert len(letters(desk / "out")) == 5


def test_check_writes_nothing_and_preview_only_the_first(desk: Path) -> None:
    ran = command("merge", "i.yaml", "r.csv", "-o", "out", "--check", cwd=desk)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "5 ontvangers" in ran.stderr
    assert not (desk / "out").exists()
    ran = command("merge", "i.yaml", "r.csv", "-o", "out", "--preview", "2", cwd=desk)
    assert ran.stdout.split() == ["out/preview/parents.000002.docx", "out/preview/parents.000003.docx"]
    assert sorted(path.name for path in (desk / "out" / "preview").iterdir()) == [
        "parents.000002.docx",
        "parents.000003.docx",
    ]
    command("merge", "i.yaml", "r.csv", "-o", "out", "--preview", "1", cwd=desk)
    assert [path.name for path in (desk / "out" / "preview").iterdir()] == ["parents.000002.docx"]
    for options in (["--mbox"], ["--combined"]):
        assert command("merge", "i.yaml", "r.csv", "--preview", "9", *options, cwd=desk).returncode == 0


def test_in_a_log_progress_is_plain_lines(desk: Path) -> None:
    many(desk / "r.csv", 1000)
    ran = command("--ui-language", "en", "merge", "i.yaml", "r.csv", "-o", "out", cwd=desk)
    lines = [line for line in ran.stderr.splitlines() if line.startswith("letters:")]
    assert lines == [f"letters: {count} of 1000" for count in range(100, 1001, 100)]
    assert "\r" not in ran.stderr
    assert "\x1b" not in ran.stderr


def test_on_a_terminal_progress_is_a_bar(desk: Path) -> None:
    many(desk / "r.csv", 1000)
    main, terminal = pty.openpty()
    start = [sys.executable, "-m", "comms.cli", "merge", "i.yaml", "r.csv", "-o", "out"]
    running = subprocess.Popen(
        start, cwd=desk, stdout=subprocess.DEVNULL, stderr=terminal, env={**os.environ, "TERM": "xterm"}
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            block = os.read(main, 4096)
        except OSError:  # Linux says so that the other side was closed
            break
        if not block:
            break
        shown += block
    os.close(main)
    assert running.wait() == 0
    assert b"1000/1000" in shown
    assert shown.count(b"\r") > 5


def test_wrong_use_is_told(desk: Path) -> None:
    for arguments in (
        [], ["i.yaml"], ["i.yaml", "r.csv", "--leave-out", "x"], ["i.yaml", "r.csv", "--preview", "0"],
        ["i.yaml", "weg.csv"], ["i.yaml", "r.csv", "-a", "website"], ["i.yaml", "r.csv", "-f", "html"],
        ["i.yaml", "r.csv", "--name-by", "weg"],
    ):  # fmt: skip
        ran = command("merge", *arguments, cwd=desk)
        assert ran.returncode == 2, arguments
        assert ran.stderr
        assert "Traceback" not in ran.stderr
    for arguments in (["--status", "weg"], ["i.yaml", "r.csv", "-o", "i.yaml"]):
        ran = command("merge", *arguments, cwd=desk)
        assert ran.returncode == 3, arguments
        assert "Traceback" not in ran.stderr


def test_a_gap_is_told_by_the_command(desk: Path) -> None:
    ran = command("merge", "i.yaml", "r.csv", cwd=desk, COMMS_LANG="nl")
    assert ran.returncode == 0
    school = {name: value for name, value in PROFILE.items() if name != "phone"}
    (desk / "school.yaml").write_text(json.dumps(school), "utf-8")
    ran = command("merge", "i.yaml", "r.csv", "-o", "new", cwd=desk)
    assert ran.returncode == 2
    assert "【telefoonnummer van de school】: parents" in ran.stderr
    assert not (desk / "new").exists()


def test_letters_from_excel(desk: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["naam", "e-mail", "taal"], *map(list, PEOPLE)):
        book.active.append(row)
    book.save(desk / "r.xlsx")
    assert command("merge", "i.yaml", "r.xlsx", "-o", "x", cwd=desk).returncode == 0
    assert command("merge", "i.yaml", "r.csv", "-o", "c", cwd=desk).returncode == 0
    assert letters(desk / "x") == letters(desk / "c")


def test_the_same_recipients_give_the_same_bytes(recipients: Path, tmp_path: Path) -> None:
    for form in merging.FORMS:
        merge(recipients, form=form).write(tmp_path / f"1{form}")
        merge(recipients, form=form).write(tmp_path / f"2{form}")
        assert letters(tmp_path / f"1{form}") == letters(tmp_path / f"2{form}")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("form", ["docx", "combined"])
def test_another_program_opens_the_letters(form: str, recipients: Path, tmp_path: Path) -> None:
    merge(recipients, form=form).write(tmp_path / "out")
    source = sorted((tmp_path / "out").glob("*.docx"))[-1]
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(source)], check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert (tmp_path / f"{source.stem}.pdf").stat().st_size > 10_000
