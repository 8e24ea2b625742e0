"""The proof: no combination of facts yields a plan or a text that breaks the policy.

Not a sample: every incident there can be (``every_incident`` tells how that is counted). It goes audience by audience,
over the facts that the rules, templates and checks really ask for:

- *plans*: what the table decides for one audience, against a second reading of it that stands below;
- *texts*: each message in Dutch, over all facts and all that the plan may say of the others, against ``expected_letters``
  and the statements of the policy about texts; students and parents are told all that may be told of an incident,
  website, social media and press no more than that;
- *documents*: the internal ones, a section at a time, since their sections do not depend on each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from conftest import incident
from every_incident import Run, Space, Value, Word, domains
from expected_letters import LETTERS, Letter
from jinja2 import nodes

import comms
from comms import compose, decisions, passages, templating, texts
from comms.decisions import Facts, Reach, decide_for, required_provisions
from comms.document import Block
from comms.documents import documents
from comms.incident import AUDIENCES
from comms.planning import CALLS
from comms.review.checking import check_written
from comms.review.written import from_blocks

GROUP = ("students", "parents", "website", "social")
MESSAGES = ("teachers", *GROUP, "press")
EVERYTHING = Space(domains())
WORST_SHOWN = 3


class Report(NamedTuple):
    """What one part of the proof saw: how many cases in how many classes, what was made of them, and what is wrong."""

    part: str
    classes: int
    cases: int
    of: int
    results: frozenset[Any]
    faults: tuple[str, ...]


def report(part: str, space: Space, code: Callable[[Any], tuple[Any, list[str]]]) -> Report:
    """Runs the code for every case. It gives a result and what is wrong; a crash is a fault with its facts."""
    classes = cases = 0
    results: set[Any] = set()
    faults: Counter[str] = Counter()
    example: dict[str, Mapping[str, Value]] = {}
    for each in space.every(code, school(), base().date):
        result, wrong = each.result
        classes, cases = classes + 1, cases + each.size
        results.add(result)
        for fault in wrong:
            faults[fault] += 1
            example.setdefault(fault, each.example())
    told = tuple(
        f"{fault} ({count} ×), e.g. {dict(example[fault])}" for fault, count in faults.most_common(WORST_SHOWN)
    )
    return Report(part, classes, cases, space.size, frozenset(results), told)


@cache
def base() -> comms.Incident:
    return incident()


def school() -> comms.School:
    return base().school


# --- What the policy and the table say of an incident, read a second time ---------------------------------------------


def wish(facts: Any, audience: str) -> str:
    """The victim's wish for an audience; with several victims the strictest one."""
    victim = facts.victim
    if audience not in victim.consent_for:
        return victim.consent  # type: ignore[no-any-return]
    own = victim.consent_for[audience]
    if not facts.several_victims:
        return own  # type: ignore[no-any-return]
    if own == "refused" or victim.consent == "refused":
        return "refused"
    return "granted" if own == "granted" and victim.consent == "granted" else "not_asked"


def small(facts: Any) -> bool:
    return facts.scale in ("few", "class", "year")


def loud(facts: Any) -> bool:
    return facts.media in ("asking", "published")


def no_expert_yet(facts: Any) -> bool:
    return facts.grave != "no" and (facts.grave == "death" or not facts.outside_expert)


def inspector_first(facts: Any) -> bool:
    """A suspicion against staff, a student who is or may be a minor, and the inspector has not been asked."""
    victim = facts.victim
    return (
        facts.suspect == "staff"
        and victim.role == "student"
        and victim.age != "adult"
        and not facts.inspector_consulted
    )


def gets_nothing(facts: Any, audience: str) -> bool:
    """Before phase and release: whether no text may exist at all."""
    if audience == "victim":
        return bool(facts.grave == "death")
    if audience == "victim_parents":
        victim, yes = facts.victim, wish(facts, audience) == "granted" and audience in facts.victim.consent_for
        decides = victim.age != "minor" and victim.parents != "know"
        return not yes and (victim.parents == "not_to_know" or decides)
    if audience == "press":
        return small(facts) and facts.media == "none"
    if audience not in GROUP:
        return False
    if facts.origin == "threat" or (wish(facts, audience) == "refused" and small(facts) and not loud(facts)):
        return True
    if audience == "parents":
        return bool(facts.scale == "few")
    return audience != "students" and small(facts) and not loud(facts)


