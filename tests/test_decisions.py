"""The decision table: every rule by example, then against a second, independent reading of the design.

The second reading (``table``) knows only plain words and shares nothing with the package: where the two
differ, one of them misreads the table.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product
from typing import Any, NamedTuple

import pytest

import comms
from comms.policy import provisions
from comms.resources import folder

AUDIENCES = ("victim", "victim_parents", "crisis_team", "teachers", "students", "parents", "website", "social", "press")
GROUP = ("students", "parents", "website", "social")
VICTIM_FACTS = ("role", "age", "consent", "consent_for", "unsafe_at_home", "parents")
RELEASE = {"by": "directeur onderwijs", "at": "2026-11-20 14:00"}

Facts = dict[str, Any]
"""The facts of an incident in one flat dict; those of the victim have names that no other fact has."""
Outcome = tuple[str, str, tuple[str, ...]]
"""What an audience gets: decision, variant, and the ids of the rules that say so, in order."""

CAUTIOUS: Facts = {
    "group": None, "phase": "first", "sent": (), "material": "unknown", "origin": "unknown", "scale": "unknown",
    "media": "none", "police": "not_consulted", "suspect": "unknown", "inspector_consulted": False,
    "contact_appointed": False, "grave": "no", "outside_expert": False, "several_victims": False, "released": {},
    "role": "student", "age": "unknown", "consent": "not_asked", "consent_for": {}, "unsafe_at_home": "unknown",
    "parents": "unknown",
}  # fmt: skip
"""What holds when nothing is known; ``scale`` and ``media`` have no default, so their quietest words."""

CLEAR: Facts = CAUTIOUS | {
    "material": "sexual", "origin": "forwarded", "scale": "school", "media": "asking", "police": "consulted",
    "suspect": "student", "inspector_consulted": True, "contact_appointed": True, "outside_expert": True,
    "age": "adult", "consent": "granted", "unsafe_at_home": "no", "parents": "know",
}  # fmt: skip
"""Nothing stands in the way: everyone gets the full text."""


def incident(facts: Facts) -> comms.Incident:
    """The incident with these facts, made without reading them again: thousands are needed."""
    top = {name: value for name, value in facts.items() if name not in VICTIM_FACTS and name != "released"}
    released = {audience: comms.Release(**given) for audience, given in facts["released"].items()}
    victim = comms.Victim(**{name: facts[name] for name in VICTIM_FACTS})
    return _BASE.with_facts(victim=victim, released=released, **top)


def as_read(facts: Facts) -> comms.Incident:
    """The incident with these facts, read as a file is."""
    top = {name: value for name, value in facts.items() if name not in VICTIM_FACTS}
    victim = {name: facts[name] for name in VICTIM_FACTS}
    return comms.Incident.from_dict(
        {"school": {"name": "Voorbeeldcollege"}, "date": "2026-11-20", **top, "victim": victim}
    )


_BASE = comms.Incident.from_dict(
    {"school": {"name": "Voorbeeldcollege"}, "date": "2026-11-20", "scale": "unknown", "media": "none"}
)


def outcome(message: comms.PlannedMessage) -> Outcome:
    return message.decision, message.variant, tuple(reason.rule for reason in message.reasons)


def planned(facts: Facts, audience: str) -> comms.PlannedMessage:
    return comms.plan(incident(facts)).message(audience)


# --- Every rule by example --------------------------------------------------------------------------------------------


PROVISIONS = {
    "internal": "1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 3.victim.2", "home_parents": "1.3", "ask_first": "1.3",
    "staff": "3.teachers.1", "colleagues": "1.3", "too_small": "0.2 3.general.4", "own_news": "3.general.4",
    "identifying": "1.3", "refused_small": "1.3 3.students.1", "refused": "3.students.1 3.students.2",
    "not_asked": "1.3", "no_contact": "1.2", "grave": "2.7", "grave_line": "2.7", "home": "1.3", "staff_suspect": "1.6",
    "threat": "0.2 1.3", "shelf": "3.media.1", "reactive": "3.media.1", "press_line": "3.media.2",
    "not_ahead": "3.students.1", "released": "", "never_told": "0.2",
}  # fmt: skip
"""Every rule in the order of the table, with its provisions."""


class Example(NamedTuple):
    """``given`` on top of CLEAR makes the rule match; with ``but`` on top of that it no longer does."""

    rule: str
    about: str
    audience: str
    given: Facts
    expected: str
    but: Facts
    then: str


SMALL_QUIET: Facts = {"scale": "class", "media": "none"}
UPDATE: Facts = {"phase": "update", "sent": ("students", "parents", "teachers")}
STAFF: Facts = {"suspect": "staff", "age": "minor", "inspector_consulted": False}
RELEASED_STUDENTS: Facts = {"released": {"students": RELEASE}}

# decision, variant and the rules in their order; `but` of rule internal, which always matches, changes its outcome
EXAMPLES = [
    Example("internal", "the crisis team hears all, also after a death", "crisis_team",
            {"grave": "death"}, "send full internal", {"grave": "no"}, "send full internal"),
    Example("internal", "no letter to a victim who died", "victim",
            {"grave": "death"}, "withhold full internal", {"grave": "attempt"}, "send full internal"),
    Example("home_parents", "parents must not know", "victim_parents",
            {"parents": "not_to_know"}, "withhold full home_parents", {"parents": "know"}, "send full"),
    Example("home_parents", "an adult decides", "victim_parents",
            {"parents": "unknown"}, "withhold full home_parents", {"parents": "know"}, "send full"),
    Example("home_parents", "age unknown counts as adult", "victim_parents",
            {"age": "unknown", "parents": "unknown"}, "withhold full home_parents",
            {"age": "minor"}, "hold full ask_first"),
    Example("home_parents", "unless the victim agrees for them", "victim_parents",
            {"parents": "not_to_know"}, "withhold full home_parents",
            {"consent_for": {"victim_parents": "granted"}}, "send full"),
    Example("home_parents", "general consent is not consent for parents", "victim_parents",
            {"parents": "unknown", "consent_for": {"parents": "granted"}}, "withhold full home_parents",
            {"consent_for": {"victim_parents": "granted"}}, "send full"),
    Example("ask_first", "a minor whose parents may not know yet", "victim_parents",
            {"age": "minor", "parents": "unknown"}, "hold full ask_first", {"parents": "know"}, "send full"),
    Example("ask_first", "unsafe at home", "victim_parents",
            {"unsafe_at_home": "yes"}, "hold full ask_first", {"unsafe_at_home": "no"}, "send full"),
    Example("ask_first", "not known whether home is safe", "victim_parents",
            {"unsafe_at_home": "unknown"}, "hold full ask_first", {"unsafe_at_home": "no"}, "send full"),
    Example("ask_first", "matches also beside a withholding", "victim_parents",
            {"parents": "not_to_know", "unsafe_at_home": "yes"}, "withhold full home_parents ask_first",
            {"unsafe_at_home": "no"}, "withhold full home_parents"),
    Example("staff", "without a yes", "teachers",
            {"consent": "not_asked"}, "send minimal staff", {"consent": "granted"}, "send full"),
    Example("staff", "a no for teachers only", "teachers",
            {"consent_for": {"teachers": "refused"}}, "send minimal staff",
            {"consent_for": {"students": "refused"}}, "send full"),
    Example("colleagues", "a teacher in a small circle", "teachers",
            {"role": "teacher", "consent": "not_asked", "scale": "year"}, "hold minimal staff colleagues",
            {"scale": "school"}, "send minimal staff"),
    Example("colleagues", "only when a teacher", "teachers",
            {"role": "teacher", "consent": "refused", "scale": "few"}, "hold minimal staff colleagues",
            {"role": "student"}, "send minimal staff"),
    Example("too_small", "no letter to parents for a few", "parents",
            {"scale": "few"}, "withhold full too_small", {"scale": "class"}, "send full"),
    Example("too_small", "no website for a class", "website",
            SMALL_QUIET, "withhold minimal too_small identifying", {"media": "asking"}, "send minimal identifying"),
    Example("too_small", "no social media for a year, media expected", "social",
            {"scale": "year", "media": "expected"}, "withhold full too_small", {"media": "published"}, "send full"),
    Example("own_news", "the website stays short inside the school", "website",
            {"media": "expected"}, "send minimal own_news", {"scale": "public"}, "send full"),
    Example("own_news", "social media wait inside the school", "social",
            {"media": "none"}, "hold minimal own_news", {"media": "asking"}, "send full"),
    Example("own_news", "scale unknown is not school", "social",
            {"media": "none"}, "hold minimal own_news", {"scale": "unknown"}, "send full"),
    Example("identifying", "a class shows who it is", "press",
            {"scale": "class"}, "send minimal identifying", {"scale": "year"}, "send full"),
    Example("identifying", "a few, on the website", "website",
            {"scale": "few"}, "send minimal identifying not_ahead", {"scale": "year"}, "send full"),
    Example("refused_small", "a no in a small circle", "students",
            {"consent": "refused", **SMALL_QUIET}, "withhold full refused_small", {"consent": "granted"}, "send full"),
    Example("refused_small", "not when the media ask", "parents",
            {"consent": "refused", **SMALL_QUIET}, "withhold full refused_small",
            {"media": "asking"}, "hold minimal refused"),
    Example("refused", "a no in a large case", "students",
            {"consent": "refused"}, "hold minimal refused", {"consent": "granted"}, "send full"),
    Example("refused", "scale unknown is large", "students",
            {"consent": "refused", "scale": "unknown", "media": "none"}, "hold minimal refused",
            {"scale": "year"}, "withhold full refused_small"),
    Example("refused", "for one audience", "parents",
            {"consent_for": {"parents": "refused"}}, "hold minimal refused",
            {"consent_for": {"parents": "granted"}}, "send full"),
    Example("not_asked", "students wait for the question", "students",
            {"consent": "not_asked"}, "hold minimal not_asked", {"consent_for": {"students": "granted"}}, "send full"),
    Example("not_asked", "the press when quiet", "press",
            {"consent": "not_asked", "scale": "public", "media": "none"},
            "hold minimal not_asked reactive press_line not_ahead",
            {"media": "asking"}, "send minimal press_line not_ahead"),
    Example("no_contact", "nobody to tell the victim first", "students",
            {"contact_appointed": False}, "hold full no_contact", {"contact_appointed": True}, "send full"),
    Example("no_contact", "the press when quiet", "press",
            {"contact_appointed": False, "scale": "public", "media": "expected"},
            "hold minimal no_contact reactive not_ahead",
            {"media": "published"}, "send minimal not_ahead"),
    Example("grave", "an attempt waits for an expert", "students",
            {"grave": "attempt", "outside_expert": False}, "hold minimal grave",
            {"outside_expert": True}, "send full"),
    Example("grave", "after a death also with an expert", "students",
            {"grave": "death"}, "hold minimal grave", {"grave": "other"}, "send full"),
    Example("grave", "the press when quiet", "press",
            {"grave": "death", "scale": "public", "media": "none"},
            "hold minimal grave grave_line reactive not_ahead",
            {"media": "asking"}, "send minimal grave_line not_ahead"),
    Example("grave_line", "teachers, also with an expert", "teachers",
            {"grave": "other"}, "send minimal grave_line", {"grave": "no"}, "send full"),
    Example("grave_line", "the press, also with an expert", "press",
            {"grave": "attempt"}, "send minimal grave_line", {"grave": "no"}, "send full"),
    Example("home", "unsafe: students wait", "students",
            {"unsafe_at_home": "yes"}, "hold minimal home", {"unsafe_at_home": "unknown"}, "send full"),
    Example("home", "unsafe: parents wait", "parents",
            {"unsafe_at_home": "yes"}, "hold minimal home", {"unsafe_at_home": "no"}, "send full"),
    Example("home", "unknown: only parents wait, and in full", "parents",
            {"unsafe_at_home": "unknown"}, "hold full home", {"unsafe_at_home": "no"}, "send full"),
    Example("home", "unknown: the website does not wait, but stays behind parents", "website",
            {"unsafe_at_home": "yes"}, "hold minimal home not_ahead",
            {"unsafe_at_home": "unknown"}, "send minimal not_ahead"),
    Example("staff_suspect", "a minor student and staff", "students",
            STAFF, "hold minimal staff_suspect", {"inspector_consulted": True}, "send full"),
    Example("staff_suspect", "age unknown counts as a minor", "teachers",
            {**STAFF, "age": "unknown"}, "hold minimal staff_suspect", {"age": "adult"}, "send full"),
    Example("staff_suspect", "not with a teacher as victim", "social",
            STAFF, "hold minimal staff_suspect not_ahead", {"role": "teacher"}, "send full"),
    Example("staff_suspect", "the press gets less, and is not held", "press",
            STAFF, "send minimal staff_suspect not_ahead", {"suspect": "outsider"}, "send full"),
    Example("threat", "nothing has been spread", "students",
            {"origin": "threat"}, "withhold full threat", {"origin": "unknown"}, "send full"),
    Example("threat", "teachers get less", "teachers",
            {"origin": "threat"}, "send minimal threat", {"origin": "deepfake"}, "send full"),
    Example("threat", "the press gets less", "press",
            {"origin": "threat"}, "send minimal threat not_ahead", {"origin": "forwarded"}, "send full"),
    Example("shelf", "small, and no media", "press",
            {"scale": "year", "media": "none"}, "withhold full shelf reactive",
            {"media": "expected"}, "hold full reactive"),
    Example("shelf", "not when large", "press",
            {"scale": "year", "media": "none"}, "withhold full shelf reactive", {"scale": "school"}, "hold full reactive"),
    Example("reactive", "until they ask", "press",
            {"media": "expected"}, "hold full reactive", {"media": "asking"}, "send full"),
    Example("press_line", "without a yes", "press",
            {"consent_for": {"press": "refused"}}, "send minimal press_line",
            {"consent_for": {"press": "granted"}}, "send full"),
    Example("not_ahead", "students hear less", "press",
            {"consent_for": {"students": "refused"}}, "send minimal not_ahead",
            {"consent_for": {"students": "granted"}}, "send full"),
    Example("not_ahead", "parents wait, in full", "social",
            {"unsafe_at_home": "unknown"}, "send minimal not_ahead", {"unsafe_at_home": "no"}, "send full"),
    Example("not_ahead", "goes by what students get before anything is released", "website",
            {"consent_for": {"students": "refused"}, **RELEASED_STUDENTS}, "send minimal not_ahead",
            {"consent_for": {}}, "send full"),
    Example("not_ahead", "goes by what students get before the phase counts", "website",
            {"phase": "update", "sent": ("website",), "consent_for": {"students": "refused"}},
            "send minimal not_ahead", {"consent_for": {}}, "send full"),
    Example("released", "the crisis team lets it go", "students",
            {"consent": "refused", **RELEASED_STUDENTS}, "send minimal refused released",
            {"released": {"parents": RELEASE}}, "hold minimal refused"),
    Example("released", "in its minimal form, whatever it was", "students",
            {"contact_appointed": False, **RELEASED_STUDENTS}, "send minimal no_contact released",
            {"contact_appointed": True}, "send full"),
    Example("released", "a withheld message stays", "students",
            {"consent": "refused", **RELEASED_STUDENTS}, "send minimal refused released",
            SMALL_QUIET, "withhold full refused_small"),
    Example("released", "not before the inspector is consulted", "students",
            {**STAFF, "inspector_consulted": True, "consent": "refused", **RELEASED_STUDENTS},
            "send minimal refused released",
            {"inspector_consulted": False}, "hold minimal refused staff_suspect"),
    Example("never_told", "an update is no first news", "parents",
            {"phase": "update", "sent": ("students",)}, "withhold full never_told", {"sent": ("parents",)}, "send full"),
    Example("never_told", "nor is a closing message", "teachers",
            {"phase": "closing", "sent": ("students",)}, "withhold full never_told", {"phase": "first"}, "send full"),
    Example("never_told", "comes after a release", "students",
            {"phase": "update", "consent": "refused", **RELEASED_STUDENTS},
            "withhold minimal refused released never_told",
            {"sent": ("students",)}, "send minimal refused released"),
]  # fmt: skip


def words(message: comms.PlannedMessage) -> str:
    decision, variant, rules = outcome(message)
    return " ".join((decision, variant, *rules))


def _named(example: Example) -> str:
    return f"{example.rule}-{example.audience}-{example.about.replace(' ', '_').replace(',', '').replace(':', '')}"


@pytest.mark.parametrize("example", EXAMPLES, ids=_named)
def test_rule_matches_here_and_not_next_door(example: Example) -> None:
    given = CLEAR | example.given
    assert words(planned(given, example.audience)) == example.expected
    assert words(planned(given | example.but, example.audience)) == example.then


def test_examples_show_every_rule_with_and_without() -> None:
    """Also of the examples themselves: the rule stands in the one answer and not in the other."""
    in_design = [*PROVISIONS]
    assert [*dict.fromkeys(example.rule for example in EXAMPLES)] == in_design
    for example in EXAMPLES:
        assert example.rule in example.expected.split(), example
        assert example.rule == "internal" or example.rule not in example.then.split(), example


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_in_the_way_sends_the_full_text(audience: str) -> None:
    internal = " internal" if audience in ("victim", "crisis_team") else ""
    assert words(planned(CLEAR, audience)) == f"send full{internal}"


@pytest.mark.parametrize("audience", GROUP)
@pytest.mark.parametrize("scale", ["few", "class", "year", "school", "public", "unknown"])
def test_nothing_known_sends_nothing_to_a_group(audience: str, scale: str) -> None:
    assert planned(CAUTIOUS | {"scale": scale}, audience).decision != "send"


# --- The second reading of the table ----------------------------------------------------------------------------------


def wish(facts: Facts, audience: str) -> str:
    """The victim's wish; with several victims the strictest one counts, so a yes for one audience is not enough."""
    particular = facts["consent_for"].get(audience, facts["consent"])
    wishes = {particular, facts["consent"]} if facts["several_victims"] else {particular}
    return next(each for each in ("refused", "not_asked", "granted") if each in wishes)


