"""The catalogues: complete, up to date, and true to the form of the source; and the provisions of the policy."""

from __future__ import annotations

import ast
import re
import runpy
import shutil
from collections import Counter
from collections.abc import Iterator
from gettext import GNUTranslations
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from conftest import DRAFTED, HELD, ROOT, incident, letters, said

import comms
from comms import decisions, planning, policy, school
from comms import incident as facts

LOCALES = ROOT / "locales"
UPDATE = runpy.run_path(str(LOCALES / "update.py"))
DOMAINS = ("messages", "ui")


def read(domain: str, language: str = "en") -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language)


SOURCES: dict[str, Catalog] = {domain: UPDATE[domain]() for domain in DOMAINS}
CATALOGUES: dict[str, Catalog] = {domain: read(domain) for domain in DOMAINS}


def entries(domain: str) -> Iterator[Message]:
    return (each for each in CATALOGUES[domain] if each.id)


def keys(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(each.context, str(each.id)) for each in catalogue if each.id}


def told(each: Message) -> str:
    return f"{each.context or ''} {str(each.id)[:60]}"


# --- Complete and up to date ------------------------------------------------------------------------------------------


def test_the_languages_are_those_of_the_table() -> None:
    assert UPDATE["languages"]() == ["en"]
    assert comms.School(name="x").languages == ("nl",)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_is_in_the_catalogue_and_nothing_else(domain: str) -> None:
    assert len(keys(SOURCES[domain])) > 100
    missing, stale = keys(SOURCES[domain]) - keys(CATALOGUES[domain]), keys(CATALOGUES[domain]) - keys(SOURCES[domain])
    assert (sorted(map(str, missing)), sorted(map(str, stale))) == ([], [])
    assert CATALOGUES[domain].obsolete == {}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_is_translated(domain: str) -> None:
    assert [told(each) for each in entries(domain) if not str(each.string).strip()] == []
    assert [told(each) for each in entries(domain) if each.fuzzy] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_running_the_update_again_changes_nothing(domain: str, tmp_path: Path) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / f"{domain}.po"
    path.parent.mkdir(parents=True)
    shutil.copy(LOCALES / "en" / "LC_MESSAGES" / f"{domain}.po", path)
    updated = UPDATE["brought_up_to_date"](path, UPDATE[domain]())
    assert {(each.context, each.id): each.string for each in updated if each.id} == {
        (each.context, each.id): each.string for each in entries(domain)
    }
    assert not [told(each) for each in updated if each.id and each.fuzzy]


def test_a_new_text_comes_in_empty_and_a_changed_passage_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    shutil.copy(LOCALES / "en" / "LC_MESSAGES" / "messages.po", path)
    source = Catalog(domain="messages")
    for each in SOURCES["messages"]:
        if each.id and each.context != "students.greeting":
            source.add(each.id, context=each.context)
    source.add("Beste student,", context="students.greeting")
    source.add("Heel iets anders dan wat er al stond.", context="students.new")
    updated = UPDATE["brought_up_to_date"](path, source)
    changed = updated.get("Beste student,", "students.greeting")
    assert changed is not None and (changed.fuzzy or not changed.string)
    new = updated.get("Heel iets anders dan wat er al stond.", "students.new")
    assert new is not None and (new.fuzzy or not new.string)
    assert updated.get("Beste studenten,", "students.greeting") is None


# --- True to the form of the source -----------------------------------------------------------------------------------


def expressions(text: str) -> Counter[str]:
    return Counter(" ".join(each.split()) for each in re.findall(r"\{\{(.*?)\}\}", text, re.DOTALL))


def shape(text: str) -> dict[str, Any]:
    return {
        "headings": re.findall(r"(?m)^(#+) ", text),
        "bullets": len(re.findall(r"(?m)^- ", text)),
        "bold": len(re.findall(r"\*\*", text)),
        "links": sorted(re.findall(r"\]\(([^)]*)\)", text)),
        "paragraphs": len(re.split(r"\n\s*\n", text.strip())),
        "breaks": len(re.findall(r"  \n", text)),
        "tags": re.findall(r"\{%|\{#", text),
    }