def has_to_wait(facts: Any, audience: str) -> bool:
    if audience == "victim_parents":
        return facts.victim.unsafe_at_home != "no" or (
            facts.victim.age == "minor" and facts.victim.parents == "unknown"
        )
    if audience == "teachers":
        return inspector_first(facts) or (
            facts.victim.role == "teacher" and wish(facts, audience) != "granted" and small(facts)
        )
    if audience == "press":
        return not loud(facts)
    if audience not in GROUP:
        return False
    return (
        wish(facts, audience) != "granted"
        or not facts.contact_appointed
        or no_expert_yet(facts)
        or facts.victim.unsafe_at_home == "yes"
        or (audience == "parents" and facts.victim.unsafe_at_home != "no")
        or inspector_first(facts)
        or (audience == "social" and facts.scale == "school" and not loud(facts))
    )


def only_the_minimum(facts: Any, audience: str) -> bool:
    """Whether the text that goes or waits is the short one; before a release, which shortens every text."""
    if audience in ("victim", "victim_parents", "crisis_team"):
        return False
    if audience == "teachers":
        return (
            wish(facts, audience) != "granted"
            or facts.grave != "no"
            or facts.origin == "threat"
            or inspector_first(facts)
        )
    if audience == "press":
        return (
            wish(facts, audience) != "granted"
            or facts.grave != "no"
            or facts.origin == "threat"
            or facts.scale in ("few", "class")
            or inspector_first(facts)
            or not both_told(facts)
        )
    if wish(facts, audience) != "granted" or no_expert_yet(facts) or facts.victim.unsafe_at_home == "yes":
        return True
    if inspector_first(facts):
        return True
    if audience in ("students", "parents"):
        return False
    quiet_inside = facts.scale == "school" and not loud(facts)
    return quiet_inside or facts.scale in ("few", "class") or not both_told(facts)


def both_told(facts: Any) -> bool:
    """Whether students and parents hear everything; open here, since ``told_of`` proves what that hangs on."""
    return all(facts._run.ask(f"told.{each}", True) for each in ("students", "parents"))


def hears_everything(facts: Any, audience: str) -> bool:
    """The same by the facts alone."""
    return not (gets_nothing(facts, audience) or has_to_wait(facts, audience) or only_the_minimum(facts, audience))


def expected(facts: Any, audience: str) -> tuple[str, str]:
    """Decision and variant; of what is withheld there is no text, so no variant."""
    first_news = audience in ("teachers", *GROUP) and facts.phase != "first" and audience not in facts.sent
    if first_news or gets_nothing(facts, audience):
        return "withhold", ""
    if has_to_wait(facts, audience):
        forbidden = audience in ("teachers", *GROUP) and inspector_first(facts)
        if not forbidden and audience in facts.released:
            return "send", "minimal"
        return "hold", "minimal" if only_the_minimum(facts, audience) else "full"
    return "send", "minimal" if only_the_minimum(facts, audience) else "full"


def may_be_deleted(facts: Any) -> bool:
    """2.3 before 3.students.6a: the police were consulted and did not ask to keep anything; never at a death."""
    return facts.grave != "death" and facts.police in ("consulted", "reported")


def to_be_said(facts: Any, audience: str, full: bool) -> tuple[set[str], set[str]]:
    """The provisions of kind say that a text must carry, and those that it may not; what is in neither may."""
    rows: dict[str, bool | None] = {}
    if audience == "students":
        rows = {"3.students.6b": True, "3.students.9": True, "3.students.3": full}
        alive, closing = full and facts.grave != "death", full and facts.phase == "closing"
        rows["3.students.7"] = alive
        rows["3.students.5"] = None if alive and closing else alive
        feeling = full and facts.grave == "no"
        rows["3.students.4"] = None if feeling and closing else feeling
        rows["3.students.6a"] = rows["3.students.8"] = full and may_be_deleted(facts)
    else:
        rows = dict.fromkeys(("3.students.4", "3.students.5", "3.students.6a", "3.students.8"), False)
    rows |= dict.fromkeys(
        ("3.parents.2", "3.parents.3"), audience == "victim_parents" or (audience == "parents" and full)
    )
    if audience in ("website", "social"):
        rows["3.general.5"] = True
    if audience == "teachers":
        rows["3.teachers.1"] = True
    if audience == "victim":
        rows["3.victim.2"] = True
    return {each for each, must in rows.items() if must}, {each for each, must in rows.items() if must is False}