def matches(facts: Facts, audience: str) -> Iterator[tuple[str, str]]:
    """Rule and effect (``hold minimal``, ``withhold``, …) of every row up to ``press_line``, in the table's order."""
    consent, scale, grave = wish(facts, audience), facts["scale"], facts["grave"]
    small = scale in ("few", "class", "year")
    loud = facts["media"] in ("asking", "published")
    home = facts["unsafe_at_home"]
    group, press, teachers = audience in GROUP, audience == "press", audience == "teachers"
    parents_of_victim, online = audience == "victim_parents", audience in ("website", "social")
    group_or_quiet_press = group or (press and not loud)

    if audience == "crisis_team":
        yield "internal", "send"
    if audience == "victim":
        yield "internal", "withhold" if grave == "death" else "send"
    if parents_of_victim:
        granted = "victim_parents" in facts["consent_for"] and consent == "granted"
        adult = facts["age"] in ("adult", "unknown")
        if not granted and (facts["parents"] == "not_to_know" or (adult and facts["parents"] != "know")):
            yield "home_parents", "withhold"
        if (facts["age"] == "minor" and facts["parents"] == "unknown") or home in ("yes", "unknown"):
            yield "ask_first", "hold"
    if teachers and consent != "granted":
        yield "staff", "minimal"
        if facts["role"] == "teacher" and small:
            yield "colleagues", "hold minimal"
    if (audience == "parents" and scale == "few") or (online and small and not loud):
        yield "too_small", "withhold"
    if online and scale == "school" and not loud:
        yield "own_news", "minimal" if audience == "website" else "hold minimal"
    if (online or press) and scale in ("few", "class"):
        yield "identifying", "minimal"
    if group and consent == "refused":
        yield ("refused_small", "withhold") if small and not loud else ("refused", "hold minimal")
    if group_or_quiet_press and consent == "not_asked":
        yield "not_asked", "hold minimal"
    if group_or_quiet_press and not facts["contact_appointed"]:
        yield "no_contact", "hold"
    if group_or_quiet_press and grave != "no" and (grave == "death" or not facts["outside_expert"]):
        yield "grave", "hold minimal"
    if (teachers or press) and grave != "no":
        yield "grave_line", "minimal"
    if group and home == "yes":
        yield "home", "hold minimal"
    if audience == "parents" and home == "unknown":
        yield "home", "hold"
    if facts["suspect"] == "staff" and facts["role"] == "student" and facts["age"] in ("minor", "unknown"):
        if not facts["inspector_consulted"] and (teachers or group):
            yield "staff_suspect", "hold minimal"
        if not facts["inspector_consulted"] and press:
            yield "staff_suspect", "minimal"
    if facts["origin"] == "threat" and group:
        yield "threat", "withhold"
    if facts["origin"] == "threat" and (teachers or press):
        yield "threat", "minimal"
    if press and small and facts["media"] == "none":
        yield "shelf", "withhold"
    if press and not loud:
        yield "reactive", "hold"
    if press and consent != "granted":
        yield "press_line", "minimal"


