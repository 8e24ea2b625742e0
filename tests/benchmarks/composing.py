"""What composing adds to rendering: ``python tests/benchmarks/composing.py``.

One message composed in a warm process against what the project's own Jinja2 environment needs to render the same
templates: the conditions, and every spoken passage's body with its values. In turn, processor time, medians.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

from jinja2.sandbox import ImmutableSandboxedEnvironment

from comms import Incident, compose, passages, plan, templating
from comms.documents import documents

ROUNDS = 400
INCIDENT = Path(__file__).resolve().parents[2] / "samples" / "03-viral-press-at-the-door.yaml"
LIMIT = 1.5


def _processor_time(action: Callable[[], object]) -> float:
    start = time.process_time_ns()
    action()
    return (time.process_time_ns() - start) / 1e6


def main() -> None:
    incident = Incident.load(INCIDENT)
    made = plan(incident)
    environment = ImmutableSandboxedEnvironment()
    packages = ", ".join(f"{name} {version(name)}" for name in ("Jinja2", "Markdown"))
    print(f"Python {platform.python_version()}, {packages}; medians of {ROUNDS}; at most {LIMIT} ×")
    for name in ("teachers", "students", "parents", "website", "press"):
        document = documents()[name]
        view = compose.view_of(incident, made, document, "nl")
        spoken = templating.spoken(document.template, view)
        bodies = [environment.from_string(passages.source_of(passage_id).body) for passage_id, _handed in spoken]

        def rendered() -> None:
            fresh = compose.view_of(incident, made, document, "nl")  # noqa: B023  called at once
            templating.spoken(document.template, fresh)  # noqa: B023
            for body in bodies:  # noqa: B023
                body.render(fresh)

        def composed() -> None:
            compose.compose(incident, made, document, "nl")  # noqa: B023

        ours, theirs = [], []
        for _round in range(ROUNDS):
            ours.append(_processor_time(composed))
            theirs.append(_processor_time(rendered))
        ratio = median(ours) / median(theirs)
        print(f"{name:<10} Jinja2 {median(theirs):6.3f} ms   composed {median(ours):6.3f} ms   {ratio:4.2f} ×")


if __name__ == "__main__":
    main()