# --- Plans ------------------------------------------------------------------------------------------------------------


def plan_of(audience: str) -> Callable[[Any], tuple[Any, list[str]]]:
    def code(facts: Any) -> tuple[Any, list[str]]:
        message = decide_for(facts, audience)
        decision, variant = message.decision, message.variant
        faults = []
        wanted = expected(facts, audience)
        if wanted != (decision, variant if decision != "withhold" else ""):
            faults.append(f"{audience}: {decision} {variant}, expected {' '.join(wanted)}")
        if audience in GROUP and decision == "send" and wish(facts, audience) != "granted":  # noqa: SIM102
            if variant != "minimal" or audience not in facts.released:
                faults.append(f"{audience}: sent against the wish")
        if decision == "hold" and not message.conditions:
            faults.append(f"{audience}: waits for nothing")
        if decision == "withhold" and message.says:
            faults.append(f"{audience}: says something though it is withheld")
        if decision != "withhold":
            must, must_not = to_be_said(facts, audience, variant == "full")
            if not must <= set(message.says) or must_not & set(message.says):
                faults.append(f"{audience}: the plan asks for {message.says}, the policy for {sorted(must)}")
        return (decision, variant), faults

    return code


def told_of(audience: str) -> Callable[[Any], tuple[Any, list[str]]]:
    def code(facts: Any) -> tuple[Any, list[str]]:
        answer = _TOLD_IN_FULL(Facts(facts), audience)
        return answer, [] if answer == hears_everything(facts, audience) else [f"{audience}: told in full is {answer}"]

    return code


_TOLD_IN_FULL = decisions._told_in_full


def _open_told(facts: Facts, audience: str) -> bool:
    return facts.incident._run.ask(f"told.{audience}", True)  # type: ignore[attr-defined, no-any-return]


# --- Texts ------------------------------------------------------------------------------------------------------------


class _Said:
    """What the plan says of one audience, still open: any decision and variant that the table might give."""

    reasons = conditions = ()
    reach = Reach("everyone", "iedereen")
    order = 0

    def __init__(self, run: Run, facts: Any, audience: str) -> None:
        self._facts, self.audience = facts, audience
        self.decision = Word(run, f"plan.{audience}.decision")
        self.variant = Word(run, f"plan.{audience}.variant")

    @property
    def says(self) -> tuple[str, ...]:
        return required_provisions(self._facts, self.audience, self.variant)  # type: ignore[arg-type]

    @property
    def full(self) -> bool:
        return self.decision == "send" and self.variant == "full"


class _AnyPlan:
    """A plan in which every audience may get anything: more than the table allows, so nothing is left out."""

    def __init__(self, facts: Any) -> None:
        self._said = {audience: _Said(facts._run, facts, audience) for audience in AUDIENCES}
        self.messages: tuple[Any, ...] = ()
        self.actions: tuple[Any, ...] = ()

    def message(self, audience: str) -> Any:
        return self._said[audience]


def with_any_plan() -> Space:
    facts = dict(EVERYTHING.facts)
    for audience in AUDIENCES:
        facts[f"plan.{audience}.decision"] = ("send", "hold", "withhold")
        facts[f"plan.{audience}.variant"] = ("full", "minimal")
    return Space(facts)


class Text(NamedTuple):
    """A message as its readers see it: paragraph by paragraph, and all that is said in one."""

    blocks: tuple[str, ...]
    carried: frozenset[str]
    whole: str
    shown: tuple[Block, ...]