def table(facts: Facts) -> dict[str, Outcome]:
    """What every audience gets by the design's table, the last three rows on the outcome of the others."""
    rules: dict[str, list[str]] = {}
    decisions: dict[str, str] = {}
    short: dict[str, bool] = {}
    for audience in AUDIENCES:
        found = list(matches(facts, audience))
        effects = {word for _, effect in found for word in effect.split()}
        rules[audience] = [rule for rule, _ in found]
        decisions[audience] = next(each for each in ("withhold", "hold", "send") if each in effects | {"send"})
        short[audience] = "minimal" in effects
    if any(decisions[told] != "send" or short[told] for told in ("students", "parents")):
        for audience in ("website", "social", "press"):
            rules[audience].append("not_ahead")
            short[audience] = True
    for audience in AUDIENCES:
        blocked = "staff_suspect" in rules[audience] and audience != "press"
        if audience in facts["released"] and decisions[audience] == "hold" and not blocked:
            rules[audience].append("released")
            decisions[audience], short[audience] = "send", True
    for audience in ("teachers", *GROUP):
        if facts["phase"] in ("update", "closing") and audience not in facts["sent"]:
            rules[audience].append("never_told")
            decisions[audience] = "withhold"
    return {
        audience: (decisions[audience], "minimal" if short[audience] else "full", tuple(rules[audience]))
        for audience in AUDIENCES
    }