def test_translated_passages_name_the_same_values() -> None:
    for each in entries("messages"):
        assert expressions(str(each.string)) == expressions(str(each.id)), told(each)


def test_translated_passages_have_the_same_form() -> None:
    for each in entries("messages"):
        assert shape(str(each.string)) == shape(str(each.id)), told(each)


def test_translated_texts_of_the_program_name_the_same_values() -> None:
    for each in entries("ui"):
        names = [Counter(re.findall(r"\{(\w*)\}", str(text))) for text in (each.id, each.string)]
        assert names[0] == names[1], told(each)
        assert str(each.id).count("\n") == str(each.string).count("\n"), told(each)


def test_translated_texts_keep_their_ids_and_commands() -> None:
    pattern = re.compile(r"--[a-z-]+|\b[0-9]\.(?:[0-9]|[a-z]+\.[0-9][ab]?)\b|\b113\b|[a-z_]+\.(?:yaml|txt|docx)\b")
    for each in entries("ui"):
        assert Counter(pattern.findall(str(each.string))) == Counter(pattern.findall(str(each.id))), told(each)


def test_a_translation_ends_as_the_source_does() -> None:
    for domain in DOMAINS:
        for each in entries(domain):
            last = [str(text).rstrip("*”'\"… .")[-1:].replace("?", ".") for text in (each.id, each.string)]
            assert last[0] == last[1] or not set(last) & set(".:!,"), told(each)


# --- No Dutch in English ----------------------------------------------------------------------------------------------

DUTCH = re.compile(
    r"\b(het|een|niet|van|voor|wij|jij|jullie|uw|dag|nacht|uur|met|naar|ook|maar|wordt|worden|zijn|bij|geen|beelden"
    r"|studenten|ouders|docent|docenten|klas|slachtoffer|politie|januari|februari|maart|mei|juni|juli|augustus"
    r"|oktober|vrijdag|maandag)\b",
    re.IGNORECASE,
)
NAMES = re.compile(
    r"slachtofferhulp(\.nl| Nederland)|Openbaar Ministerie|De Kindertelefoon|Veilig Thuis|\w+\.nl\b", re.IGNORECASE
)


def test_no_dutch_word_stands_in_a_translation_of_a_passage() -> None:
    for each in entries("messages"):
        text = NAMES.sub("", re.sub(r"\{\{.*?\}\}", "", str(each.string), flags=re.DOTALL))
        assert DUTCH.findall(text) == [], told(each)


def test_no_dutch_word_stands_in_an_english_draft() -> None:
    made = incident(HELD, next_update="2026-11-23 16:00")
    with comms.ui_language("en"):
        for variant in (made, incident(next_update="2026-11-23 16:00"), incident(phase="update", sent=DRAFTED)):
            for found in letters(variant, ["en"]):
                banner = "\n".join(block.text for block in found.message.banner.blocks) if found.message.banner else ""
                text = NAMES.sub("", said(found) + banner)
                assert DUTCH.findall(text) == [], found.audience
                assert DUTCH.findall(" ".join(found.gaps)) == []


def test_no_dutch_word_stands_in_an_english_plan() -> None:
    with comms.ui_language("en"):
        for changes in ({}, {"grave": "death"}, {"suspect": "staff", "victim": {"age": "minor"}}, {"origin": "threat"}):
            plan = comms.plan(incident(HELD, **changes))
            spoken = [action.text for action in plan.actions] + list(plan.warnings)
            for message in plan.messages:
                spoken += [message.reach.text, *(each.text for each in (*message.reasons, *message.conditions))]
            text = "\n".join(spoken).replace("vertrouwensinspecteur", "").replace("113", "")
            assert DUTCH.findall(NAMES.sub("", text)) == []


# --- What the extractor can find --------------------------------------------------------------------------------------