def composed(name: str, facts: Any, plan: Any) -> Text:
    """The text of a document. What its conditions let through decides it; the rest is values that stay the same."""
    document = documents()[name]
    view = compose.view_of(facts, plan, document, "nl")
    spoken = texts.spoken(document.template, view)
    assert not any(handed for _id, handed in spoken), "a message has no loops"
    return _text(tuple(passage_id for passage_id, _handed in spoken), view["next_update"] is not None)


@cache
def _text(spoken: tuple[str, ...], next_update: bool) -> Text:
    view = compose.view_of(base(), comms.plan(base()), documents()["students"], "nl")
    if next_update:
        view["next_update"] = SimpleNamespace(day="dinsdag 24 november 2026", time="16:00")
    said = [compose.passage_of(passage_id, "nl", {}, view) for passage_id in spoken]
    blocks = tuple(" ".join(block.text.split()) for passage in said for block in passage.blocks)
    carried = frozenset(each for passage in said for each in passage.provisions)
    return Text(blocks, carried, "\n".join(blocks), tuple(block for passage in said for block in passage.blocks))


_END = re.compile(r"(?<=[.?!])[”“]?\s+(?=[A-Z0-9“ÉéIk])")


@lru_cache(maxsize=100_000)
def fits(gist: str, block: str) -> bool:
    """Whether a block says what its gist tells: a sentence for each, with its words in order."""
    gists = gist.split("|")
    sentences = _sentences(block)
    if len(gists) != len(sentences):
        return False
    return all(
        re.search(".*?".join(re.escape(part.strip()) for part in wanted.split("…")), sentence, re.IGNORECASE)
        for wanted, sentence in zip(gists, sentences, strict=True)
    )


@lru_cache(maxsize=10_000)
def _sentences(block: str) -> tuple[str, ...]:
    return tuple(part for part in _END.split(block) if part.strip(" ”“"))


@lru_cache(maxsize=100_000)
def unlike(gists: tuple[str, ...], blocks: tuple[str, ...]) -> str:
    """The first block that is not what it should be; empty when the letter is as expected."""
    for number, gist in enumerate(gists):
        if number >= len(blocks):
            return f"missing: {gist}"
        if not fits(gist, blocks[number]):
            return f"expected: {gist}; there stands: {blocks[number]}"
    return f"not expected: {blocks[len(gists)]}" if len(blocks) > len(gists) else ""


SEXUAL = re.compile(r"seksue|naakt|intiem|intieme|bloot", re.IGNORECASE)
CENTRE = re.compile(r"Centrum Seksueel Geweld[^\n]*")
DELETE = re.compile(r"\b[Vv]erwijder (ze|de|het|alles)\b|\b[Ww]is (ze|de beelden)\b|\b[Gg]ooi \w+ weg")
REMOVAL_PROMISED = re.compile(
    r"\b(halen|krijgen|laten)\b[^.?!]*\b(weg|offline|verwijder\w+|verdwijn\w+)|\b(worden|zijn|gaan) [^.?!]*\b(verwijderd|gewist|weg"
    r"gehaald)|\b(garander|beloven|beloofd|zorgen ervoor)|verdwijnen (helemaal|overal|vanzelf|snel)|\balles (is|wordt) weg",
    re.IGNORECASE,
)
ABOUT_THE_VICTIM = re.compile(
    r"beelden van (een|de|onze|deze) (student|docent|leerling|collega)|\b(minderjarig|volwassen|jaar oud|klas|leerjaar|opleiding)\b|"
    r"\b(meisje|jongen|vrouw|man|zij|hij|haar|hem)\b|nepbeeld|vermoedelijk|bewerkt|doorgestuurd|politie|melding|"
    r"wie in beeld is|degene om wie",
    re.IGNORECASE,
)
NEVER = re.compile(
    r"wraakporno|kinderporno|\bdaders?\b|\bartikel \d|\bwetboek|gevangenis|\bimago\b|reputatie|eigen schuld|\bnaïef|\bdom\b|had (je|zij|hij) niet|"
    r"excuus|excuses|gelekt|exposing|slut|sletje|pleegde zelfmoord|zelfmoord (pleg|gepleegd)|geslaagd|wordt gestraft|boete",
    re.IGNORECASE,
)
TOLD: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "sexual images": (r"seksuele beelden", lambda facts: facts.material == "sexual"),
    "a teacher": (r"\b(een|de) docent\b", lambda facts: facts.victim.role == "teacher"),
    "a student": (r"\b(een|de) student van\b", lambda facts: facts.victim.role == "student"),
    "forwarded": (r"doorgestuurd", lambda facts: facts.origin == "forwarded"),
    "fake": (r"\bnep\b|nepbeelden", lambda facts: facts.origin == "deepfake"),
    "police": (r"contact (gehad )?met de politie", lambda facts: facts.police != "not_consulted"),
    "suicide": (r"zelfmoord", lambda facts: facts.grave in ("attempt", "death")),
}
"""What a text may tell of an incident: how it is known, and when it is so."""