def for_all(value: Any) -> dict[str, Any]:
    return dict.fromkeys(AUDIENCES, value)


VALUES: dict[str, tuple[Any, ...]] = {
    "group": (None, "locatie Zuid"),
    "phase": ("first", "update", "closing"),
    "sent": ((), AUDIENCES, ("students",), ("teachers", "parents", "website")),
    "material": ("sexual", "other", "unknown"),
    "origin": ("forwarded", "threat", "deepfake", "unknown"),
    "scale": ("few", "class", "year", "school", "public", "unknown"),
    "media": ("none", "expected", "asking", "published"),
    "police": ("not_consulted", "consulted", "preserve", "reported"),
    "suspect": ("unknown", "student", "staff", "outsider"),
    "inspector_consulted": (False, True),
    "contact_appointed": (False, True),
    "grave": ("no", "attempt", "death", "other"),
    "outside_expert": (False, True),
    "several_victims": (False, True),
    "released": ({}, for_all(RELEASE), {"students": RELEASE}, {"press": RELEASE, "victim_parents": RELEASE}),
    "role": ("student", "teacher"),
    "age": ("minor", "adult", "unknown"),
    "consent": ("granted", "refused", "not_asked"),
    "consent_for": (
        {}, for_all("granted"), for_all("refused"), for_all("not_asked"), {"press": "refused"},
        {"students": "refused", "victim_parents": "granted"}, {"parents": "granted", "teachers": "not_asked"},
    ),
    "unsafe_at_home": ("no", "yes", "unknown"),
    "parents": ("know", "not_to_know", "unknown"),
}  # fmt: skip

