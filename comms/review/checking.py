"""A text in, findings out: the language found, the rules loaded, the school's adjustments heeded."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from comms.characters import visible
from comms.errors import InputError, Place, Problem, UnknownNameError
from comms.fields import allowed, nearest
from comms.languages import N_, _, current_ui_language
from comms.review import rules
from comms.review.directives import Directive, directives
from comms.review.engine import Hit, Lexicon, Text
from comms.review.findings import Finding, Severity
from comms.review.folding import INVISIBLE, listed
from comms.review.ruleset import AUDIENCES, LANGUAGES, Rule
from comms.review.written import Written, from_plain
from comms.school import Review

if TYPE_CHECKING:
    from comms.incident import Incident
    from comms.review.rulefile import Source
    from comms.school import School

ALWAYS_ON = ("protected",)
"""Rules that nobody can switch off."""

_EXCERPT = 300
_WORD = re.compile(r"[a-z]+")
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_WORDS = re.compile(r"[^\W_]+")
_SHORT = 1000
_SPELLINGS = {
    "nl": re.compile(r"ij|aa|uu|oe|eu|sch|cht|en\b|lijk"),
    "en": re.compile(r"th|sh|wh|ea|ow|tion|ght|ck|ing\b|y\b|ed\b"),
}
"""Letters that tell a language when no function word does; Dutch when none of them does either."""
_FUNCTION_WORDS = {
    "nl": listed(
        "de het een en van ik je dat die niet met voor zijn op te aan er om ook als dan maar naar heb heeft "
        "hebben wordt worden deze dit uw u wij ze zij hij haar hem hun bij uit nog wel geen kan kunnen moet wat "
        "wie waar omdat door jij jou jouw mij mijn ons onze had hoe waarom toen nooit meer zo iets niets mag"
    ),
    "en": listed(
        "the a an and to you your it that this they them their not with for are be have has on at by from or if "
        "what who she he her his him will would can could should we our us do does did my me were been but as so "
        "when why how there these those about all any no never"
    ),
}


def check(
    text: str,
    language: str | None = None,
    audience: str | None = None,
    incident: Incident | None = None,
    school: School | None = None,
) -> list[Finding]:
    """What the review has against a text, in the order of the text.

    ``language``: ``nl`` or ``en``, else it is found out, for each paragraph. ``audience``: whom the text is for; then it
    counts as a whole text, in which things can be missing; else the greeting may say so. ``school``: whose
    adjustments count and whose own people are no finding, else the incident's. ``incident``: then also what only the case tells: protected words, whether a
    text for this audience may go out at all, and what it may not read. Raises UnknownNameError and, for a school's own rules, InputError.
    """
    return check_written(from_plain(text), language, audience, incident, school)


def check_written(
    written: Written,
    language: str | None = None,
    audience: str | None = None,
    incident: Incident | None = None,
    school: School | None = None,
    *,
    any_length: bool = False,
    cases: frozenset[str] = frozenset(),
    group: str | None = None,
) -> list[Finding]:
    """As :func:`check`, for a text whose parts are known.

    ``any_length``: a short text is asked for everything too. ``cases``: rules that hold in these cases count as well.
    ``group``: whom a text of this school may tell, as an incident names them.
    """
    for given, known in ((language, LANGUAGES), (audience, AUDIENCES)):
        if given is not None and given not in known:
            wrong = _("{text} is geen geldige waarde").format(text=f"“{given}”")
            told = (wrong, allowed(known), nearest(given, known))
            raise UnknownNameError("; ".join(part for part in told if part))
    if incident is not None:
        from comms.review import case

        cases |= case.circumstances(incident, audience)
        school, group = school or incident.school, incident.group
    adjustments = school.review if school is not None else Review()
    names = (*school.names(), *filter(None, [group])) if school is not None else ()
    told_off = directives(written)
    silent = {each.own for each in told_off}
    off: dict[str, set[int]] = {}
    for each in told_off:
        if each.reason and each.rule not in ALWAYS_ON:
            off.setdefault(each.rule, set()).update(each.parts)
    found: list[Finding] = []
    lines = _Lines(written.text)
    by_language = _by_language(written, language)
    main = max(by_language, key=lambda code: _length(written, by_language[code]), default=None)
    texts = [
        Text(written, lexicon, [number for number in parts if number not in silent], code)
        for code, parts in by_language.items()
        for lexicon in _lexicons(code, adjustments.own)
    ]
    elsewhere: bool | None = False if audience or incident else None
    for text in texts:
        for hit, rule in _hits(text, audience, text.language == main, any_length):
            if rule.case and rule.case not in cases:
                continue
            if text.rules.subject.names and rule.category not in text.rules.subject.anyway:
                elsewhere = _elsewhere(texts) if elsewhere is None else elsewhere
                if elsewhere:
                    continue
            if names and _only_names(
                written.text[hit.start : hit.end], names, rule.category == "identity", text.rules.vocabulary
            ):
                continue
            severity = _severity(rule, adjustments)
            if severity is not None and hit.part not in off.get(rule.id, ()):
                found.append(_finding(hit, rule, severity, written, lines))
    found += _about_directives(told_off, written, lines, adjustments)
    if incident is not None:
        found = case.unspoken(found, list(case.protected_words(written, incident)))
        found += case.wish(incident, audience) if audience is not None else ()
    _check_adjustments(adjustments)
    return sorted(found, key=lambda each: (each.start, each.end, each.rule))


def _only_names(text: str, names: Iterable[str], identity: bool, vocabulary: Container[str]) -> bool:
    """Whether a stretch is a name of the school or its people; or, if it seems to name somebody, names only these.

    A capital that begins a sentence makes no name of a word that the rules know.
    """
    known = {word for name in names for word in _WORDS.findall(name)}
    words = _WORDS.findall(text)
    left = [word for word in words if word not in known]
    if not identity:
        return not left and bool(words)
    return len(left) < len(words) and not any(
        word[0].isdigit() or (word[0].isupper() and word.lower() not in vocabulary) for word in left
    )


def _elsewhere(texts: Iterable[Text]) -> bool:
    """Whether a text is about something else than what our rules are for, such as a school trip.

    What is short may leave its subject to what stands around it; whoever names an audience or an incident tells it.
    """
    ours = [text for text in texts if text.rules.subject.names]
    longest = max(text.rules.subject.from_words for text in ours)
    return sum(text.words() for text in ours) >= longest and not any(text.names_subject() for text in ours)


def _hits(text: Text, audience: str | None, main: bool, any_length: bool) -> Iterator[tuple[Hit, Rule]]:
    """What the rules find. In a second language something is missing only when that has a greeting of its own."""
    greeted = text.recognised_audience()
    known = audience or greeted
    for hit in text.hits(known if main or greeted else None, any_length):
        rule = text.rules.rules[hit.rule]
        if not rule.audiences or known in rule.audiences:
            yield hit, rule


def _length(written: Written, parts: Iterable[int]) -> int:
    return sum(written.parts[number].end - written.parts[number].start for number in parts)


# Languages


def _by_language(written: Written, language: str | None) -> dict[str, list[int]]:
    """The numbers of the parts in each language."""
    numbers = list(range(len(written.parts)))
    if language is not None:
        return {language: numbers}
    texts = [written.text[part.start : part.end] for part in written.parts]
    counts = [_function_words(text) for text in texts]
    whole = {code: sum(each[code] for each in counts) for code in LANGUAGES}
    if len(set(whole.values())) == 1:  # nothing but names, or a few words
        return {_spelt(written.text): numbers}
    first = max(LANGUAGES, key=lambda code: whole[code])
    own = [_clearly(each) for each in counts]
    if not any(code not in (None, first) for code in own):
        return {first: numbers}
    found: dict[str, list[int]] = {}
    for number, code in enumerate(own):
        found.setdefault(code or _probably(counts[number], texts[number]), []).append(number)
    return found


def _clearly(counts: dict[str, int]) -> str | None:
    """The language that a paragraph is without doubt."""
    most = max(LANGUAGES, key=lambda code: counts[code])
    return most if counts[most] >= 4 and sum(counts.values()) <= counts[most] * 4 / 3 else None


def _probably(counts: dict[str, int], text: str) -> str:
    if len(set(counts.values())) == 1:
        return _spelt(text)
    return max(LANGUAGES, key=lambda code: counts[code])


def _spelt(text: str) -> str:
    """The language that the letters of a few words look like."""
    return max(LANGUAGES, key=lambda code: len(_SPELLINGS[code].findall(text[:_SHORT].lower())))


def _function_words(text: str) -> dict[str, int]:
    """How many different function words of each language stand in a text."""
    words = _WORD.findall(text.lower())
    return {code: len(known.intersection(words)) for code, known in _FUNCTION_WORDS.items()}


# Rules and adjustments


@cache
def _lexicon(language: str) -> Lexicon:
    return Lexicon(rules.rule_set(language))


def _lexicons(language: str, own: Path | None) -> Iterator[Lexicon]:
    """Our rules, and after them the school's own."""
    yield _lexicon(language)
    path = own / f"{language}.toml" if own else None
    if path is not None and path.is_file():
        yield _own_lexicon(path.read_bytes(), language, str(path))


