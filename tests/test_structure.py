"""The shape of the package: one direction of imports, one module that speaks, none that goes to the network."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import comms
from comms import resources

PACKAGE = Path(comms.__file__).parent
LAYERS = (
    ("archive", "characters", "document", "protected", "resources", "review", "review.folding", "review.inflection"),
    (
        "errors",
        "kept",
        "policy",
        "render",
        "review.inflection.en",
        "review.inflection.nl",
        "review.tokens",
        "review.written",
    ),
    ("languages", "review.directives", "review.measures", "review.resemblance"),
    ("dates", "markup", "progress", "reading", "review.findings", "review.patterns", "writing"),
    ("fields", "review.ruleset"),
    ("conditions", "passages", "recipients", "review.engine", "review.examples", "review.rulefile", "school"),
    ("incident", "organisations", "review.weighing", "templating"),
    ("decisions", "documents", "review.building", "texts"),
    ("review.rules",),
    ("review.case",),
    ("review.checking",),
    ("planning",),
    ("compose",),
    ("tracing",),
    ("presentation", "render.sandbox"),
    ("render.tags",),
    ("render.by_docxtpl", "render.kept", "render.letterhead"),
    ("render.docx", "render.html", "render.markdown", "render.text"),
    ("render.email", "render.series"),
    ("drafts", "review.formats", "review.formats.extraction"),
    ("merging", "questions", "review.formats.packages", "review.formats.web"),
    ("review.formats.mail", "review.formats.opendocument", "review.formats.word"),
    ("review.files",),
    ("review.annotate", "review.reports"),
    ("training", "training.compare", "training.exercises", "training.words"),
    ("training.reasons",),
    ("training.annotated", "training.comparison"),
    ("training.exercise_files", "training.site"),
    ("", "first_files", "interview", "samples", "schema"),
    ("cli",),
)
"""From the bottom up; a module imports only from layers below its own. "" is the face, ``comms`` itself."""
LAYER = {module: number for number, layer in enumerate(LAYERS) for module in layer}
NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib.error", "urllib.request", "urllib3", "webbrowser", "xmlrpc",
}  # fmt: skip
HEAVY = ("babel", "docx", "docxtpl", "jinja2", "lxml", "markdown")


@cache
def tree(module: str) -> ast.Module:
    path = PACKAGE / Path(*module.split(".")) if module else PACKAGE
    path = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
    return ast.parse(path.read_text("utf-8"), str(path))


def modules() -> list[str]:
    found = (path.relative_to(PACKAGE).with_suffix("").parts for path in PACKAGE.rglob("*.py"))
    return sorted(".".join(part for part in parts if part != "__init__") for parts in found)


def imported(module: str) -> Iterator[tuple[str, int]]:
    """Every name of a module that is imported, at the top or within a function, with its line."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from ((each.name, node.lineno) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: a relative import hides where it goes"
            for each in node.names:
                yield f"{node.module}.{each.name}", node.lineno


def ours(name: str) -> str | None:
    """The module of ours that an imported name comes from."""
    if name != "comms" and not name.startswith("comms."):
        return None
    inner = name.removeprefix("comms").lstrip(".")
    return inner if inner in LAYER else inner.rpartition(".")[0]


def called(module: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def test_every_module_has_its_layer() -> None:
    assert modules() == sorted(LAYER)


@pytest.mark.parametrize("module", [each for each in modules() if each])
def test_imports_go_down(module: str) -> None:
    for name, line in imported(module):
        target = ours(name)
        if target is not None:
            assert LAYER[target] < LAYER[module], f"{module}:{line} imports {name}"


def test_the_face_takes_its_names_from_where_they_are_made() -> None:
    for name, module in comms._WHERE.items():
        assert LAYER[module] < LAYER["samples"], name
        assert getattr(comms, name).__module__ == f"comms.{module}", name
    assert sorted(comms._WHERE) == comms.__all__ == dir(comms)


@pytest.mark.parametrize("module", [each for each in modules() if each != "cli"])
def test_only_the_command_line_speaks_and_exits(module: str) -> None:
    speaking = ("print", "input", "exit", "quit", "breakpoint", "sys.exit", "os._exit", "warnings.warn")
    assert [(name, line) for name, line in called(module) if name in speaking] == []
    raised = (node.exc for node in ast.walk(tree(module)) if isinstance(node, ast.Raise) and node.exc)
    assert not [each for each in raised if "SystemExit" in ast.unparse(each)]
    written = {"sys.stdout", "sys.stderr"}
    assert not [
        node for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute) and ast.unparse(node) in written
    ]
    assert not [name for name, _ in imported(module) if name.split(".")[0] in ("click", "logging")]


@pytest.mark.parametrize("module", modules())
def test_nothing_goes_to_the_network_or_starts_a_program(module: str) -> None:
    for name, line in imported(module):
        parts = name.split(".")
        prefixes = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
        assert not prefixes & (NETWORK | {"subprocess", "multiprocessing", "pickle", "ctypes"}), (
            f"{module}:{line}: {name}"
        )
    running = ("eval", "exec", "__import__", "os.system", "os.popen")
    assert [(name, line) for name, line in called(module) if name in running] == []


INCIDENT = "school: {name: Testcollege}\nscale: class\nmedia: none\n"
SHOW = "import sys, comms.cli; code = comms.cli.run({arguments!r}); print(code, *sorted(sys.modules), file=sys.stderr)"


def catalogues_are_compiled() -> bool:
    """In a checkout a catalogue that was changed after the last build is compiled at once, and that takes babel."""
    sources = (resources.folder("locales") / "en" / "LC_MESSAGES").glob("*.po")
    pairs = [(path, path.with_suffix(".mo")) for path in sources]
    return all(made.is_file() and made.stat().st_mtime >= path.stat().st_mtime for path, made in pairs)


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["plan", "incident.yaml"], HEAVY),
        (["plan", "--json", "incident.yaml"], HEAVY),
        (["--ui-language", "en", "plan", "incident.yaml"], HEAVY),
        (["--help"], HEAVY),
        (["schema"], HEAVY),
        (["draft", "incident.yaml", "-f", "md", "--include-held"], ("docx", "docxtpl", "lxml")),
    ],
    ids=" ".join,
)
def test_a_command_loads_only_what_it_needs(arguments: list[str], heavy: tuple[str, ...], tmp_path: Path) -> None:
    if "en" in arguments and not catalogues_are_compiled():
        pytest.skip("the catalogues were changed after the last build")
    (tmp_path / "incident.yaml").write_text(INCIDENT)
    source = SHOW.format(arguments=arguments)
    ran = subprocess.run(
        [sys.executable, "-c", source], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    code, *loaded = ran.stderr.splitlines()[-1].split()
    assert code == "0"
    assert sorted(set(heavy) & set(loaded)) == []
    assert "comms.cli" in loaded


def test_the_library_imports_no_command_line() -> None:
    source = (
        "import sys, comms\n"
        "facts = {'school': {'name': 'x'}, 'scale': 'class', 'media': 'none'}\n"
        "[each.docx_bytes() for each in comms.draft(comms.Incident.from_dict(facts))]\n"
        "print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", source], capture_output=True, encoding="utf-8", check=True)
    loaded = set(ran.stdout.split())
    assert not {"comms.cli", "click"} & loaded
    assert "comms.render.docx" in loaded
    assert ran.stderr == ""
