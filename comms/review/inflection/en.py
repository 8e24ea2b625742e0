"""English: the forms of verbs, nouns and adjectives, in British and American spelling.

Regular words follow the rules of spelling (a silent e goes before -ing, y becomes ie, a consonant is doubled
after a short stressed vowel). Irregular words stand here with their principal parts. Many words are noun and
verb (share, post, photo): without a kind the forms of all are made; a form that nobody writes does no harm.
"""

from __future__ import annotations

import re

from comms.review.folding import listed
from comms.review.inflection import Forms

KINDS = ("verb", "noun", "adj")

_IRREGULAR = """
be was been am is are were | bear bore borne | beat beat beaten | become became become | begin began begun
bend bent bent | bet bet bet | bind bound bound | bite bit bitten | bleed bled bled | blow blew blown | break broke broken
breed bred bred | bring brought brought | build built built | burn burnt burnt burned | burst burst burst | buy bought bought
cast cast cast | catch caught caught | choose chose chosen | cling clung clung | come came come | cost cost cost | creep crept crept
cut cut cut | deal dealt dealt | dig dug dug | do did done does | draw drew drawn | dream dreamt dreamt dreamed
drink drank drunk | drive drove driven | eat ate eaten | fall fell fallen | feed fed fed | feel felt felt | fight fought fought
find found found | flee fled fled | fling flung flung | fly flew flown | forbid forbade forbidden | foresee foresaw foreseen
forget forgot forgotten | forgive forgave forgiven | freeze froze frozen | get got got gotten | give gave given | go went gone
grind ground ground | grow grew grown | hang hung hung hanged | have had had has | hear heard heard | hide hid hidden
hit hit hit | hold held held | hurt hurt hurt | keep kept kept | know knew known | lay laid laid | lead led led
lean leant leant leaned | leap leapt leapt leaped | learn learnt learnt learned | leave left left | lend lent lent | let let let
lie lay lain lied lying | light lit lit | lose lost lost | make made made | mean meant meant | meet met met
mistake mistook mistaken | pay paid paid | prove proved proven | put put put | quit quit quit | read read read | ride rode ridden
ring rang rung | rise rose risen | run ran run | say said said | see saw seen | seek sought sought | sell sold sold
send sent sent | set set set | shake shook shaken | shed shed shed | shine shone shone | shoot shot shot | show showed shown
shrink shrank shrunk | shut shut shut | sing sang sung | sink sank sunk | sit sat sat | sleep slept slept | slide slid slid
speak spoke spoken | speed sped sped | spell spelt spelt spelled | spend spent spent | spill spilt spilt spilled | spin spun spun
spit spat spat | split split split | spoil spoilt spoilt spoiled | spread spread spread | spring sprang sprung | stand stood stood
steal stole stolen | stick stuck stuck | sting stung stung | stink stank stunk | strike struck struck | strip stripped stripped
swear swore sworn | sweep swept swept | swim swam swum | swing swung swung | take took taken | teach taught taught | tear tore torn
tell told told | think thought thought | throw threw thrown | undergo underwent undergone | understand understood understood
undo undid undone | wake woke woken | wear wore worn | weep wept wept | win won won | wind wound wound | withdraw withdrew withdrawn
write wrote written | overhear overheard overheard | overthink overthought overthought | mislead misled misled
resend resent resent | retell retold retold | rewrite rewrote rewritten | repost reposted reposted | upset upset upset
can could can | will would will | may might may | shall should shall | must must must | ought ought ought
"""

_DOUBLING = listed(
    "admit commit permit submit omit regret forget begin refer prefer occur deter transfer control patrol compel "
    "expel rebel equip format kidnap program worship handicap blog snog unzip unwrap unplug"
)
"""Of more than one syllable and stressed on the last: committed, but visited."""

_PLURALS = {
    "child": "children", "man": "men", "woman": "women", "person": "people persons", "foot": "feet", "tooth": "teeth",
    "mouse": "mice", "life": "lives", "wife": "wives", "knife": "knives", "half": "halves", "self": "selves", "leaf": "leaves",
    "thief": "thieves", "shelf": "shelves", "crisis": "crises", "medium": "media", "analysis": "analyses",
}  # fmt: skip
_DEGREES = {
    "good": "better best", "bad": "worse worst", "far": "further furthest farther", "little": "less least", "many": "more most",
}  # fmt: skip
_ADJECTIVES = listed(
    "bad big bold brave brief bright calm cheap clean clear close cold cool crude cruel cruel dark deep dirty dull dumb early "
    "easy fair false far fast fat fine firm frank free fresh full good grave great hard harsh high hot kind large late loose loud "
    "low mad mean mild naive near new nice odd old plain poor proud pure quick quiet rash raw rich rude sad safe sane sharp short "
    "shy sick simple slow small smart soft sore stern stiff strange strict strong stupid subtle sure sweet tall tight tough "
    "true ugly vague warm weak weird wide wild wise wrong young"
)
"""Those that have degrees of one word: dumber, dumbest."""