BASES = {
    "cautious": CAUTIOUS,
    "cautious, small": CAUTIOUS | {"scale": "class"},
    "clear": CLEAR,
    "clear, small and quiet": CLEAR | {"scale": "year", "media": "none"},
    "refused": CLEAR | {"consent": "refused", "media": "none"},
    "refused, small": CLEAR | {"consent": "refused", "scale": "class", "media": "none"},
    "grave": CLEAR | {"grave": "death", "outside_expert": False, "age": "minor"},
    "staff": CLEAR | STAFF,
    "update": CLEAR | {"phase": "update", "sent": ("students", "teachers"), "consent": "not_asked"},
    "update, released": CLEAR | {"phase": "update", "sent": AUDIENCES, "contact_appointed": False,
                                 "released": for_all(RELEASE)},
}  # fmt: skip


def differences(facts: Facts) -> list[str]:
    """Where the package and the second reading part, in words; empty when they agree."""
    expected = table(facts)
    found = {message.audience: outcome(message) for message in comms.plan(incident(facts)).messages}
    told = {name: value for name, value in facts.items() if value != CLEAR[name]}
    return [
        f"{audience}: table {expected[audience]}, plan {found.get(audience)}, when {told}"
        for audience in AUDIENCES
        if found.get(audience) != expected[audience]
    ]


def some_incidents(count: int, seed: int) -> Iterator[Facts]:
    """Random facts, with wishes, releases and earlier messages by audience."""
    dice = random.Random(seed)
    for _ in range(count):
        facts = {name: dice.choice(values) for name, values in VALUES.items()}
        if dice.random() < 0.5:
            facts["consent_for"] = {
                audience: dice.choice(VALUES["consent"]) for audience in AUDIENCES if dice.random() < 0.3
            }
        if dice.random() < 0.5:
            facts["released"] = {audience: RELEASE for audience in AUDIENCES if dice.random() < 0.4}
        if dice.random() < 0.5:
            facts["sent"] = tuple(audience for audience in AUDIENCES if dice.random() < 0.5)
        yield facts


@pytest.mark.parametrize("base", BASES)
def test_every_pair_of_facts_as_in_the_table(base: str) -> None:
    wrong: list[str] = []
    for first, second in combinations(VALUES, 2):
        for one, other in product(VALUES[first], VALUES[second]):
            wrong += differences(BASES[base] | {first: one, second: other})
    assert not wrong, f"{len(wrong)} differ, such as: {wrong[0]}"


def test_twenty_thousand_incidents_as_in_the_table() -> None:
    wrong = [each for facts in some_incidents(20_000, seed=113) for each in differences(facts)]
    assert not wrong, f"{len(wrong)} differ, such as: {wrong[0]}"


def test_random_incidents_reach_every_rule_and_every_decision() -> None:
    """The comparison above says little when a rule hardly ever matches."""
    seen: dict[str, int] = {}
    for facts in some_incidents(2_000, seed=113):
        for decision, variant, rules in table(facts).values():
            for word in (f"{decision} {variant}", *rules):
                seen[word] = seen.get(word, 0) + 1
    rules = {example.rule for example in EXAMPLES}
    assert {word for word, times in seen.items() if times >= 20} == rules | {
        f"{decision} {variant}" for decision in ("send", "hold", "withhold") for variant in ("full", "minimal")
    }


