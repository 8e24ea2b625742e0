"""The pages as a trainer uses them, in a real browser: read, compare, find the faults; by mouse, by keyboard, on paper."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import axe, browser, skip_without_browser
from conftest import ROOT
from test_training_site import NAME, hostile_samples

import comms
from comms import cli
from comms.training.compare import with_combination
from comms.training.exercises import exercises

SAMPLES = ROOT / "samples"
SOME = ("03-viral-press-at-the-door", "05-refused-small", "12-unsafe-at-home")
WHOLE = SOME[0]
EXERCISE = "01-letter-to-parents"
SIZES = {"a phone": (320, 568, 1), "200 % zoom": (640, 400, 2), "a projector": (1280, 720, 1)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some samples and all exercises, made now."""
    skip_without_browser()
    folder = tmp_path_factory.mktemp("pages") / "samples"
    folder.mkdir()
    for name in ("school", *SOME):
        shutil.copy(SAMPLES / f"{name}.yaml", folder)
    shutil.copytree(SAMPLES / "faults", folder / "faults")
    assert cli.run(["samples", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def window() -> Iterator[Any]:
    skip_without_browser()
    with browser() as driver:
        yield driver


@pytest.fixture(autouse=True)
def _nothing_went_wrong(window: Any) -> Iterator[None]:
    """Every test begins with the window as it was, and a script that fails in a page fails the test."""
    resized(window, *SIZES["a projector"])
    window.get_log("browser")
    yield
    assert [each for each in window.get_log("browser") if each["level"] in ("SEVERE", "WARNING")] == []


def resized(window: Any, width: int, height: int, scale: int) -> None:
    window.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 400},
    )


def opened(window: Any, path: Path) -> None:
    window.get("about:blank")  # so that another place in the same page is a page anew
    window.get(path.resolve().as_uri())


def sample(site: Path, language: str = "nl", name: str = WHOLE) -> Path:
    return site / "site" / f"{name}.{language}.html"


def exercise_page(site: Path, language: str = "nl") -> Path:
    return site / "site" / "faults" / f"{EXERCISE}.{language}.html"


def one(window: Any, css: str) -> Any:
    return window.find_element("css selector", css)


def all_(window: Any, css: str) -> list[Any]:
    found: list[Any] = window.find_elements("css selector", css)
    return found


def text(window: Any, css: str) -> str:
    return " ".join(window.execute_script("return document.querySelector(arguments[0]).textContent", css).split())


def focused(window: Any) -> Any:
    return window.switch_to.active_element