def _read_parts() -> dict[str, tuple[str, ...]]:
    entries = (entry.split() for entry in re.split(r"[|\n]", _IRREGULAR))
    return {words[0]: tuple(words[1:]) for words in entries if words}


PRINCIPAL_PARTS = _read_parts()
"""Of the irregular verbs: past tense, participle, and other forms that don't follow."""

_PREFIXES = ("re", "over", "under", "out", "un", "mis", "fore", "with")


def forms(lemma: str, kind: str = "") -> Forms:
    """The forms of a lemma; ``kind`` says what it is when it is only that. ``pass|on``: passed … on."""
    base, bar, particle = lemma.partition("|")
    if bar:
        return Forms(frozenset(), frozenset(verb(base)), particle)
    if kind == "verb" or (not kind and lemma in PRINCIPAL_PARTS):
        return Forms(frozenset(verb(lemma)))
    if kind == "noun" or (not kind and lemma in _PLURALS):
        return Forms(frozenset(noun(lemma)))
    if kind == "adj":
        return Forms(frozenset(adjective(lemma)))
    degrees = (
        adjective(lemma) if lemma in _ADJECTIVES or lemma.endswith(("ly", "ty", "py", "zy", "dy", "sy")) else set()
    )
    return Forms(frozenset(verb(lemma) | noun(lemma) | degrees))


def verb(lemma: str) -> set[str]:
    """Every form of a verb."""
    parts = PRINCIPAL_PARTS.get(lemma)
    if parts is None:
        for prefix in _PREFIXES:
            base = lemma.removeprefix(prefix)
            if base != lemma and base in PRINCIPAL_PARTS and len(base) > 3:
                parts = tuple(prefix + each for each in PRINCIPAL_PARTS[base])
    made = {lemma, _with_s(lemma), *(f"{each}ing" for each in _before_vowel(lemma))}
    return made | set(parts) if parts else made | {f"{each}ed" for each in _before_vowel(lemma, past=True)}


def noun(lemma: str) -> set[str]:
    """Singular and plural."""
    for known, plurals in _PLURALS.items():
        if lemma == known or (
            len(lemma) > len(known) + 1 and lemma.endswith(known) and len(known) > 3 and known != "person"
        ):
            return {lemma, *(lemma[: -len(known)] + each for each in plurals.split())}
    if lemma.endswith("man") and len(lemma) > 4:
        return {lemma, f"{lemma[:-2]}en"}
    return {lemma, _with_s(lemma)}


def adjective(lemma: str) -> set[str]:
    """An adjective in its degrees."""
    if lemma in _DEGREES:
        return {lemma, *_DEGREES[lemma].split()}
    stems = _before_vowel(lemma, past=True)
    return {lemma, *(f"{each}er" for each in stems), *(f"{each}est" for each in stems)}


def _with_s(lemma: str) -> str:
    if re.search(r"[^aeiou]y$", lemma):
        return f"{lemma[:-1]}ies"
    return (
        f"{lemma}es"
        if re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)$", lemma) and lemma not in ("photo", "video", "pro")
        else f"{lemma}s"
    )


def _before_vowel(lemma: str, past: bool = False) -> set[str]:
    """The stem before -ing, or before -ed and -er: share, shar; strip, stripp; deny, deni."""
    if past and re.search(r"[^aeiou]y$", lemma):
        return {f"{lemma[:-1]}i"}
    if lemma.endswith("ie") and not past:
        return {f"{lemma[:-2]}y"}
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and re.search("[aeiouy].", lemma):
        return {lemma[:-1]}
    if lemma.endswith(("ee", "oe", "ye")):
        return {lemma[:-1]} if past else {lemma}
    if re.search(r"(?:^|[^aeiou]|qu)[aeiou][^aeiouwxy]$", lemma):
        doubled = lemma + lemma[-1]
        if _syllables(lemma) == 1 or lemma in _DOUBLING:
            return {doubled}
        if lemma.endswith("l"):  # labelled, labeled
            return {doubled, lemma}
        if any(lemma.endswith(each) and _syllables(each) == 1 for each in ("shot", "chat", "snap", "flip")):
            return {doubled, lemma}  # screenshotted
    return {lemma}


def _syllables(word: str) -> int:
    return len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word))) or 1


REACH = 5
"""How many words a particle stands from its verb at most."""

AUXILIARIES: frozenset[str] = frozenset()
AFTER_PARTICLE: frozenset[str] = frozenset()
"""Empty: in English a particle may be followed by anything."""

TURNS = listed("but however nevertheless nonetheless yet")
CONCESSIONS = listed("although though while")
"""As in Dutch."""
