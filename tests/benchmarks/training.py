"""What the samples and their pages cost: ``python tests/benchmarks/training.py``.

Processor time of ``comms samples`` over all of ``samples/`` and of one ``comms draft``, in turn so that a busy machine
slows both, and the ratio of the medians. Then, where there is a browser, the time of a click on the first page of a
sample, from the click to the page that has been laid out anew.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from start import COMMS, INCIDENT, SAMPLES, _compile_rules, _processor_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from browser import browser, missing

ROUNDS = 7
CLICKS = 40
LIMIT = 20
LIMIT_CLICK = 100


def _ratio(folder: Path) -> None:
    shutil.copytree(SAMPLES, folder / "samples")
    commands = {
        "draft": [*COMMS, "draft", INCIDENT, "-o", "drafts", "--overwrite"],
        "samples": [*COMMS, "samples", str(folder / "samples")],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_number in range(ROUNDS + 1):
        for name, command in commands.items():
            took = _processor_time(command, str(folder))
            if round_number:  # the first is the warm-up
                times[name].append(took)
    middle = {name: median(each) for name, each in times.items()}
    for name, each in middle.items():
        print(f"{name:8} {each:8.0f} ms (fastest {min(times[name]):.0f})")
    print(f"samples costs {middle['samples'] / middle['draft']:.1f} times a draft; the limit is {LIMIT}")


def _clicks(folder: Path) -> None:
    if why := missing():
        print(why)
        return
    with browser() as driver:
        for path in sorted((folder / "samples" / "site").glob("03-*.html")):
            driver.get(path.as_uri())
            for state in ("as it opens", "all texts open"):
                if state == "all texts open":
                    driver.execute_script(
                        "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
                    )
                times = driver.execute_async_script(_CLICKING, CLICKS)
                print(
                    f"a click in {path.name}, {state}: {median(times):.0f} ms, the first {times[0]:.0f}, "
                    f"the slowest {max(times):.0f}; the limit is {LIMIT_CLICK}"
                )


_CLICKING = """
const [count, done] = arguments;
const buttons = Array.from(document.querySelectorAll(".question"));
const times = [];
for (let at = 0; at < count; at += 1) {
  const start = performance.now();
  buttons[at % buttons.length].click();
  document.body.getBoundingClientRect();
  times.push(performance.now() - start);
}
done(times);
"""


def main() -> None:
    _compile_rules()
    with tempfile.TemporaryDirectory() as folder:
        _ratio(Path(folder))
        _clicks(Path(folder))


if __name__ == "__main__":
    main()