def text_of(name: str) -> Callable[[Any], tuple[Any, list[str]]]:
    document = documents()[name]
    rows = LETTERS[name]

    def code(facts: Any) -> tuple[Any, list[str]]:
        plan = _AnyPlan(facts)
        message = plan.message(document.governed_by)
        text = composed(name, facts, plan)
        full = message.variant == "full"
        letter = Letter(
            document.governed_by,
            full,
            _ToldInFull(plan, "students"),
            _ToldInFull(plan, "parents"),
            _ToldInFull(plan, "website"),
            facts,
        )
        gists = tuple(gist for gist, when in rows if when(letter))
        faults = [unlike(gists, text.blocks)] if unlike(gists, text.blocks) else []
        faults += [f"{what}: {found}" for what, found in always_wrong(text.whole)]
        faults += stopped(text, document.audience if full and name == document.audience else None)
        if SEXUAL.search(CENTRE.sub("", text.whole)) and not (full and facts.material == "sexual"):
            faults.append("sexual wording")
        if CENTRE.search(text.whole) and not (full and facts.material == "sexual"):
            faults.append("the centre for sexual violence, without sexual images")
        if bool(DELETE.search(text.whole)) != (document.governed_by == "students" and full and may_be_deleted(facts)):
            faults.append("the deletion order stands where it may not, or not where it must")
        if ("113" in text.whole) != (facts.grave in ("attempt", "death")):
            faults.append("113 stands exactly in texts after an attempt or a death")
        if name != "students_app":
            must, must_not = to_be_said(facts, name, full)
            if not must <= text.carried or must_not & text.carried:
                faults.append(f"carries {sorted(text.carried)}, must {sorted(must)} and not {sorted(must_not)}")
        if full:
            faults += _told_wrongly(text, name, facts)
        if not full and ABOUT_THE_VICTIM.search(text.whole):
            faults.append("a minimal text tells something of the victim")
        return text.whole, faults

    return code


def _told_wrongly(text: Text, name: str, facts: Any) -> Iterator[str]:
    """Website, social media and press tell nothing that students and parents do not hear (3.students.1)."""
    told = _told(text.whole)
    for fact, (_words, holds) in TOLD.items():
        if fact in told and not holds(facts):
            yield f"tells of {fact}, which is not so"
        if name in ("students", "parents") and fact not in told and holds(facts):
            yield f"does not tell of {fact}"


@cache
def _told(whole: str) -> frozenset[str]:
    return frozenset(fact for fact, (words, _holds) in TOLD.items() if re.search(words, whole))


class _ToldInFull:
    """Whether an audience is told in full, asked of the plan only when somebody wants to know."""

    def __init__(self, plan: _AnyPlan, audience: str) -> None:
        self._said = plan.message(audience)

    def __bool__(self) -> bool:
        return bool(self._said.full)


@cache
def stopped(text: Text, audience: str | None) -> tuple[str, ...]:
    """What would stop this draft at the review: a school in its worst hour must not be left without its letter."""
    found = check_written(
        from_blocks(text.shown), "nl", audience, school=base().school, any_length=True, group=base().group
    )
    return tuple(f"the review stops it: {each.rule}: {each.excerpt}" for each in found if each.severity == "error")


