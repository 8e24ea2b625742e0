"""A school's own texts: a passage at a time, checked like ours, and no way out of the sandbox."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from conftest import OPEN, PROFILE, ROOT, draft, incident, letters, said
from test_docx import shown, with_body

import comms


def passage(body: str, name: str = "students.greeting", options: str = "") -> str:
    return f'{{% passage "{name}"{options} %}}\n{body}\n{{% endpassage %}}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "teksten"
    (made / "nl").mkdir(parents=True)
    return made


def write(folder: Path, source: str | bytes, name: str = "nl/eigen.md.j2") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return path


def with_texts(folder: Path, **changes: object) -> comms.Incident:
    return incident(school={"templates": str(folder)}, **changes)  # type: ignore[arg-type]


def texts(folder: Path, name: str = "students.greeting", language: str = "nl") -> list[str]:
    found = draft("students", with_texts(folder), language)
    return [block.text for each in found.passages if each.id == name for block in each.blocks]


def mistake(folder: Path, language: str = "nl") -> comms.TemplateError:
    with pytest.raises(comms.TemplateError) as caught:
        draft("students", with_texts(folder), language)
    assert caught.value.exit_code == 2
    return caught.value


# --- What can be done -------------------------------------------------------------------------------------------------


def test_one_passage_is_replaced_and_all_others_stay(folder: Path) -> None:
    write(folder, passage("Hoi allemaal van {{ school.name }},"))
    ours, theirs = draft("students"), draft("students", with_texts(folder))
    assert [each.id for each in ours.passages] == [each.id for each in theirs.passages]
    differing = [each.id for each, own in zip(ours.passages, theirs.passages, strict=True) if each != own]
    assert differing == ["students.greeting"]
    assert "Hoi allemaal van Testcollege," in theirs.markdown
    assert "Hoi allemaal" not in said(draft("parents", with_texts(folder)))


def test_a_replaced_passage_keeps_its_provisions_and_its_part(folder: Path) -> None:
    write(folder, passage("# Eigen titel", "students.title") + passage("Niet doen.", "students.forbid"))
    found = draft("students", with_texts(folder))
    assert found.title == "Eigen titel"
    assert {each.id: each.provisions for each in found.passages}["students.forbid"] == ("3.students.6b",)


def test_several_files_and_folders_count(folder: Path) -> None:
    write(folder, passage("Een,"), "nl/a.md.j2")
    write(folder, passage("Twee.", "students.forbid"), "nl/onder/map/b.md.j2")
    write(folder, "{% passage kapot", "nl/aantekeningen.txt")
    assert texts(folder) == ["Een,"]
    assert texts(folder, "students.forbid") == ["Twee."]


def test_what_a_message_can_have(folder: Path) -> None:
    body = (
        "## Kop {{ group }}\n\n**Vet {{ school.name }}** en [hier](https://a.example/?q=1).\n\n- een\n- twee  \n  regel"
    )
    write(folder, passage(body, "students.forbid"))
    found = draft("students", with_texts(folder))
    (own,) = [each for each in found.passages if each.id == "students.forbid"]
    assert [(block.kind, block.text) for block in own.blocks] == [
        ("heading", "Kop Testcollege"),
        ("paragraph", "Vet Testcollege en hier."),
        ("bullet", "een"),
        ("bullet", "twee\nregel"),
    ]
    assert [run.text for run in own.blocks[1].runs if run.bold] == ["Vet Testcollege"]
    assert [run.href for run in own.blocks[1].runs if run.href] == ["https://a.example/?q=1"]


def test_a_shared_passage_is_replaced_in_every_draft(folder: Path) -> None:
    write(folder, passage("- **Meldknop.nl**: hier eerst.", "help.meldknop"))
    for found in letters(with_texts(folder)):
        assert "Meldknop.nl: hier eerst." in said(found), found.audience


def test_values_and_simple_expressions_are_data(folder: Path) -> None:
    write(folder, passage("{{ school.name | upper }} {{ '<b>' }} {{ group ~ '*x*' }} {{ school['name'] }}"))
    assert texts(folder) == ["TESTCOLLEGE <b> Testcollege*x* Testcollege"]


def test_a_gap_in_an_own_text_is_told(folder: Path) -> None:
    write(folder, passage("Bel {{ school.phone }}."))
    profile = {name: value for name, value in PROFILE.items() if name != "phone"}
    found = draft("students", incident({**OPEN, "school": {**profile, "templates": str(folder)}}))
    assert found.gaps == ("【telefoonnummer van de school】",)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(folder: Path) -> None:
    write(folder, b"\xef\xbb\xbf" + passage("Een\n\nTwee,").replace("\n", "\r\n").encode())
    assert texts(folder) == ["Een", "Twee,"]


def test_a_change_counts_at_once(folder: Path) -> None:
    path = write(folder, passage("Een,"))
    assert texts(folder) == ["Een,"]
    path.write_text(passage("Twee,"), "utf-8")
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000_000))
    assert texts(folder) == ["Twee,"]
    path.unlink()
    assert texts(folder) == ["Beste studenten,"]


def test_an_empty_folder_changes_nothing(folder: Path) -> None:
    assert said(draft("students", with_texts(folder))) == said(draft("students"))


# --- Languages --------------------------------------------------------------------------------------------------------


def test_each_language_has_its_own_text(folder: Path) -> None:
    write(folder, passage("Hoi,"))
    write(folder, passage("Hi all,"), "en/own.md.j2")
    assert (texts(folder), texts(folder, language="en")) == (["Hoi,"], ["Hi all,"])


def test_a_missing_translation_is_an_error_of_that_language_only(folder: Path) -> None:
    path = write(folder, "\n" + passage("Hoi,"))
    assert texts(folder) == ["Hoi,"]
    error = mistake(folder, "en")
    assert (error.place.file, error.place.line) == (str(path), 3)
    assert "students.greeting" in str(error) and "en" in str(error)


def test_a_translation_alone_is_fine(folder: Path) -> None:
    write(folder, passage("Hi all,"), "en/own.md.j2")
    assert texts(folder) == ["Beste studenten,"]
    assert texts(folder, language="en") == ["Hi all,"]


@pytest.mark.parametrize("place", ["eigen.md.j2", "dutch/eigen.md.j2", "NL/eigen.md.j2", "de/eigen.md.j2"])
def test_a_folder_that_is_no_language_is_told(place: str, folder: Path) -> None:
    path = write(folder, passage("Hoi,"), place)
    error = mistake(folder)
    assert error.place.file == str(path)
    assert "nl, en" in str(error)


# --- Mistakes ---------------------------------------------------------------------------------------------------------

MISTAKES: list[tuple[str, str, int, tuple[str, ...]]] = [
    ("unknown passage", passage("x", "students.greetings"), 2, ("students.greetings", "bedoelde u students.greeting")),
    ("unlike any passage", passage("x", "qqqq"), 2, ("qqqq",)),
    ("text before", "Zomaar tekst\n" + passage("x"), 1, ("buiten een passage",)),
    ("text between", passage("x") + "\nzomaar\n" + passage("y", "students.forbid"), 5, ("buiten een passage",)),
    ("value outside", passage("x") + "{{ school.name }}\n", 4, ("buiten een passage",)),
    ("condition inside", passage("a\n{% if incident.scale %}b{% endif %}"), 3, ("voorwaarden",)),
    ("loop inside", passage("{% for x in y %}b{% endfor %}"), 2, ("voorwaarden",)),
    ("set inside", passage("{% set x = 1 %}b"), 2, ("voorwaarden",)),
    ("include inside", passage("{% include 'shared/help.md.j2' %}"), 2, ("voorwaarden",)),
    ("unknown name", passage("a\nb {{ skool.name }}"), 3, ("skool", "school", "organisations")),
    ("unknown name in an expression", passage("a\nb {{ skool | upper }}"), 3, ("skool", "school", "organisations")),
    ("unknown attribute", passage("a\n\nb {{ school.naam }}"), 4, ("naam", "name", "signatory")),
    ("unknown inner attribute", passage("{{ school.help.fone }}"), 2, ("fone", "email, name, phone, role")),
    ("unknown fact", passage("{{ incident.scales }}"), 2, ("scales", "scale")),
    ("unknown organisation", passage("{{ organisations.meldknap.name }}"), 2, ("meldknap", "meldknop")),
    ("unknown filter", passage("a\n{{ school.name | hoofdletters }}"), 3, ("hoofdletters",)),
    ("broken expression", passage("a\n{{ school. }}"), 3, ()),
    ("open expression", passage("a {{ school.name\nb"), 3, ()),
    ("division", passage("a\n{{ 1 / 0 }}"), 3, ()),
    ("no end", '{% passage "students.greeting" %}\nHoi\n', 1, ()),
    ("end without begin", "{% endpassage %}\n", 1, ("endpassage",)),
    ("unknown tag", "{% pasage x %}\n" + passage("x"), 1, ("pasage",)),
    ("broken tag", passage("x") + "{% if %}\n", 4, ()),
    ("wrong carries", passage("x", options=' carries "3.students.9"'), 2, ("students.greeting",)),
    ("wrong part", passage("x", options=' in "kop"'), 2, ("kop", "title, date, body, signature")),
    ("empty", passage("   \n \n"), 5, ("leeg",)),
    ("only a comment", passage("{# later #}"), 2, ("leeg",)),
    ("only an empty value", passage("{{ '' }}"), 2, ("leeg",)),
    ("twice", passage("x") + passage("y"), 5, ("students.greeting",)),
    ("private use", passage("a\n\ue0000\ue001"), 3, ("Unicode",)),
    ("italic", passage("a\n*schuin*"), 2, ("em",)),
    ("deep heading", passage("#### diep"), 2, ("h4",)),
]


@pytest.mark.parametrize(("name", "source", "line", "words"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_told_with_its_file_and_line(
    name: str, source: str, line: int, words: tuple[str, ...], folder: Path
) -> None:
    path = write(folder, source)
    error = mistake(folder)
    assert error.place.file == str(path)
    assert error.place.line == line
    assert str(error).startswith(f"{path}:{line}:")
    for word in words:
        assert word in str(error)


def test_bytes_that_are_no_utf_8_are_told(folder: Path) -> None:
    path = write(folder, passage("Café,").encode("cp1252"))
    error = mistake(folder)
    assert error.place.file == str(path)
    assert "UTF-8" in str(error)


def test_a_mistake_stops_also_where_the_passage_is_not_spoken(folder: Path) -> None:
    write(folder, passage("x", "parents.greetin"))
    assert "parents.greeting" in str(mistake(folder))


# --- Markup that a message can't have ---------------------------------------------------------------------------------

STAYS = {
    "code": "a `b` c",
    "fence": "```\ncode\n```",
    "image": "![plaatje](https://evil.example/x.png)",
    "html": "<b onclick='x'>a</b> <script>alert(1)</script>",
    "comment": "<!-- weg -->",
    "quote": "> citaat",
    "numbers": "1. een\n2. twee",
    "table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "entity": "&lt;b&gt; &#65;",
    "autolink": "<https://a.example>",
    "reference": "[a][1]\n\n[1]: https://evil.example",
    "rule": "a\n\n***\n\nb",
    "indent": "a\n\n    b",
}


@pytest.mark.parametrize("name", STAYS)
def test_markup_that_a_message_cannot_have_stays_text_or_is_an_error(name: str, folder: Path) -> None:
    write(folder, passage(STAYS[name]))
    try:
        found = draft("students", with_texts(folder))
    except comms.TemplateError as error:
        assert error.place.file.startswith(str(folder))
        return
    (own,) = [each for each in found.passages if each.id == "students.greeting"]
    assert " ".join(" ".join(block.text for block in own.blocks).split()) == " ".join(STAYS[name].split())
    assert {run.href for block in own.blocks for run in block.runs} == {""}
    assert "<script" not in found.html and "<img" not in found.html and "onclick='x'" not in found.html


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example"])
def test_a_strange_link_is_only_its_text(address: str, folder: Path) -> None:
    write(folder, passage(f"[hier]({address})"))
    found = draft("students", with_texts(folder))
    assert texts(folder) == ["hier"]
    assert address not in found.html


# --- The sandbox ------------------------------------------------------------------------------------------------------

SECRET = "geheimwoord"
ATTACKS = {
    "class": "{{ school.__class__ }}",
    "mro": "{{ ''.__class__.__mro__ }}",
    "attr filter": "{{ school | attr('__class__') }}",
    "item": "{{ school['__class__'] }}",
    "format": "{{ '{0.__class__}'.format(school) }}",
    "format map": "{{ '{a.__class__}'.format_map({'a': school}) }}",
    "globals": "{{ incident.load.__func__.__globals__ }}",
    "init": "{{ incident.victim.__init__.__globals__ }}",
    "self": "{{ self._TemplateReference__context }}",
    "cycler": "{{ cycler.__init__.__globals__ }}",
    "values": "{{ _values }}",
    "spoken": "{{ _spoken }}",
    "load": "{{ incident.load(school.place).school.name }}",
    "load via item": "{{ incident['load'](school.place).school.name }}",
    "from dict": "{{ incident.from_dict({'school': school.place, 'scale': 'few', 'media': 'none'}).school.name }}",
    "method itself": "{{ incident.load }}",
    "method of the plan": "{{ plan.students.to_dict }}",
    "path of templates": "{{ school.templates.joinpath('geheim.txt').read_text() }}",
    "path of templates, written": "{{ school.templates.joinpath('nieuw.txt').write_text('x') }}",
    "path of letterhead": "{{ school.letterhead.with_name('geheim.txt').read_text() }}",
    "path of the incident's school": "{{ incident.school.templates.joinpath('geheim.txt').read_text() }}",
    "path removed": "{{ school.templates.joinpath('geheim.txt').unlink() }}",
    "current folder": "{{ school.templates.cwd() }}",
    "home folder": "{{ school.templates.home() }}",
    "change a list": "{{ [].append(1) }}",
    "with_facts": "{{ incident.with_facts(scale='few').scale }}",
    "whole incident": "{{ incident }}",
    "whole victim": "{{ incident.victim }}",
    "whole profile": "{{ school }}",
    "whole plan": "{{ plan }}",
    "whole incident as a text": "{{ incident | string }}",
    "whole incident by format": "{{ '%s' | format(incident) }}",
    "whole incident in a list": "{{ [incident] | join }}",
    "whole victim after a text": "{{ 'x' ~ incident.victim }}",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_template_gets_nothing_but_texts(name: str, folder: Path, tmp_path: Path) -> None:
    (folder / "geheim.txt").write_text(SECRET)
    other = tmp_path / "ander.yaml"
    other.write_text(f"school: {{name: {SECRET}}}\nscale: few\nmedia: none\n")
    (tmp_path / "profiel.yaml").write_text(f"name: {SECRET}\n")
    shutil.copy(ROOT / "templates" / "letterhead.docx", folder / "brief.docx")
    write(folder, passage("x" + ATTACKS[name]))
    place = "profiel.yaml" if name == "from dict" else "ander.yaml"
    school = {"templates": str(folder), "letterhead": str(folder / "brief.docx"), "place": str(tmp_path / place)}
    before = sorted(path.name for path in folder.iterdir())
    try:
        shown_text = said(draft("students", incident(school=school)))
    except comms.TemplateError:
        shown_text = ""
    assert sorted(path.name for path in folder.iterdir()) == before
    for word in (SECRET, "bound method", "object at 0x", "<class", "namespace(", "Victim(", "School(", "[[...]]"):
        assert word not in shown_text
    assert f"x{Path.cwd()}" not in shown_text
    assert f"x{Path.home()}" not in shown_text


# --- The letterhead ---------------------------------------------------------------------------------------------------


def test_an_own_letterhead_is_used(tmp_path: Path) -> None:
    path = with_body(tmp_path / "brief.docx", "Eigen briefpapier van {{ school.name }}")
    found = draft("students", incident(school={"letterhead": str(path)}))
    assert "Eigen briefpapier van Testcollege" in shown(found.docx_bytes())
    assert "Eigen briefpapier" not in "\n".join(shown(draft("students").docx_bytes()))


def test_a_path_of_a_letterhead_starts_at_the_profile(tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    with_body(tmp_path / "school" / "brief.docx", "Eigen briefpapier")
    (tmp_path / "school" / "school.yaml").write_text("name: Testcollege\nletterhead: brief.docx\n")
    (tmp_path / "incident.yaml").write_text("school: school/school.yaml\nscale: class\nmedia: none\n")
    found = draft("teachers", comms.Incident.load(tmp_path / "incident.yaml"))
    assert "Eigen briefpapier" in shown(found.docx_bytes())


@pytest.mark.parametrize("text", ["{{ school.naam }}", "{{ school.name", "{% if %}", "{{ school.letterhead }}"])
def test_a_mistake_in_a_letterhead_is_told_with_its_file(text: str, tmp_path: Path) -> None:
    path = with_body(tmp_path / "brief.docx", text)
    with pytest.raises(comms.TemplateError) as caught:
        draft("students", incident(school={"letterhead": str(path)})).docx_bytes()
    assert caught.value.place.file == str(path)


def test_a_letterhead_that_is_no_word_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    path.write_text("geen Word")
    with pytest.raises(comms.TemplateError) as caught:
        draft("students", incident(school={"letterhead": str(path)})).docx_bytes()
    assert caught.value.place.file == str(path)


def test_the_values_that_a_letterhead_lacks_are_told(tmp_path: Path) -> None:
    path = with_body(tmp_path / "brief.docx", "{{ school.place }} {{ school.name }}")
    found = draft("students", comms.Incident.from_dict({**OPEN, "school": {"name": "x", "letterhead": str(path)}}))
    assert "【plaats van de school】" in found.letterhead_gaps()
    assert "【plaats van de school】" in "\n".join(shown(found.docx_bytes()))