def press(window: Any, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    for each in keys:
        ActionChains(window).send_keys(getattr(Keys, each)).perform()


def tab_to(window: Any, css: str, limit: int = 60) -> Any:
    """Goes on by Tab until the element has the focus, which a reader must be able to see."""
    for _turn in range(limit):
        press(window, "TAB")
        if window.execute_script("return document.activeElement.matches(arguments[0])", css):
            seen = window.execute_script("const s = getComputedStyle(document.activeElement); return s.outlineStyle")
            assert seen == "solid" or "input" in css
            return focused(window)
    raise AssertionError(f"no Tab leads to {css}")


# Reading


@pytest.mark.parametrize("language", ["nl", "en"])
def test_from_the_first_page_to_a_sample_and_to_the_other_language(language: str, window: Any, site: Path) -> None:
    opened(window, site / "index.html")
    if language == "en":
        one(window, "#other-language").click()
    assert one(window, "html").get_attribute("lang") == language
    all_(window, ".card a")[0].click()
    assert one(window, "html").get_attribute("lang") == language
    assert window.title.startswith("Viraal" if language == "nl" else "Viral")
    one(window, "#other-language").click()
    assert one(window, "html").get_attribute("lang") != language
    assert window.current_url.endswith(f"{WHOLE}.{'en' if language == 'nl' else 'nl'}.html")
    window.execute_script("document.querySelector('.top nav a').click()")
    assert window.current_url.endswith("site/en.html" if language == "nl" else "index.html")


def test_a_passage_tells_what_the_policy_asks_and_why_it_is_there(window: Any, site: Path) -> None:
    opened(window, sample(site))
    passage = next(each for each in all_(window, "#document-students .letter > div") if "3.students.6a" in each.text)
    button = passage.find_element("css selector", "button.why")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    told = passage.find_element("css selector", ".explanation").text
    assert button.get_attribute("aria-expanded") == "true"
    assert comms_gist("3.students.6a") in told
    assert "volledige tekst" in told
    assert "De politie: melding of aangifte gedaan" in told and "nog niet gesproken" in told
    passage.find_element("css selector", "button.show-that").click()
    assert "weg" in text(window, "#document-students summary .change")


def comms_gist(provision: str) -> str:
    from comms.policy import provisions

    return provisions()[provision].gist["nl"]


def test_a_provision_in_the_plan_tells_itself_on_the_spot(window: Any, site: Path) -> None:
    opened(window, sample(site))
    link = one(window, "#timeline a[href='#p-3.victim.2']")
    link.click()
    assert comms_gist("3.victim.2") in text(window, "#timeline .note")
    link.click()
    assert all_(window, "#timeline .note") == []


def test_without_scripts_everything_can_be_read(window: Any, site: Path) -> None:
    window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened(window, sample(site))
        assert one(window, "noscript p").is_displayed()
        assert not one(window, "#compare").is_displayed()
        one(window, "#document-parents summary").click()
        assert "Beste ouders" in one(window, "#document-parents .letter").text
        assert one(window, "#document-parents .letter > div > i").is_displayed()
        opened(window, exercise_page(site))
        one(window, "#key summary").click()
        assert one(window, "#key .better").is_displayed()
    finally:
        window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


# Comparing


def shown_plan(window: Any) -> dict[str, str]:
    return {
        each.get_attribute("data-audience"): each.find_element("css selector", ".badge").text
        for each in all_(window, "#timeline > li")
    }


def wanted_plan(given: comms.Incident) -> dict[str, str]:
    from comms.decisions import DECISIONS

    return {each.audience: DECISIONS[each.decision] for each in comms.plan(given).messages}


def letter(window: Any, document: str) -> list[str]:
    """What a text says now, a block a line, without what is gone."""
    found: list[str] = window.execute_script(
        "return Array.from(document.querySelectorAll(arguments[0]), each => each.innerText || each.textContent)",
        f"#document-{document} .letter > div > :is(h4, h5, h6, p:not(.mark)), #document-{document} .letter > div > ul > li",
    )
    return [" ".join(each.split()) for each in found]


def wanted_letter(given: comms.Incident, document: str, language: str = "nl") -> list[str]:
    (draft,) = comms.draft(given, [document], [language])
    return [" ".join(block.text.split()) for passage in draft.passages for block in passage.blocks]


def test_what_if_she_says_no_is_one_click(window: Any, site: Path) -> None:
    given = comms.Incident.load(site / f"{WHOLE}.yaml")
    opened(window, sample(site))
    assert shown_plan(window) == wanted_plan(given)
    question = all_(window, ".question")[0]
    assert question.text == "Wat als het slachtoffer nee zegt?" and question.is_displayed()
    assert float(question.value_of_css_property("font-size")[:-2]) >= 18, "read from the back of a classroom"
    question.click()
    refused = with_combination(given, ("refused", given.scale, given.media, given.police, given.origin))
    assert shown_plan(window) == wanted_plan(refused)
    assert "studenten" in text(window, "#result") and "VASTHOUDEN" in text(window, "#result")
    assert one(window, "#result").is_displayed()
    assert one(window, "#result").location["y"] < 720, "on the screen where it was asked"
    assert letter(window, "students") == wanted_letter(refused, "students")
    assert text(window, "#fact-consent dd") == "geweigerd"
    assert "NIET VERZENDEN" in text(window, "#document-students .banner")
    assert all_(window, "#document-students .new") and all_(window, "#document-students .gone")
    question.click()
    assert shown_plan(window) == wanted_plan(given)
    assert letter(window, "students") == wanted_letter(given, "students")
    assert all_(window, "#document-students .new, .gone, #timeline .changed") == []


def test_on_a_phone_the_answer_comes_into_view(window: Any, site: Path) -> None:
    resized(window, *SIZES["a phone"])
    opened(window, sample(site))
    all_(window, ".question")[0].click()
    top = window.execute_script("return document.querySelector('#result').getBoundingClientRect().top")
    assert 0 <= top < 568 / 2


@pytest.mark.parametrize("name", SOME)
def test_each_fact_changes_plan_and_texts(name: str, window: Any, site: Path) -> None:
    from comms.training.compare import FACTS, facts_of, values

    given = comms.Incident.load(site / f"{name}.yaml")
    opened(window, sample(site, name=name))
    window.execute_script("document.querySelector('#open-all').click()")
    now = list(facts_of(given))
    for fact, value in (
        ("scale", "year"),
        ("media", "published"),
        ("police", "preserve"),
        ("origin", "deepfake"),
        ("consent", "granted"),
    ):
        now[FACTS.index(fact)] = value
        place = values()[fact].index(value)
        window.execute_script(f"document.querySelector('input[name={fact}][value=\"{place}\"]').click()")
        other = with_combination(given, now)
        assert shown_plan(window) == wanted_plan(other)
        for audience in ("students", "teachers", "press"):
            if comms.plan(other).message(audience).decision == "withhold":
                assert all_(window, f"#document-{audience} .letter") == []
            else:
                assert letter(window, audience) == wanted_letter(other, audience), (now, audience)
    window.execute_script("document.querySelector('#reset').click()")
    assert shown_plan(window) == wanted_plan(given)


def test_the_other_language_shows_the_same_combination(window: Any, site: Path) -> None:
    opened(window, sample(site))
    all_(window, ".question")[0].click()
    one(window, "#other-language").click()
    assert text(window, "#fact-consent dd") == "refused"
    assert "HOLD" in text(window, "#result")


def test_a_click_is_answered_at_once(window: Any, site: Path) -> None:
    """The time itself is for the benchmark; here it must not be a wait that anyone sees."""
    opened(window, sample(site))
    took = window.execute_script(
        "const b = document.querySelector('.question'); const t = performance.now(); b.click(); return performance.now() - t"
    )
    assert took < 1000


# By keyboard


def test_a_sample_by_keyboard_alone(window: Any, site: Path) -> None:
    opened(window, sample(site))
    press(window, "TAB")
    assert focused(window).get_attribute("class") == "skip"
    question = tab_to(window, ".question")
    press(window, "SPACE")
    assert question.get_attribute("aria-pressed") == "true"
    assert text(window, "#fact-consent dd") == "geweigerd"
    tab_to(window, "#reset")
    press(window, "ENTER")
    assert all_(window, "#timeline .changed") == []
    tab_to(window, "input[name=consent]")
    press(window, "ARROW_DOWN")
    assert text(window, "#fact-consent dd") == "geweigerd"
    tab_to(window, "input[name=scale]")
    tab_to(window, "#timeline a.to-text")
    press(window, "ENTER")
    assert focused(window).tag_name == "summary"
    tab_to(window, "#document-victim button.why")
    press(window, "ENTER")
    assert one(window, "#document-victim .explanation").is_displayed()


def test_an_exercise_by_keyboard_alone(window: Any, site: Path) -> None:
    opened(window, exercise_page(site))
    first = tab_to(window, ".sentence")
    press(window, "SPACE")
    assert first.get_attribute("aria-pressed") == "true"
    press(window, "SPACE")
    assert first.get_attribute("aria-pressed") == "false"
    press(window, "ENTER")
    assert first.get_attribute("aria-pressed") == "true"
    tab_to(window, "#show-key")
    press(window, "ENTER")
    assert focused(window).get_attribute("id") == "score"
    assert one(window, "#key").get_attribute("open")


# Finding the faults


@pytest.mark.parametrize("language", ["nl", "en"])
def test_marking_the_key_and_the_score(language: str, window: Any, site: Path) -> None:
    (exercise,) = [each for each in exercises(site / "faults", language) if each.id == EXERCISE]
    opened(window, exercise_page(site, language))
    sentences = all_(window, ".sentence")
    assert len(sentences) == len(exercise.sentences)
    fault = next(each for each in exercise.faults if not each.missing)
    good = next(
        number for number in range(2, len(sentences)) if not any(number in each.sentences for each in exercise.faults)
    )
    sentences[fault.sentences[0]].click()
    sentences[good].click()
    one(window, "#show-key").click()
    score = text(window, "#score")
    found = {n for n, each in enumerate(exercise.faults) if fault.sentences[0] in each.sentences}
    wanted = f"U vond {len(found)} van de" if language == "nl" else f"You found {len(found)} of the"
    assert f"{wanted} {len(exercise.faults)}" in score
    assert ("Eén keer" if language == "nl" else "Once") in score
    assert "found" in sentences[fault.sentences[0]].get_attribute("class")
    assert "needless" in sentences[good].get_attribute("class")
    missed = next(each for n, each in enumerate(exercise.faults) if not each.missing and n not in found)
    assert "missed" in sentences[missed.sentences[0]].get_attribute("class")
    key = text(window, "#key")
    for each in exercise.faults:
        assert " ".join(each.note.split()) in key and " ".join(each.better.split()) in key
        assert all(id_ in key for id_ in each.provisions)
    told = exercise.text[exercise.sentences[good].start : exercise.sentences[good].end]
    assert " ".join(told.split()) in text(window, "#needless")
    one(window, "#again").click()
    assert text(window, "#score") == ""
    assert not one(window, "#key").get_attribute("open")
    assert all_(window, ".sentence[aria-pressed=true], .flag") == []


def test_all_faults_found_and_nothing_needless(window: Any, site: Path) -> None:
    for exercise in exercises(site / "faults", "nl"):
        opened(window, site / "site" / "faults" / f"{exercise.id}.nl.html")
        window.execute_script(
            "document.querySelectorAll('.sentence').forEach(e => e.dataset.faults && e.click());"
            "document.querySelectorAll('.lacking[data-fault] input').forEach(e => e.click());"
            "document.querySelector('#show-key').click()"
        )
        everything = f"U vond {len(exercise.faults)} van de {len(exercise.faults)} fouten. U streepte niets aan"
        assert everything in text(window, "#score")


def test_touch_marks_too(window: Any, site: Path) -> None:
    resized(window, *SIZES["a phone"])
    opened(window, exercise_page(site))
    sentence = all_(window, ".sentence")[3]
    where = window.execute_script(
        "arguments[0].scrollIntoView({block: 'center'}); const r = arguments[0].getClientRects()[0]; return [r.x + 5, r.y + 5]",
        sentence,
    )
    window.execute_cdp_cmd(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": where[0], "y": where[1]}]}
    )
    window.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    marked = window.execute_async_script(
        "const [each, done] = arguments; setTimeout(() => done(each.getAttribute('aria-pressed')), 100)", sentence
    )
    assert marked == "true"


# Everyone, everywhere


STATES = {
    "as it opens": "",
    "with everything open": (
        "document.querySelectorAll('.question').forEach((each, n) => n < 2 && each.click());"
        "document.querySelectorAll('details').forEach(each => { each.open = true; });"
        "document.querySelectorAll('.letter').forEach(each => each.querySelectorAll('button.why').forEach("
        "  (button, n) => n < 4 && button.click()));"
        "document.querySelectorAll('#timeline a[href^=\"#p-\"]').forEach(each => each.click());"
        "document.querySelectorAll('.sentence').forEach((each, n) => n % 2 && each.click());"
        "document.querySelectorAll('.lacking input').forEach(each => each.click());"
    ),
    "with the key": "if (document.querySelector('#show-key')) document.querySelector('#show-key').click();",
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", ["home", "sample", "exercise"])
def test_axe_finds_nothing(kind: str, language: str, window: Any, site: Path) -> None:
    home = site / ("index.html" if language == "nl" else "site/en.html")
    opened(window, {"home": home, "sample": sample(site, language), "exercise": exercise_page(site, language)}[kind])
    window.execute_script(axe())
    for state, script in STATES.items():
        if state == "with the key" and kind != "exercise":
            continue
        window.execute_script(script)
        found = window.execute_async_script(
            "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(result => done("
            "result.violations.map(each => [each.id, each.nodes.length, each.nodes[0].html])))"
        )
        assert found == [], state


@pytest.mark.parametrize("size", SIZES)
def test_nothing_runs_off_the_screen(size: str, window: Any, site: Path) -> None:
    resized(window, *SIZES[size])
    for path in (site / "index.html", sample(site), exercise_page(site)):
        opened(window, path)
        window.execute_script(STATES["with everything open"] + STATES["with the key"])
        wide = window.execute_script(
            "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide[0] <= wide[1], f"{path.name} at {size}"
        off = window.execute_script(
            "return Array.from(document.querySelectorAll('main *')).filter(each => each.getClientRects().length"
            " && each.getBoundingClientRect().right > document.documentElement.clientWidth + 1"
            " && getComputedStyle(each).position !== 'absolute').map(each => each.outerHTML.slice(0, 80))"
        )
        assert off == [], f"{path.name} at {size}"


# On paper


def on_paper(window: Any) -> str:
    """What would stand on paper."""
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        return " ".join(window.execute_script("return document.body.innerText").split())
    finally:
        window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def pdf(window: Any) -> bytes:
    made = window.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    return base64.b64decode(made["data"])


def test_a_sample_on_paper_has_what_is_open_and_no_controls(window: Any, site: Path) -> None:
    opened(window, sample(site))
    all_(window, ".question")[0].click()
    paper = on_paper(window)
    assert "Krijg je beelden van een ander?" in paper and "NIET VERZENDEN" in paper
    assert "Wat als alleen de klas" not in paper and "Waarom? " not in paper
    made = pdf(window)
    assert made.startswith(b"%PDF") and made.count(b"/Type /Page\n") >= 2


def test_an_exercise_prints_without_its_key_and_the_key_with_it(window: Any, site: Path) -> None:
    (exercise,) = [each for each in exercises(site / "faults", "nl") if each.id == EXERCISE]
    note = " ".join(exercise.faults[0].note.split())
    opened(window, exercise_page(site))
    window.execute_script("document.querySelector('#show-key').click()")
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        window.execute_script(
            "window.papers = []; window.print = () => papers.push(document.body.innerText);"
            "document.querySelector('#print-exercise').click(); document.querySelector('#print-key').click()"
        )
        without, with_key = (" ".join(each.split()) for each in window.execute_script("return papers"))
    finally:
        window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert "Beste ouders" in without
    assert note not in without and "gemist" not in without and "U vond" not in without
    assert note in with_key and "gemist" in with_key
    assert len(pdf(window)) > 5000


# What a school types


def test_hostile_values_do_nothing_in_a_browser(window: Any, tmp_path: Path) -> None:
    folder = hostile_samples(tmp_path / "samples")
    assert cli.run(["samples", str(folder)]) == 0
    for path in (
        folder / "index.html",
        folder / "site" / f"{NAME}.nl.html",
        folder / "site" / "faults" / "01-x.nl.html",
    ):
        opened(window, path)
        window.execute_script(STATES["with everything open"] + STATES["with the key"])
        assert window.execute_script("return [window.hacked, document.images.length, document.scripts.length]") in (
            [None, 0, 1],
            [None, 0, 2],
        )
        assert "onerror" in text(window, "main"), "shown as it was typed"
    opened(window, folder / "index.html")
    one(window, ".card a").click()
    assert text(window, "h1").startswith("</script>"), "a link leads to a page with such a name"