@cache
def always_wrong(whole: str) -> tuple[tuple[str, str], ...]:
    found = [
        ("a word that is never used", NEVER.search(whole)),
        ("removal is promised", REMOVAL_PROMISED.search(whole)),
    ]
    return tuple((what, match[0]) for what, match in found if match)


def minimal_of(name: str) -> Callable[[Any], tuple[Any, list[str]]]:
    """A minimal text with all that it may depend on: not one fact about the victim or the images is among it."""

    def code(facts: Any) -> tuple[Any, list[str]]:
        plan = _AnyPlan(facts)
        text = composed(name, facts, plan)
        about = (
            next(each for each in ("first", "update", "closing") if facts.phase == each),
            facts.grave in ("attempt", "death"),
            facts.grave == "no",
            name == "website" and facts.media in ("asking", "published"),
            *(bool(plan.message(each).full) for each in ("students", "website") if name in ("teachers", "press")),
        )
        return (about, text.whole), []

    return code


# --- Internal documents, a section at a time ---------------------------------------------------------------------------


INTERNAL = tuple(name for name, document in documents().items() if document.internal)
QUIET = incident(scale="few", media="none", victim={"consent": "granted", "parents": "know"})
GRIM = incident(
    scale="public", media="published", grave="attempt", material="other", sent=["students", "website"],
    contact_appointed=False, suspect="staff", victim={"consent": "refused", "age": "minor", "unsafe_at_home": "yes"},
)  # fmt: skip
LISTS = {"clear": incident(), "quiet": QUIET, "grim": GRIM}
"""Whose lists of messages and steps a document shows; a line at a time, since each stands by itself."""
SHAMING = "Stop Online Shaming"


@cache
def _body(name: str) -> list[nodes.Node]:
    environment = templating.structure()
    assert environment.loader is not None
    source, _filename, _uptodate = environment.loader.get_source(environment, documents()[name].template)
    return environment.parse(source, documents()[name].template).body


@cache
def sections(name: str) -> tuple[Any, ...]:
    """A document's template in pieces: what stands at its top level, with the variables that the piece needs."""
    tops = (node for node in _body(name) if not isinstance(node, nodes.Assign))
    return tuple(_compiled(name, [piece]) for node in tops for piece in _pieces(node))


@cache
def only(name: str, provision: str) -> Any:
    """A document's template with nothing but the passages that carry a provision, under their conditions."""
    return _compiled(name, [kept for node in _body(name) if (kept := _carrying(node, provision))])


def _compiled(name: str, body: list[nodes.Node]) -> Any:
    environment, template = templating.structure(), documents()[name].template
    needed: list[nodes.Assign] = []
    wanted = set().union(*map(_names, body))
    for assign in reversed([node for node in _body(name) if isinstance(node, nodes.Assign)]):
        if _target(assign) in wanted:
            needed.insert(0, assign)
            wanted |= _names(assign.node)
    code = environment.compile(nodes.Template([*needed, *body], lineno=1), template, template)
    return environment.template_class.from_code(environment, code, {})


def _carrying(node: nodes.Node, provision: str) -> nodes.Node | None:
    if isinstance(node, nodes.If):
        body, elses = _all_carrying(node.body, provision), _all_carrying(node.else_, provision)
        others = [nodes.If(each.test, _all_carrying(each.body, provision), [], []) for each in node.elif_]
        kept = body or elses or any(each.body for each in others)
        return nodes.If(node.test, body, others, elses, lineno=node.lineno) if kept else None
    consts = node.find_all(nodes.Const) if isinstance(node, nodes.ExprStmt) else ()
    said = [const.value for const in consts if isinstance(const.value, str)]
    known = passages.all_passages()
    return node if any(each in known and provision in known[each].provisions for each in said) else None


def _all_carrying(body: list[nodes.Node], provision: str) -> list[nodes.Node]:
    return [kept for node in body if (kept := _carrying(node, provision))]