@lru_cache(maxsize=8)
def _own_lexicon(content: bytes, language: str, file: str) -> Lexicon:
    from comms.review.building import build
    from comms.review.rulefile import read

    base = rules.source_of(language)
    source = read(content, language, file, base)
    lexicon = Lexicon(build(source, base))
    if problems := list(_untrue_examples(source, lexicon)):
        raise InputError(problems)
    return lexicon


def _untrue_examples(source: Source, lexicon: Lexicon) -> Iterator[Problem]:
    """Where a school's own rule does not find what its examples say, or finds what it should not."""
    told = {"found": N_("de regel vindt dit voorbeeld niet"), "not_found": N_("de regel vindt dit voorbeeld toch")}
    for number, rule in enumerate(source.rules):
        audience = next(iter(rule.get("audiences", ())), None)
        for name, wrong in told.items():
            for example in rule.get(name, ()):
                written = from_plain(example)
                text = Text(written, lexicon, range(len(written.parts)), source.language)
                found = any(hit.rule == number for hit in text.hits(audience, any_length=True))
                if found is not (name == "found"):
                    yield Problem(Place(source.file), f"{rule['id']}.{name}", f"{_(wrong)}: “{example}”")


def _severity(rule: Rule, adjustments: Review) -> Severity | None:
    """How heavy a rule counts; None when it is off."""
    adjusted = adjustments.rules.get(rule.id)
    severity = adjusted.severity if adjusted else rule.severity
    return None if severity == "off" else severity  # type: ignore[return-value]  # the file was checked


