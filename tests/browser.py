"""A real browser for tests: Debian's Chromium without a window, driven by its own driver, and nothing else.

Nothing is looked up or fetched: the programs are those that are installed, the pages are files. Where they are not
installed the tests are skipped and say so; with ``COMMS_BROWSER_REQUIRED=1`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

REQUIRED = "COMMS_BROWSER_REQUIRED"
_QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars",
)  # fmt: skip


def missing() -> str:
    """What keeps these tests from running, in a sentence; empty when nothing does."""
    lacking = [module for module in ("selenium", "selenium_axe_python") if find_spec(module) is None]
    lacking += [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"no browser tests: not installed here: {', '.join(lacking)}" if lacking else ""


def skip_without_browser() -> None:
    """Skips with the reason, or fails where a browser has to be there."""
    why = missing()
    if why and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{why} ({REQUIRED}=1)")
    if why:
        pytest.skip(why)


def axe() -> str:
    """The accessibility checker, as its package carries it."""
    (found,) = find_spec("selenium_axe_python").submodule_search_locations or ()  # type: ignore[union-attr]
    return (Path(found) / "axe-core" / "axe.min.js").read_text("utf-8")


@contextmanager
def browser(width: int = 1280, height: int = 800) -> Iterator[Any]:
    """A Chromium with an empty profile of its own."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.page_load_strategy = "normal"
    with TemporaryDirectory() as profile:
        for each in (*_QUIET, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(each)
        service = webdriver.ChromeService(executable_path=str(shutil.which("chromedriver")))
        driver = webdriver.Chrome(options=options, service=service)
        driver.set_script_timeout(60)
        try:
            yield driver
        finally:
            driver.quit()