def _pieces(node: nodes.Node) -> Iterator[nodes.Node]:
    """A node, or what stands under its condition, each part under that condition by itself."""
    if isinstance(node, nodes.If) and not node.find(nodes.Assign):
        others = node.else_
        if node.elif_:
            first, *more = node.elif_
            others = [nodes.If(first.test, first.body, more, node.else_, lineno=first.lineno)]
        for test, children in ((node.test, node.body), (nodes.Not(node.test), others)):
            for child in children:
                yield from (nodes.If(test, [piece], [], [], lineno=node.lineno) for piece in _pieces(child))
    elif _says_something(node):
        yield node


def _says_something(node: nodes.Node) -> bool:
    return not isinstance(node, nodes.Output) or any(not isinstance(each, nodes.TemplateData) for each in node.nodes)


def _names(node: nodes.Node) -> set[str]:
    found = {each.name for each in node.find_all(nodes.Name)} | ({node.name} if isinstance(node, nodes.Name) else set())
    if node.find(nodes.Include) or isinstance(node, nodes.Include):
        found |= {"message", "first"}
    return found


def _target(assign: nodes.Assign) -> str:
    assert isinstance(assign.target, nodes.Name)
    return assign.target.name


def section_of(name: str, number: int) -> Callable[[Any], tuple[Any, list[str]]]:
    document = documents()[name]
    piece = sections(name)[number]

    def code(facts: Any) -> tuple[Any, list[str]]:
        if not document.when(facts):
            return None, []
        plan = _AnyPlan(facts)
        view = compose.view_of(facts, plan, document, "nl")  # type: ignore[arg-type]
        lists = Word(facts._run, "lists")
        line = Word(facts._run, "line")
        view["messages"] = _Lazy(lambda: _lists(str(lists))["messages", str(line)])
        view["actions"] = _Lazy(lambda: _lists(str(lists))["actions", str(line)])
        spoken: list[tuple[str, dict[str, object]]] = []
        view["calls"] = _AnyCall(Word(facts._run, "call"))
        piece.render(view, _spoken=spoken)
        said = [compose.passage_of(passage_id, "nl", {}, view | handed) for passage_id, handed in spoken]
        whole = "\n".join(block.text for passage in said for block in passage.blocks)
        carried = frozenset(each for passage in said for each in passage.provisions)
        faults = []
        if "zelfmoord" in whole.lower() and "113" in whole and facts.grave not in ("attempt", "death"):
            faults.append("113 without an attempt or a death")
        if SHAMING in whole and facts.material != "other" and lists != "grim":
            faults.append("the flagger for images that are not sexual")
        if facts.grave == "death" and re.search("vanwege de beelden|door de beelden[^?]|omdat er beelden", whole):
            faults.append("a death is linked to the images")
        return (carried, whole), faults

    return code


class _AnyCall:
    """The calls to make, be they the first five or the others: any one of them, since each is told by itself."""

    def __init__(self, call: Word) -> None:
        self._call = call

    def __getitem__(self, some: slice) -> list[Word]:
        return [self._call]


class _Lazy:
    """A list that is asked for only when a section loops over it."""

    def __init__(self, items: Callable[[], list[Any]]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items())


@cache
def _lists(name: str) -> dict[tuple[str, str], list[Any]]:
    """Each line of the lists by itself: that of every audience, and as many steps."""
    facts = LISTS[name]
    view = compose.view_of(facts, comms.plan(facts), documents()["crisis_team"], "nl")
    messages = {("messages", each.audience): [each] for each in view["messages"]}
    steps = {("actions", each): view["actions"][number :: len(AUDIENCES)] for number, each in enumerate(AUDIENCES)}
    return messages | steps


def always_said(name: str, provision: str) -> Callable[[Any], tuple[Any, list[str]]]:
    template = only(name, provision)

    def code(facts: Any) -> tuple[Any, list[str]]:
        view = compose.view_of(facts, _AnyPlan(facts), documents()[name], "nl")  # type: ignore[arg-type]
        spoken: list[tuple[str, dict[str, object]]] = []
        template.render(view, _spoken=spoken)
        return bool(spoken), [] if spoken else [f"{name} does not say {provision}"]

    return code


# --- The proof itself ---------------------------------------------------------------------------------------------------


