"""What several test modules need: a complete profile, facts in which everyone hears everything, the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import comms

ROOT = Path(__file__).resolve().parent.parent
DRAFTED = ("teachers", "students", "parents", "website", "press")
"""The audiences that get a letter or a statement, in the order of sending."""

PROFILE: dict[str, Any] = {
    "name": "Testcollege",
    "place": "Voorbeeldstad",
    "website": "www.testcollege.example",
    "email": "info@testcollege.example",
    "phone": "088 000 20 00",
    "tips_url": "https://www.testcollege.example/tips",
    "signatory": {"name": "Ans Testers", "role": "rector"},
    "help": {"name": "Bo Steun", "role": "raadsvrouw", "phone": "088 000 20 10", "email": "bo@testcollege.example"},
    "press": {"name": "Cas Woord", "phone": "088 000 20 20", "email": "cas@testcollege.example"},
}
OPEN: dict[str, Any] = {
    "school": PROFILE, "date": "2026-11-20", "scale": "school", "media": "asking", "material": "sexual",
    "origin": "forwarded", "police": "consulted", "suspect": "student", "contact_appointed": True,
    "victim": {"role": "student", "age": "adult", "consent": "granted", "unsafe_at_home": "no", "parents": "know"},
}  # fmt: skip
"""Nothing stands in the way: each of the five audiences gets the full text."""
HELD = OPEN | {"contact_appointed": False, "media": "expected"}
"""Students, parents, website and press wait; teachers get theirs."""
OPEN_YAML = """\
school: school.yaml
date: 2026-11-20
scale: school
media: asking
material: sexual
origin: forwarded
police: consulted
suspect: student
contact_appointed: yes
victim: {role: student, age: adult, consent: granted, unsafe_at_home: no, parents: know}
"""


def incident(facts: dict[str, Any] = OPEN, base: Path | str = ".", **changes: Any) -> comms.Incident:
    """The facts with some changes; those of ``victim`` and ``school`` come on top of what stands there."""
    merged = dict(facts)
    for name, value in changes.items():
        merged[name] = {**merged[name], **value} if name in ("victim", "school") else value
    return comms.Incident.from_dict(merged, base)


def draft(audience: str, made: comms.Incident | None = None, language: str = "nl") -> comms.Draft:
    """The one draft for this audience."""
    (found,) = comms.draft(made or incident(), [audience], [language])
    return found


def letters(made: comms.Incident, languages: Iterable[str] | None = None) -> list[comms.Draft]:
    """What goes to those audiences, without the other documents that follow from a plan."""
    return comms.draft(made, DRAFTED, languages)


def said(found: comms.Draft) -> str:
    """What the message itself says, without banner, a block a line."""
    return "\n".join(block.text for passage in found.passages for block in passage.blocks)


class Ran:
    """What one run of the command within the tests' own process gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def data(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def command(*arguments: str, cwd: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The ``comms`` command as a process of its own, in Dutch unless the environment says otherwise."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COMMS_", "LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-m", "comms.cli", *arguments],
        cwd=cwd,
        env={**clean, "PYTHONUTF8": "1", **environment},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