def test_facts_that_are_read_give_the_same_plan() -> None:
    """Also says that the other tests may build their incidents without reading them."""
    for facts in some_incidents(200, seed=7):
        assert comms.plan(as_read(facts)).to_dict() == comms.plan(incident(facts)).to_dict()


# --- What holds for every plan ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plans() -> list[tuple[Facts, comms.Plan]]:
    return [(facts, comms.plan(incident(facts))) for facts in some_incidents(1_000, seed=42)]


Plans = list[tuple[Facts, comms.Plan]]


def test_messages_stand_in_the_order_of_sending(plans: Plans) -> None:
    for _, plan in plans:
        assert [(message.order, message.audience) for message in plan.messages] == [*enumerate(AUDIENCES, 1)]


def test_reasons_are_told_and_name_known_provisions(plans: Plans) -> None:
    for _, plan in plans:
        for message in plan.messages:
            for reason in message.reasons:
                assert reason.text.strip()
                assert set(reason.provisions) <= provisions().keys()
                assert reason.provisions or reason.rule == "released", reason


def test_reasons_name_the_provisions_of_the_table(plans: Plans) -> None:
    found = {
        reason.rule: " ".join(reason.provisions)
        for _, plan in plans
        for message in plan.messages
        for reason in message.reasons
    }
    assert found == PROVISIONS


def test_every_hold_says_what_it_waits_for(plans: Plans) -> None:
    for _, plan in plans:
        for message in plan.messages:
            if message.decision == "hold":
                assert message.conditions, message
            for condition in message.conditions:
                assert condition.text.strip()
                assert condition.provisions
                assert set(condition.provisions) <= provisions().keys()


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.expected.startswith("hold")], ids=_named)
def test_every_rule_that_holds_says_what_it_waits_for(example: Example) -> None:
    """Each rule has a condition of its own: with two holds, both are told."""
    message = planned(CLEAR | example.given, example.audience)
    holding = [rule for rule, effect in matches(CLEAR | example.given, example.audience) if effect.split()[0] == "hold"]
    assert len({condition.text for condition in message.conditions}) == len(holding)


def test_withheld_messages_wait_for_nothing(plans: Plans) -> None:
    withheld = [message for _, plan in plans for message in plan.messages if message.decision == "withhold"]
    assert withheld
    assert not [message for message in withheld if message.conditions]


def test_a_release_names_who_and_when(plans: Plans) -> None:
    for facts, plan in plans:
        for message in plan.messages:
            for reason in message.reasons:
                if reason.rule == "released":
                    assert message.audience in facts["released"]
                    assert RELEASE["by"] in reason.text
                    assert RELEASE["at"] in reason.text


def test_a_release_is_told_as_typed() -> None:
    release = {"by": "J. {x} %s de Vries & co", "at": "vrijdag na tweeën"}
    message = planned(CLEAR | {"consent": "refused", "released": {"students": release}}, "students")
    assert message.decision == "send"
    assert release["by"] in message.reasons[-1].text
    assert release["at"] in message.reasons[-1].text


def test_the_victim_hears_of_a_release_first() -> None:
    message = planned(CLEAR | {"consent": "refused", "released": {"students": RELEASE}}, "students")
    assert any("slachtoffer" in each.text and "1.2" in each.provisions for each in message.conditions)


def test_nobody_can_release_before_the_inspector_is_consulted() -> None:
    seen = 0
    for facts in some_incidents(200, seed=16):
        facts |= {**STAFF, "role": "student", "age": random.Random(seen).choice(("minor", "unknown"))}
        facts["released"] = for_all(RELEASE)
        for audience in ("teachers", *GROUP):
            message = planned(facts, audience)
            assert message.decision != "send", facts
            assert "released" not in [reason.rule for reason in message.reasons]
            seen += 1
    assert seen == 1_000


REACH = [
    ("teachers", "few", "few", "de docenten die erbij betrokken zijn, persoonlijk"),
    ("teachers", "class", "class", "het team van de klas"),
    ("teachers", "year", "year", "de docenten van het leerjaar"),
    ("teachers", "school", "everyone", "alle docenten en medewerkers van {group}"),
    ("students", "few", "few", "de studenten die erbij betrokken zijn, persoonlijk"),
    ("students", "class", "class", "de studenten van de klas"),
    ("students", "year", "year", "de studenten van het leerjaar"),
    ("students", "school", "everyone", "alle studenten van {group}"),
    ("students", "public", "everyone", "alle studenten van {group}"),
    ("students", "unknown", "everyone", "alle studenten van {group}"),
    ("parents", "class", "class", "de ouders van de minderjarige studenten van de klas"),
    ("parents", "year", "year", "de ouders van de minderjarige studenten van het leerjaar"),
    ("parents", "unknown", "everyone", "de ouders van alle minderjarige studenten van {group}"),
]


@pytest.mark.parametrize(("audience", "scale", "code", "text"), REACH)
@pytest.mark.parametrize("group", [None, "locatie {Zuid}"])
def test_reach_follows_the_scale_and_the_name_of_the_group(
    audience: str, scale: str, code: str, text: str, group: str | None
) -> None:
    reach = planned(CLEAR | {"scale": scale, "group": group}, audience).reach
    assert (reach.code, reach.text) == (code, text.replace("{group}", group or "Voorbeeldcollege"))


