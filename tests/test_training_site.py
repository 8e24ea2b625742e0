"""The training as pages: what is in them, that nothing in a school's files can act, and that they are written whole."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import ROOT

import comms
from comms import cli
from comms.documents import documents
from comms.policy import provisions
from comms.training.compare import FACTS
from comms.training.exercises import exercises
from comms.training.site import DOCUMENTS, HOME

SAMPLES = ROOT / "samples"
LIMIT = 5_000_000
HOSTILE = """</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'"&{{7*7}}<!--"""


class Page(HTMLParser):
    """What stands in a page: its elements, its text, its ids and where its links lead."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.source = path.read_text("utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "br":
            self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, name: str) -> list[str]:
        return [value for _tag, attributes in self.elements if (value := attributes.get(name))]

    def data(self) -> Any:
        found = re.search(r'<script type="application/json" id="data">(.*?)</script>', self.source, re.DOTALL)
        assert found
        return json.loads(found[1])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All samples, made now."""
    folder = tmp_path_factory.mktemp("training") / "samples"
    shutil.copytree(SAMPLES, folder)
    assert cli.run(["samples", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def pages(made: Path) -> list[Page]:
    return [Page(path) for path in [made / "index.html", *sorted((made / "site").rglob("*.html"))]]


def page(pages: list[Page], name: str) -> Page:
    (found,) = [each for each in pages if each.path.as_posix().endswith(name)]
    return found


def test_there_is_a_page_for_every_sample_and_exercise_in_both_languages(made: Path, pages: list[Page]) -> None:
    names = {each.path.relative_to(made).as_posix() for each in pages}
    stems = [path.stem for path in made.glob("*.yaml") if path.stem != "school"]
    for language, home in HOME.items():
        lessons = exercises(made / "faults", language)
        assert home in names
        assert {f"site/{stem}.{language}.html" for stem in stems} <= names
        assert {f"site/faults/{each.id}.{language}.html" for each in lessons} <= names
        assert len(lessons) >= 1


def test_every_document_has_its_name_above_it() -> None:
    assert set(DOCUMENTS) == set(documents())


def test_together_they_are_small(pages: list[Page]) -> None:
    assert sum(len(each.source.encode()) for each in pages) < LIMIT


def test_no_page_loads_anything_and_each_holds_its_styles_and_scripts(pages: list[Page]) -> None:
    for each in pages:
        tags = [tag for tag, _attributes in each.elements]
        assert not {"link", "img", "iframe", "object", "embed", "base", "video", "audio", "source"} & set(tags)
        assert each.attributes("src") == []
        assert tags.count("style") == 1
        assert "@import" not in each.source and "url(" not in each.source
        assert not re.search(
            r"localStorage|sessionStorage|indexedDB|cookie|fetch\(|XMLHttpRequest|innerHTML", each.source
        )


def test_links_within_the_pages_lead_somewhere(pages: list[Page]) -> None:
    ids = {each.path.resolve(): set(each.attributes("id")) for each in pages}
    for each in pages:
        for href in each.attributes("href"):
            if re.match(r"(https?|mailto|tel):", href):
                continue
            path, _hash, place = href.partition("#")
            target = (each.path.parent / unquote(path)).resolve() if path else each.path.resolve()
            assert target in ids, f"{each.path.name}: {href}"
            assert not place or place in ids[target], f"{each.path.name}: {href}"


def test_ids_stand_once(pages: list[Page]) -> None:
    for each in pages:
        ids = each.attributes("id")
        assert len(ids) == len(set(ids)), each.path.name


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_sample_shows_its_facts_its_plan_and_all_its_texts(language: str, made: Path, pages: list[Page]) -> None:
    for source in sorted(made.glob("[0-9]*.yaml")):
        incident = comms.Incident.load(source)
        shown = page(pages, f"{source.stem}.{language}.html")
        text = " ".join(shown.text.split())
        with comms.ui_language(language):
            plan = comms.plan(incident)
            drafts = comms.draft(incident, languages=[language])
        for message in plan.messages:
            assert message.decision == "withhold" or message.reach.text in text
            for reason in (*message.reasons, *message.conditions):
                assert reason.text in text, reason
        for each in (*plan.warnings, *(f"{draft.title}" for draft in drafts)):
            assert each in text
        for draft in drafts:
            assert f"document-{draft.document.id}" in shown.attributes("id")
            for passage in draft.passages:
                for block in passage.blocks:
                    assert " ".join(block.text.split()) in text, (source.stem, passage.id)
                for id_ in passage.provisions:
                    assert f"p-{id_}" in shown.attributes("id")
                    assert provisions()[id_].gist[language] in text


def test_the_data_of_a_page_is_what_was_made_and_no_rule(pages: list[Page]) -> None:
    data = page(pages, "03-viral-press-at-the-door.nl.html").data()
    assert [each["name"] for each in data["facts"]] == list(FACTS)
    assert set(data["documents"]) == {each.id for each in documents().values() if not each.internal}
    script = re.findall(r"<script>(.*?)</script>", page(pages, "03-viral-press-at-the-door.nl.html").source, re.DOTALL)[
        -1
    ]
    for value in ("refused", "granted", "public", "not_consulted", "deepfake", "threat", "students"):
        assert value not in script, "a script that knows a fact holds a rule"


def test_an_exercise_shows_its_text_and_its_key(made: Path, pages: list[Page]) -> None:
    for language in ("nl", "en"):
        for exercise in exercises(made / "faults", language):
            shown = page(pages, f"faults/{exercise.id}.{language}.html")
            text = " ".join(shown.text.split())
            for sentence in exercise.sentences:
                assert " ".join(exercise.text[sentence.start : sentence.end].split()) in text
            for fault in exercise.faults:
                assert {" ".join(fault.note.split()) in text, " ".join(fault.better.split()) in text} == {True}
                assert all(f"{id_}" in text for id_ in fault.provisions)


# Bad input


SCHOOL = {
    "name": f"School {HOSTILE}",
    "place": HOSTILE,
    "website": "www.school.example",
    "phone": "088 000 20 00",
    "email": "info@school.example",
    "tips_url": "https://www.school.example/tips",
    "signatory": {"name": HOSTILE, "role": HOSTILE},
    "help": {"name": HOSTILE, "role": HOSTILE, "phone": "088 000 20 10", "email": "hulp@school.example"},
    "press": {"name": HOSTILE, "phone": "088 000 20 20", "email": "pers@school.example"},
    "online_responder": {"name": HOSTILE},
    "roles": {"slb": HOSTILE, "care_team": HOSTILE},
    "languages": ["nl", "en"],
}
FACTS_OF = {
    "group": HOSTILE,
    "date": "2026-11-20",
    "scale": "public",
    "media": "asking",
    "material": "sexual",
    "contact_appointed": "yes",
    "victim": {"consent": "refused", "unsafe_at_home": "no"},
    "released": {"students": {"by": HOSTILE, "at": HOSTILE}},
}
NAME = """a&b "c" '<i>d #e %41 ?f"""


def hostile_samples(folder: Path) -> Path:
    """A school that has taken trouble with its names."""
    folder.mkdir()
    (folder / f"{NAME}.yaml").write_text(f"# {HOSTILE}\n" + json.dumps({"school": "school.yaml", **FACTS_OF}), "utf-8")
    (folder / "school.yaml").write_text(json.dumps(SCHOOL), "utf-8")
    texts = folder / "faults" / "nl"
    texts.mkdir(parents=True)
    source = SAMPLES / "faults" / "nl" / "01-letter-to-parents"
    shutil.copy(source.with_suffix(".md"), texts / "01-x.md")
    toml = source.with_suffix(".toml").read_text("utf-8")
    hostile = json.dumps(HOSTILE)
    toml = re.sub(r"(?m)^(title|author|note|better) = .*$", rf"\1 = {hostile}", toml).replace("\\\\", "\\")
    (texts / "01-x.toml").write_text(toml, "utf-8")
    return folder


def test_no_value_becomes_an_element_or_a_script(tmp_path: Path) -> None:
    folder = hostile_samples(tmp_path / "samples")
    assert cli.run(["samples", str(folder)]) == 0
    made = [folder / "index.html", *sorted((folder / "site").rglob("*.html"))]
    assert len(made) == 5
    for path in made:
        found = Page(path)
        tags = [tag for tag, _attributes in found.elements]
        assert "img" not in tags
        assert tags.count("script") == (1 if "site" not in path.parts or path.name == "en.html" else 2)
        assert not [name for _tag, attributes in found.elements for name in attributes if name.startswith("on")]
        assert "{{7*7}}" in found.source
        assert "window.hacked=1" in found.source, "it is shown, as text"
        assert not re.search(r"<script>window|<img|<!--", found.source)


def test_a_sample_that_is_wrong_stops_it_with_its_place_and_leaves_the_old_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    for name in ("school.yaml", "01-class-app.yaml", "05-refused-small.yaml"):
        shutil.copy(SAMPLES / name, folder)
    assert cli.run(["samples", str(folder)]) == 0
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    wrong = folder / "05-refused-small.yaml"
    wrong.write_text(wrong.read_text("utf-8").replace("scale: class", "scale: klas"), "utf-8")
    (folder / "school.yaml").write_text(before[folder / "school.yaml"].decode().replace("Vaart", "Haven"), "utf-8")
    capsys.readouterr()
    assert cli.run(["samples", str(folder)]) == 2
    line = wrong.read_text("utf-8").splitlines().index("scale: klas") + 1
    assert f"{wrong}:{line}:8" in capsys.readouterr().err
    after = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    assert {path for path in before if before[path] != after[path]} == {wrong, folder / "school.yaml"}


def test_pages_of_samples_that_are_gone_go(tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    for name in ("school.yaml", "01-class-app.yaml", "05-refused-small.yaml"):
        shutil.copy(SAMPLES / name, folder)
    assert cli.run(["samples", str(folder)]) == 0
    mine = folder / "site" / "aantekeningen.html"
    mine.write_text("van de trainer", "utf-8")
    (folder / "05-refused-small.yaml").unlink()
    assert cli.run(["samples", "--check", str(folder)]) == 1
    assert cli.run(["samples", str(folder)]) == 0
    assert {path.name for path in (folder / "site").iterdir()} == {
        "01-class-app.nl.html", "01-class-app.en.html", "en.html", mine.name,
    }  # fmt: skip


def test_a_school_that_writes_no_english_shows_its_dutch_texts_on_the_english_pages(tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    shutil.copy(SAMPLES / "01-class-app.yaml", folder)
    profile = (SAMPLES / "school.yaml").read_text("utf-8").replace("languages: [nl, en]", "languages: [nl]")
    (folder / "school.yaml").write_text(profile, "utf-8")
    assert cli.run(["samples", str(folder)]) == 0
    text = Page(folder / "site" / "01-class-app.en.html").text
    assert "Stuur de beelden niet door" in text and "What if the victim says no?" in text


def test_after_a_death_the_wish_is_that_of_the_next_of_kin(tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    shutil.copy(SAMPLES / "school.yaml", folder)
    source = (SAMPLES / "11-attempt-without-expert.yaml").read_text("utf-8").replace("grave: attempt", "grave: death")
    (folder / "death.yaml").write_text(source, "utf-8")
    assert cli.run(["samples", str(folder)]) == 0
    text = Page(folder / "site" / "death.nl.html").text
    assert "Wat als de nabestaanden nee zeggen?" in text
    assert "het slachtoffer nee" not in text and "Wat het slachtoffer wil" not in text