def _all_ids(adjustments: Review) -> list[str]:
    ids = [*ALWAYS_ON]
    for code in LANGUAGES:
        for lexicon in _lexicons(code, adjustments.own):
            ids += [rule.id for rule in lexicon.rules.rules]
    return list(dict.fromkeys(ids))


def _check_adjustments(adjustments: Review) -> None:
    if not adjustments.rules:
        return
    known = _all_ids(adjustments)
    problems = []
    for rule_id, adjusted in adjustments.rules.items():
        if rule_id not in known:
            wrong = _("de regel {rule} is er niet").format(rule=rule_id)
            problems.append(Problem(adjusted.place, f"review.rules.{rule_id}", wrong, "", nearest(rule_id, known)))
        elif rule_id in ALWAYS_ON:
            wrong = _("deze regel kan niet anders worden ingesteld")
            problems.append(Problem(adjusted.place, f"review.rules.{rule_id}", wrong))
    if problems:
        raise InputError(problems)


# Findings


def _finding(hit: Hit, rule: Rule, severity: Severity, written: Written, lines: _Lines) -> Finding:
    text, part = written.text, written.parts[hit.part]
    language = current_ui_language()
    message = rule.why[language]
    if hit.value is not None:
        message = message.replace("{value}", f"{hit.value:.0f}")
    replacement = rule.replace
    if replacement and text[hit.start : hit.start + 1].isupper():
        replacement = replacement[0].upper() + replacement[1:]
    line, column = lines.place(hit.start)
    return Finding(
        rule.id, rule.category, severity, message, rule.provisions, hit.start, hit.end, line, column,
        excerpt(text[hit.start : hit.end]), rule.better.get(language, ""), replacement, "", part.passage, part.place,
    )  # fmt: skip


def excerpt(text: str) -> str:
    """Text on one line that any output can show, shortened when it is long."""
    told = _UNSEEN.sub("", visible(" ".join(text[: 2 * _EXCERPT].split())))
    return told if len(told) <= _EXCERPT else f"{told[: _EXCERPT - 1]}…"


class _Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1."""
        from bisect import bisect_right

        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


# Directives


_DIRECTIVE_RULES = {
    "directive.reason": N_("Een regel uitzetten kan alleen met een reden: schrijf die achter een dubbele punt."),
    "directive.unknown": N_("Deze regel is er niet, dus er is niets uitgezet."),
    "directive.always_on": N_("Deze regel kan niet uit."),
}


def _about_directives(
    told_off: Iterable[Directive], written: Written, lines: _Lines, adjustments: Review
) -> Iterator[Finding]:
    known = _all_ids(adjustments) if told_off else []
    for each in told_off:
        hint = ""
        if each.rule in ALWAYS_ON:
            rule = "directive.always_on"
        elif each.rule not in known:
            rule, hint = "directive.unknown", nearest(each.rule, known)
        elif not each.reason:
            rule = "directive.reason"
        else:
            continue
        line, column = lines.place(each.start)
        yield Finding(
            rule, "directive", "warning", _(_DIRECTIVE_RULES[rule]), (), each.start, each.end, line, column,
            excerpt(written.text[each.start : each.end]), hint,
        )  # fmt: skip