@pytest.mark.parametrize("scale", VALUES["scale"])
def test_reach_of_the_others_does_not_depend_on_the_scale(scale: str) -> None:
    reach = {
        message.audience: message.reach.code for message in comms.plan(incident(CLEAR | {"scale": scale})).messages
    }
    assert [reach[each] for each in ("victim", "victim_parents", "crisis_team")] == ["person"] * 3
    assert [reach[each] for each in ("website", "social", "press")] == ["public"] * 3


def test_as_json_the_plan_has_the_agreed_form() -> None:
    import json

    plan = comms.plan(incident(CLEAR | {"consent": "refused", "media": "none"}))
    told = json.loads(json.dumps(plan.to_dict()))
    assert list(told) == ["messages", "actions", "warnings"]
    for message, said in zip(plan.messages, told["messages"], strict=True):
        assert list(said) == ["audience", "decision", "variant", "reach", "reasons", "conditions", "order"]
        assert (said["audience"], said["decision"], said["order"]) == (
            message.audience,
            message.decision,
            message.order,
        )
        assert said["reach"] == {"code": message.reach.code, "text": message.reach.text}
        assert [each["rule"] for each in said["reasons"]] == [each.rule for each in message.reasons]
        assert all(list(each) == ["rule", "text", "provisions"] for each in said["reasons"])
        assert all(list(each) == ["text", "provisions"] for each in said["conditions"])
    assert all(list(each) == ["id", "text", "done", "provisions"] for each in told["actions"])
    assert said["conditions"], "the press waits here"


def test_the_same_facts_give_the_same_plan() -> None:
    for facts in some_incidents(100, seed=3):
        assert comms.plan(incident(facts)) == comms.plan(incident(dict(reversed(facts.items()))))


@pytest.mark.skipif(
    not any((folder("locales") / "en" / "LC_MESSAGES" / f"ui.{kind}").is_file() for kind in ("po", "mo")),
    reason="the English of the program is not there yet",
)
def test_in_english_only_the_words_differ() -> None:
    for facts in some_incidents(100, seed=5):
        dutch = comms.plan(incident(facts))
        with comms.ui_language("en"):
            english = comms.plan(incident(facts))
        assert [outcome(each) for each in english.messages] == [outcome(each) for each in dutch.messages]
        assert [each.reach.code for each in english.messages] == [each.reach.code for each in dutch.messages]
        assert [each.provisions for each in english.actions] == [each.provisions for each in dutch.actions]
        for ours, theirs in zip(dutch.messages, english.messages, strict=True):
            assert ours.reach.text != theirs.reach.text
            assert all(nl.text != en.text for nl, en in zip(ours.reasons, theirs.reasons, strict=True))
            assert [each.provisions for each in ours.conditions] == [each.provisions for each in theirs.conditions]


# --- The deletion order, and what the crisis team does ----------------------------------------------------------------


@pytest.mark.parametrize("police", ["not_consulted", "preserve"])
@pytest.mark.parametrize("decision", ["send", "hold"])
def test_a_full_text_for_students_tells_that_the_deletion_order_waits(police: str, decision: str) -> None:
    message = planned(CLEAR | {"police": police, "contact_appointed": decision == "send"}, "students")
    assert (message.decision, message.variant) == (decision, "full")
    assert len([condition for condition in message.conditions if "2.3" in condition.provisions]) == 1


@pytest.mark.parametrize(
    "instead",
    [
        {"police": "consulted"},
        {"police": "reported"},
        {"consent": "not_asked"},
        {"consent": "refused", "released": {"students": RELEASE}},
        {"origin": "threat"},
        {"phase": "update", "sent": ("parents",)},
    ],
    ids=["police_consulted", "reported", "minimal_on_hold", "minimal_released", "withheld", "never_told"],
)
def test_otherwise_no_deletion_order_waits(instead: Facts) -> None:
    message = planned(CLEAR | {"police": "not_consulted"} | instead, "students")
    assert not [condition for condition in message.conditions if "2.3" in condition.provisions]


def test_the_deletion_order_concerns_students_only() -> None:
    plan = comms.plan(incident(CLEAR | {"police": "preserve"}))
    assert [each.audience for each in plan.messages if any("2.3" in one.provisions for one in each.conditions)] == [
        "students"
    ]


def actions(facts: Mapping[str, Any]) -> dict[str, comms.Action]:
    found = comms.plan(incident(CLEAR | dict(facts))).actions
    assert len({action.id for action in found}) == len(found), "an id stands twice in one list"
    return {action.id: action for action in found}


@pytest.mark.parametrize(
    ("provision", "open_facts", "done_facts"),
    [
        ("1.2", {"contact_appointed": False}, {"contact_appointed": True}),
        ("1.2", {"contact_appointed": False, "role": "teacher"}, {"contact_appointed": True, "role": "teacher"}),
        ("1.2", {"contact_appointed": False, "suspect": "staff"}, {"contact_appointed": True, "suspect": "staff"}),
        ("1.3", {"consent": "not_asked"}, {"consent": "refused"}),
        ("1.3", {"consent": "not_asked", "several_victims": True}, {"consent": "granted", "several_victims": True}),
        ("1.3", {"parents": "unknown"}, {"parents": "not_to_know"}),
        ("1.3", {"unsafe_at_home": "unknown"}, {"unsafe_at_home": "no"}),
        ("1.6", STAFF, {**STAFF, "inspector_consulted": True}),
        ("1.6", {"police": "consulted"}, {"police": "reported"}),
        ("2.3", {"police": "not_consulted"}, {"police": "consulted"}),
        ("2.4", {"police": "not_consulted"}, {"police": "preserve"}),
        ("2.7", {"grave": "attempt", "outside_expert": False}, {"grave": "attempt", "outside_expert": True}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())),
)
def test_done_follows_the_facts(provision: str, open_facts: Facts, done_facts: Facts) -> None:
    """The one fact settles exactly the steps that it is about; no other step turns done or open."""
    before, after = actions(open_facts), actions(done_facts)
    changed = [name for name in before if before[name].done is not after[name].done]
    assert changed
    assert before.keys() == after.keys()
    for name in changed:
        assert after[name].done is True
    assert any(provision in before[name].provisions for name in changed)