def _part(part: str) -> Report:
    """One part of the proof by its name, as a process of its own gets it."""
    kind, name, detail = part.split(" ")
    if kind == "told":
        return report(part, EVERYTHING, told_of(name))
    if kind == "plan":
        space = Space({**EVERYTHING.facts, "told.students": (False, True), "told.parents": (False, True)})
        with patch.object(decisions, "_told_in_full", _open_told):
            return report(part, space, plan_of(name))
    if kind == "text":
        return report(part, with_any_plan(), text_of(name))
    if kind == "minimal":
        document = documents()[name]
        space = with_any_plan().within(f"plan.{document.governed_by}.variant", "minimal")
        return report(part, space, minimal_of(name))
    if kind == "guide":
        return report(part, with_any_plan(), always_said(name, detail))
    calls = tuple(dict.fromkeys(call.id for call in CALLS))
    space = Space({**with_any_plan().facts, "lists": tuple(LISTS), "line": tuple(AUDIENCES), "call": calls})
    return report(part, space, section_of(name, int(detail)))


PARTS = (
    *(f"text {name} *" for name in ("parents", *(each for each in LETTERS if each != "parents"))),  # the longest first
    *(f"plan {audience} *" for audience in AUDIENCES),
    *(f"told {audience} *" for audience in ("students", "parents")),
    *(f"minimal {name} *" for name in LETTERS),
    "guide victim 3.victim.2",
    "guide victim_parents 3.parents.2",
    "guide victim_parents 3.parents.3",
    *(f"document {name} {number}" for name in INTERNAL for number in range(len(sections(name)))),
)


@pytest.fixture(scope="module")
def proof() -> dict[str, Report]:
    with ProcessPoolExecutor() as processes:
        return dict(zip(PARTS, processes.map(_part, PARTS), strict=True))


def of(proof: Mapping[str, Report], kind: str) -> list[Report]:
    return [found for part, found in proof.items() if part.startswith(kind)]


@pytest.mark.parametrize("kind", ["plan", "told", "text", "minimal", "guide", "document"])
def test_nothing_breaks_the_policy(kind: str, proof: dict[str, Report]) -> None:
    assert of(proof, kind)
    assert [f"{found.part}: {fault}" for found in of(proof, kind) for fault in found.faults] == []


def test_every_case_was_seen_once(proof: dict[str, Report], capsys: pytest.CaptureFixture[str]) -> None:
    """The classes of a part add up to all there is; and there is enough of it for the proof to mean something."""
    assert [found.part for found in proof.values() if found.cases != found.of] == []
    plans, texts, inside = of(proof, "plan"), of(proof, "text"), of(proof, "document")
    distinct = len({text for found in texts for text in found.results})
    with capsys.disabled():
        print(
            f"\nevery combination: {EVERYTHING.size:,} incidents; plans in {sum(each.classes for each in plans):,} classes, "
            f"messages in {sum(each.classes for each in texts):,} classes with {distinct:,} distinct texts, "
            f"internal documents in {sum(each.classes for each in inside):,} classes of their sections"
        )
    assert sum(each.classes for each in plans) > 100_000
    assert sum(each.classes for each in texts) > 100_000
    assert distinct > 10_000


def test_every_outcome_was_seen(proof: dict[str, Report]) -> None:
    outcomes = {
        (part.split()[1], *result) for part in PARTS if part.startswith("plan") for result in proof[part].results
    }
    for audience in GROUP:
        assert {("send", "full"), ("send", "minimal"), ("hold", "minimal")} <= {
            (decision, variant) for who, decision, variant in outcomes if who == audience
        }
        assert (audience, "withhold", "minimal") in outcomes or (audience, "withhold", "full") in outcomes


def test_a_minimal_text_depends_on_nothing_of_the_victim(proof: dict[str, Report]) -> None:
    """One text for each phase, whether 113 belongs in it, and what others were openly told; whatever else the facts are."""
    for found in of(proof, "minimal"):
        texts: dict[Any, set[str]] = {}
        for about, text in found.results:
            texts.setdefault(about, set()).add(text)
        assert {about: len(each) for about, each in texts.items() if len(each) != 1} == {}, found.part