PYTHON = sorted((ROOT / "comms").rglob("*.py"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


@pytest.mark.parametrize("path", PYTHON, ids=[path.stem for path in PYTHON])
def test_no_text_hides_from_the_extractor(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for formatted in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        hidden = [call for call in calls(formatted, "_", "N_") if isinstance(call.args[0], ast.Constant)]
        assert not hidden, f"{path.name}:{formatted.lineno}: a text inside an f-string"
    for call in calls(tree, "N_"):
        assert len(call.args) == 1 and not call.keywords
        (text,) = call.args
        assert isinstance(text, ast.Constant) and isinstance(text.value, str), f"{path.name}:{call.lineno}"
    for call in calls(tree, "_"):
        (text,) = call.args
        named = isinstance(text, (ast.Name, ast.Attribute, ast.Subscript))
        literal = isinstance(text, ast.Constant) and isinstance(text.value, str) and bool(text.value)
        assert named or literal, f"{path.name}:{call.lineno}: {ast.unparse(call)}"


def labels() -> Iterator[str]:
    def of(fields: tuple[Any, ...]) -> Iterator[str]:
        for each in fields:
            yield each.about
            kind = getattr(each.kind, "item", None) or getattr(each.kind, "value", None) or each.kind
            yield from getattr(kind, "labels", {}).values()
            yield from of(getattr(kind, "fields", ()))

    yield from of(facts.FIELDS)
    yield from of(school.FIELDS)
    yield from facts.AUDIENCES.values()
    for rule in decisions.all_rules().values():
        yield rule.reason
        yield from (case.condition for case in rule.cases if case.condition)
    yield from (step.text for step in planning.STEPS)
    yield from school.ROLES.values()


def test_texts_in_tables_are_translated_too() -> None:
    found = set(labels())
    assert len(found) > 120
    known = {str(each.id): str(each.string) for each in entries("ui")}
    assert sorted(found - set(known)) == []


def test_the_click_catalogue_is_whole() -> None:
    catalogue = read("click", "nl")
    assert len([each for each in catalogue if each.id]) > 5
    for each in catalogue:
        if each.id:
            strings = each.string if isinstance(each.string, (list, tuple)) else [each.string]
            assert all(strings) and not each.fuzzy, each.id
            ids = each.id if isinstance(each.id, (list, tuple)) else [each.id]
            names, known = (
                {name for text in texts for name in re.findall(r"\{(\w+)[^}]*\}", str(text))}
                for texts in (strings, ids)
            )
            assert names == known, each


# --- What a build makes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_compiled_catalogue_says_the_same(domain: str) -> None:
    buffer = BytesIO()
    write_mo(buffer, CATALOGUES[domain])
    buffer.seek(0)
    compiled = GNUTranslations(buffer)
    for each in entries(domain):
        text = str(each.id)
        spoken = compiled.pgettext(each.context, text) if each.context else compiled.gettext(text)
        assert spoken == each.string, told(each)


@pytest.mark.parametrize("version", ["standard", "editable"])
def test_the_build_compiles_every_catalogue_template_and_rule_file(version: str, tmp_path: Path) -> None:
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed")
    for name in ("comms", "locales", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.mo", "compiled", "__pycache__"))
    hook = runpy.run_path(str(tmp_path / "locales" / "compile.py"))["Compile"](
        str(tmp_path), {}, None, None, str(tmp_path / "dist"), "wheel"
    )
    data: dict[str, Any] = {"force_include": {}}
    hook.initialize(version, data)
    made = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "locales").rglob("*.mo")}
    assert made == {
        f"locales/{name}.mo" for name in ("en/LC_MESSAGES/messages", "en/LC_MESSAGES/ui", "nl/LC_MESSAGES/click")
    }
    with (tmp_path / "locales/en/LC_MESSAGES/messages.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    assert compiled.pgettext("students.greeting", "Beste studenten,") == "Dear students,"
    templates = tmp_path / "templates" / "messages"
    sources = {path.relative_to(templates).as_posix().replace("/", ".") for path in templates.rglob("*.j2")}
    sources |= {"conditions", "letterhead", "blocks.nl", "blocks.en", "dates.nl", "dates.en"}
    made_beforehand = tmp_path / "templates" / "compiled"
    assert {path.name.split(".cpython")[0] for path in made_beforehand.iterdir()} == sources
    rules = sorted((tmp_path / "comms" / "review" / "rules" / "compiled").iterdir())
    assert [path.name.split(".")[0] for path in rules] == ["en", "nl"]
    if version == "editable":
        assert data["force_include"] == {}
    else:
        assert set(data["force_include"].values()) == {
            *(f"comms/{path}" for path in made), "comms/locales/languages.toml",
            *(path.relative_to(tmp_path).as_posix() for path in rules),
        }  # fmt: skip
        assert all(Path(path).is_file() for path in data["force_include"])


# --- The provisions ---------------------------------------------------------------------------------------------------

PROVISIONS = {
    "0.1": "prepare", "0.2": "tone",
    "1.1": "prepare", "1.2": "decide", "1.3": "decide", "1.4": "prepare", "1.5": "prepare", "1.6": "prepare",
    "1.7": "prepare", "1.8": "prepare", "1.9": "advise",
    "2.1": "prepare", "2.2": "tone", "2.3": "decide", "2.4": "prepare", "2.5": "prepare", "2.6": "prepare",
    "2.7": "prepare", "2.8": "advise",
    "3.general.1": "prepare", "3.general.2": "prepare", "3.general.3": "prepare", "3.general.4": "decide",
    "3.general.5": "say",
    "3.victim.1": "advise", "3.victim.2": "say",
    "3.parents.1": "advise", "3.parents.2": "say", "3.parents.3": "say",
    "3.students.1": "decide", "3.students.2": "decide", "3.students.3": "say", "3.students.4": "say",
    "3.students.5": "say", "3.students.6a": "say", "3.students.6b": "say", "3.students.7": "say",
    "3.students.8": "say", "3.students.9": "say",
    "3.teachers.1": "say",
    "3.media.1": "prepare", "3.media.2": "tone",
}  # fmt: skip


def test_there_are_the_42_provisions_of_the_policy_each_of_its_kind() -> None:
    assert len(PROVISIONS) == 42
    assert {key: each.kind for key, each in policy.provisions().items()} == PROVISIONS
    assert list(policy.provisions()) == list(PROVISIONS)


@pytest.mark.parametrize("key", PROVISIONS)
def test_a_provision_is_told_in_both_languages(key: str) -> None:
    provision = policy.provisions()[key]
    assert provision.step == key.split(".")[0]
    for texts in (provision.heading, provision.gist):
        assert set(texts) == {"nl", "en"}
        assert all(text == text.strip() and text for text in texts.values())
    assert provision.gist["nl"] != provision.gist["en"]
    assert len(DUTCH.findall(NAMES.sub("", provision.gist["en"]))) == 0


def test_passages_rules_and_steps_name_only_provisions_that_exist() -> None:
    named = {
        provision
        for path in (ROOT / "templates" / "messages").rglob("*.md.j2")
        for carried in re.findall(r'carries "([^"]*)"', path.read_text("utf-8"))
        for provision in carried.split()
    }
    named |= {provision for rule in decisions.all_rules().values() for provision in rule.provisions}
    named |= {provision for step in planning.STEPS for provision in step.provisions}
    assert named <= set(PROVISIONS)


def test_every_provision_that_must_be_said_is_carried_by_a_passage() -> None:
    carried = {
        provision
        for path in (ROOT / "templates" / "messages").rglob("*.md.j2")
        for names in re.findall(r'carries "([^"]*)"', path.read_text("utf-8"))
        for provision in names.split()
    }
    say = {key for key, kind in PROVISIONS.items() if kind == "say"}
    assert say <= carried