def test_evidence_stays_open_while_the_police_ask_to_keep_it() -> None:
    about_evidence = [each for each in actions({"police": "preserve"}).values() if "2.3" in each.provisions]
    assert about_evidence
    assert not [each for each in about_evidence if each.done]


@pytest.mark.parametrize("age", ["minor", "unknown"])
@pytest.mark.parametrize("consulted", [False, True])
def test_suspicion_of_staff_opens_the_list_with_the_inspector(age: str, consulted: bool) -> None:
    facts = CLEAR | {**STAFF, "age": age, "inspector_consulted": consulted, "consent": "refused", "sent": AUDIENCES}
    first, second, *_ = comms.plan(incident(facts)).actions
    assert "vertrouwensinspecteur" in first.text
    assert (first.provisions, first.done) == (("1.6",), consulted)
    assert "geheimhouding" in second.text


@pytest.mark.parametrize(
    "other", [{"age": "adult"}, {"role": "teacher"}, {"suspect": "student"}, {"suspect": "unknown"}]
)
def test_otherwise_no_step_names_the_inspector(other: Facts) -> None:
    texts = [action.text for action in comms.plan(incident(CLEAR | STAFF | other)).actions]
    assert not [text for text in texts if "vertrouwensinspecteur" in text or "geheimhouding" in text]


def test_consent_withdrawn_after_sending_names_what_to_take_down() -> None:
    withdrawn = actions({"consent": "refused", "sent": ("students", "website")})["withdrawn"]
    for word in ("studenten", "website", "weg", "stoppen"):
        assert word in withdrawn.text
    assert "ouders" not in withdrawn.text
    assert not withdrawn.done


def test_consent_withdrawn_for_one_audience_names_only_that() -> None:
    withdrawn = actions({"consent_for": {"parents": "refused"}, "sent": ("students", "parents")})["withdrawn"]
    assert "is al iets verstuurd: ouders." in withdrawn.text


@pytest.mark.parametrize(
    "facts",
    [
        {"consent": "refused", "sent": ()},
        {"consent": "granted", "sent": ("students", "website")},
        {"consent": "not_asked", "sent": ("students", "website")},
        {"consent_for": {"parents": "refused"}, "sent": ("students",)},
    ],
    ids=["nothing_sent", "granted", "not_asked", "refused_for_another"],
)
def test_otherwise_nothing_has_to_be_taken_down(facts: Facts) -> None:
    assert "withdrawn" not in actions(facts)


def test_what_stays_internal_has_not_to_be_taken_down() -> None:
    """A refusal is about what others hear; the talk with the victim and the crisis team's own list are no breach."""
    assert "withdrawn" not in actions({"consent": "refused", "sent": ("victim", "crisis_team")})


@pytest.mark.parametrize(
    ("material", "first", "other"),
    [("sexual", "trusted flagger", "Stop Online Shaming"), ("other", "Stop Online Shaming", "trusted flagger")],
)
def test_the_material_chooses_who_helps_when_removal_stalls(material: str, first: str, other: str) -> None:
    texts = [each.text for each in actions({"material": material}).values() if "2.8" in each.provisions]
    assert len(texts) == 1
    assert first in texts[0]
    assert other not in texts[0]


@pytest.mark.parametrize(("role", "who"), [("student", "studieloopbaanbegeleider"), ("teacher", "vertrouwenspersoon")])
def test_the_proposed_contact_follows_the_role(role: str, who: str) -> None:
    assert who in actions({"role": role})["contact"].text
    assert who not in actions({"role": role, "suspect": "staff"})["contact"].text


def test_roles_are_called_as_the_school_calls_them() -> None:
    school = replace(_BASE.school, roles={"slb": "mentor {x}"})
    found = comms.plan(incident(CLEAR).with_facts(school=school)).actions
    assert any("mentor {x}" in action.text for action in found)
    assert not any("studieloopbaanbegeleider" in action.text for action in found)


def test_every_action_names_known_provisions_and_is_whole(plans: Plans) -> None:
    for facts, plan in plans:
        assert len({action.id for action in plan.actions}) == len(plan.actions), facts
        for action in plan.actions:
            assert action.provisions
            assert set(action.provisions) <= provisions().keys()
            assert action.text.strip()
            assert "{" not in action.text
            assert isinstance(action.done, bool)


def test_actions_of_a_large_case_carry_out_every_step_to_prepare() -> None:
    """Every provision of kind prepare is work for the crisis team in some case, and in this one all are."""
    facts = CLEAR | {"grave": "attempt", "parents": "know"}
    carried = {each for action in comms.plan(incident(facts)).actions for each in action.provisions}
    assert {each.id for each in provisions().values() if each.kind == "prepare"} - carried == set()
