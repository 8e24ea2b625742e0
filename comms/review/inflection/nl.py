"""Dutch: the forms of verbs, nouns and adjectives.

Regular words follow the rules of spelling (a long vowel is doubled in a closed syllable, a consonant after a
short one in an open syllable, v and z become f and s at the end) and of inflection ('t kofschip). Irregular
words stand here with their principal parts. Where spelling doesn't show the stress (reageren, luisteren) the
forms of both are made: a form that nobody writes does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from comms.review.folding import listed
from comms.review.inflection import Forms

KINDS = ("verb", "noun", "adj")

# Strong and irregular verbs: past tense and participle; after a semicolon the singular of the present where
# that is irregular. Compounds (versturen, doorsturen, bekijken) follow from their base.
_IRREGULAR = """
bakken bakte gebakken | bannen bande gebannen | barsten barstte gebarsten | bederven bedierf bedorven
bedriegen bedroog bedrogen | beginnen begon begonnen | bergen borg geborgen | bevelen beval bevolen
bewegen bewoog bewogen | bezwijken bezweek bezweken | bidden bad gebeden | bieden bood geboden | bijten beet gebeten
binden bond gebonden | blazen blies geblazen | blijken bleek gebleken | blijven bleef gebleven
breken brak gebroken | brengen bracht gebracht | buigen boog gebogen | denken dacht gedacht
dingen dong gedongen | doen deed gedaan ; doe doet | dragen droeg gedragen | drijven dreef gedreven
dringen drong gedrongen | drinken dronk gedronken | druipen droop gedropen | duiken dook gedoken
durven durfde gedurfd | dwingen dwong gedwongen | eten at gegeten | fluiten floot gefloten | gaan ging gegaan ; ga gaat
gelden gold gegolden | genezen genas genezen | genieten genoot genoten | geven gaf gegeven | gieten goot gegoten
glijden gleed gegleden | graven groef gegraven | grijpen greep gegrepen | hangen hing gehangen
hebben had gehad ; heb hebt heeft | heffen hief geheven | helpen hielp geholpen | heten heette geheten
houden hield gehouden ; hou houd houdt hou | kiezen koos gekozen | kijken keek gekeken | klimmen klom geklommen
klinken klonk geklonken | komen kwam gekomen ; kom komt | kopen kocht gekocht | krijgen kreeg gekregen
krimpen kromp gekrompen | kruipen kroop gekropen | kunnen kon gekund ; kan kunt | lachen lachte gelachen
laden laadde geladen | laten liet gelaten | lezen las gelezen | liegen loog gelogen | liggen lag gelegen
lijden leed geleden | lijken leek geleken | lopen liep gelopen | melken molk gemolken | meten mat gemeten
mijden meed gemeden | moeten moest gemoeten ; moet | mogen mocht gemogen ; mag | nemen nam genomen ; neem neemt
prijzen prees geprezen | raden raadde geraden | rijden reed gereden ; rij rijd rijdt | roepen riep geroepen
ruiken rook geroken | scheiden scheidde gescheiden | schelden schold gescholden | schenden schond geschonden
schenken schonk geschonken | scheppen schiep geschapen | scheren schoor geschoren | schieten schoot geschoten
schijnen scheen geschenen | schrijden schreed geschreden | schrijven schreef geschreven | schrikken schrok geschrokken
schuiven schoof geschoven | slaan sloeg geslagen ; sla slaat | slapen sliep geslapen | slijpen sleep geslepen
slijten sleet gesleten | sluiten sloot gesloten | smijten smeet gesmeten | snijden sneed gesneden
snuiven snoof gesnoven | spijten speet gespeten | splijten spleet gespleten | spreken sprak gesproken
springen sprong gesprongen | spugen spoog gespogen | staan stond gestaan ; sta staat | steken stak gestoken
stelen stal gestolen | sterven stierf gestorven | stijgen steeg gestegen | stinken stonk gestonken
strijden streed gestreden | strijken streek gestreken | treden trad getreden | treffen trof getroffen
trekken trok getrokken | vallen viel gevallen | vangen ving gevangen | varen voer gevaren | vechten vocht gevochten
verdwijnen verdween verdwenen | vergeten vergat vergeten | verliezen verloor verloren | vermijden vermeed vermeden
verslinden verslond verslonden | verzinnen verzon verzonnen | vinden vond gevonden | vliegen vloog gevlogen
vouwen vouwde gevouwen | vragen vroeg gevraagd | vriezen vroor gevroren | waaien waaide gewaaid
wassen waste gewassen | wegen woog gewogen | werpen wierp geworpen | werven wierf geworven | weten wist geweten
wijken week geweken | wijten weet geweten | wijzen wees gewezen | willen wou gewild ; wil wilt | winden wond gewonden
winnen won gewonnen | worden werd geworden | wreken wreekte gewroken | wringen wrong gewrongen
zeggen zei gezegd | zenden zond gezonden | zien zag gezien ; zie ziet | zijn was geweest ; ben bent is
zingen zong gezongen | zinken zonk gezonken | zitten zat gezeten | zoeken zocht gezocht | zuigen zoog gezogen
zullen zou gezuld ; zal zult | zwemmen zwom gezwommen | zweren zwoer gezworen | zwerven zwierf gezworven
zwijgen zweeg gezwegen | gedragen gedroeg gedragen | verlaten verliet verlaten | ontstaan ontstond ontstaan
overlijden overleed overleden | vertrouwen vertrouwde vertrouwd | bevallen beviel bevallen | begrijpen begreep begrepen
liken likete geliket ; like liket | sharen sharede geshared ; share sharet | daten datete gedatet ; date datet
exposen exposede geexposed ; expose exposet exposed | shamen shamede geshamed ; shame shamet
saven savede gesaved ; save savet | deleten deletete gedeletet ; delete deletet | blamen blamede geblamed ; blame blamet
swipen swipete geswipet ; swipe swipet | framen framede geframed ; frame framet | leaken leakte geleakt ; leak leakt
uploaden uploadde geupload ; upload uploadt | downloaden downloadde gedownload ; download downloadt
streamen streamde gestreamd ; stream streamt | tweeten tweette getweet ; tweet | mailen mailde gemaild ; mail mailt
appen appte geappt ; app appt ap apt | groomen groomde gegroomd ; groom groomt | trainen trainde getraind ; train traint | faken fakete gefaket ; fake faket
"""

# More past tenses and participles of the same verb that people use.
_ALSO = {
    "willen": "wilde wilden", "zijn": "zijn waren waart wees weest", "hebben": "hadden", "zeggen": "zeiden zegde zegden",
    "kunnen": "konden kun kan", "zullen": "zouden zul", "mogen": "mochten", "moeten": "moesten", "willen ": "wouden",
    "gaan": "gingen", "liken": "likte likten gelikt gelikete gelikte", "komen": "kwamen", "treden": "traden",
    "vragen": "vraagde", "raden": "ried", "exposen": "geexposet geexposede geexposete", "sharen": "geshared gesharede",
    "vergeten": "vergaten", "worden": "werden", "houden": "hou", "bidden": "baden", "eten": "aten", "bezitten": "bezaten",
    "faken": "fakte fakten gefakt gefakte", "leaken": "geleaked leakede", "daten": "gedate datete",
    "wijten": "weten", "wreken": "wreekte", "spugen": "spuugde gespuugd", "deleten": "gedelete", "melden": "meldde",
    "uploaden": "geuploade geuploaden", "downloaden": "gedownloade",
}  # fmt: skip

# Particles that split off from a verb, longest first. After om, over and the like only the verbs in _SPLITS do:
# haalt over, but overtuigt.
_PARTICLES = sorted(
    listed(
        "achterna aan af bij binnen bloot boven buiten dicht door fijn gade gelijk goed heen in kapot klaar klem kwijt langs lastig "
        "los mee na neer op open plaats rond samen stil stuk tegemoet tegen teleur tentoon terecht terug toe uit vast veilig vrij weg "
        "achter mis om onder over vol voor waar weer zwart"
    ),
    key=len,
    reverse=True,
)
_RARELY_SPLITS = listed("achter mis om onder over vol voor waar weer")
_SPLITS = listed(
    "omgaan omdraaien omkeren ombrengen omkopen omkomen omzetten omroepen omgooien omkijken omvallen onderbrengen "
    "onderduiken overhalen overgaan overdragen overnemen overdrijven overlaten overstappen overlopen overkoken "
    "overhebben overslaan overkomen overzetten overschrijven overbrengen overmaken overdoen voorstellen voorkomen "
    "voordoen voorleggen voorlezen voorbereiden voorhouden voorlichten voorliegen voortrekken voorschrijven "
    "voorzien voorschotelen voorgaan voorhebben voorzetten weergeven weerkomen achterblijven achterhouden "
    "achterlaten achterlopen misgaan mislopen misgrijpen volhouden volgooien volproppen volzetten"
)
_NEVER = listed(
    "aanvaarden aanbidden doorbreken doorgronden doorkruisen doorstaan doorzoeken doorleven innen inviteren "
    "informeren inspireren interesseren installeren investeren interviewen intimideren introduceren insinueren "
    "initieren integreren instrueren inhaleren internetten naderen nagelen lossen uiten openen openbaren opereren "
    "opperen optimaliseren afficheren afficheren stillen vasten vrijen vrijwaren klaren wegen weggen missen "
    "goeden toeren samplen losten"
)
"""Verbs that only look as if they begin with a particle."""
_UNSTRESSED = ("be", "ge", "ver", "ont", "her")
"""A participle with one of these has no ge- before it: beleefd."""
_EITHER = ("er", "mis", "over", "onder", "voor", "om", "weer", "achter", "door", "vol", "aan")
"""With one of these it depends on the stress: overtuigd, misbruikt; geantwoord. Both are made."""

_ADJECTIVES = listed(
    "arm bang bekend bewust bezopen bijzonder blij bloot bont boos braaf breed bruut dapper deugdzaam dik dom "
    "donker dood dronken druk dubbel duidelijk dun duur echt eenvoudig eerlijk eigen eng erg fel fijn flink fout "
    "fraai frank fris gek gemeen gezond glad goed goedkoop grof groot haar half hard heel heftig heilig helder "
    "hels heimelijk hip hoog hot jong juist kaal kalm kapot klaar klein koud krom kuis kwaad kwetsbaar laag laf "
    "lang lastig leeg leuk lief los makkelijk mals medeplichtig mooi naakt naief nat net nieuw nieuwsgierig "
    "normaal nuchter onbezonnen onbezorgd onnozel onschuldig onvoorzichtig open oud ouderwets plat pijnlijk "
    "preuts prudent raar rauw recht rijk ruim ruw scherp schaars schuin slap slecht slim slinks sloom snel sober "
    "somber soft stiekem stil stoer stom streng strak strafbaar stug suf sullig teer trots trouw vals vast veel "
    "vers vies vlot vol volwassen voorzichtig vreemd vrij vroeg vroom vuil waar warm wijs wild wild wreed ziek "
    "zielig zwaar zwak zwart zuiver zuur"
)
_ADJECTIVE_ENDING = re.compile(
    r".{2,}(?:ig|lijk|isch|baar|loos|zaam|ief|eel|aal|air|eus|achtig|rijk|vol|arm|eerd|iek|ant|ent)"
)
_NOUNS_IN_EN = listed(
    "jongen keuken examen gegeven teken wapen verleden deken laken molen regen wagen haven toren kussen vermogen "
    "voornemen wezen veulen varken kuiken baken mensen meiden ouders"
)
_ADJECTIVES_IN_EN = listed(
    "eigen open volwassen onvolwassen dronken verlegen bescheiden onbezonnen verzonnen tevreden belezen"
)

# Nouns whose plural doesn't follow: as they are, then the plurals.
_PLURALS = {
    "kind": "kinderen", "ei": "eieren", "lid": "leden", "stad": "steden", "bad": "baden", "dag": "dagen", "weg": "wegen",
    "gat": "gaten", "glas": "glazen", "pad": "paden", "spel": "spellen spelen", "god": "goden", "slot": "sloten",
    "gebed": "gebeden", "gebrek": "gebreken", "bevel": "bevelen", "verbod": "verboden", "vat": "vaten", "graf": "graven",
    "verlof": "verloven", "schot": "schoten", "hof": "hoven", "lot": "loten", "gesprek": "gesprekken", "smid": "smeden",
    "schip": "schepen", "lied": "liederen", "blad": "bladen bladeren", "rund": "runderen", "goed": "goederen",
    "gemoed": "gemoederen", "volk": "volken volkeren", "kleed": "kleren kleden", "been": "benen beenderen", "dak": "daken",
    "leed": "leed", "koe": "koeien", "zoon": "zonen zoons", "vrouw": "vrouwen", "kans": "kansen", "mens": "mensen",
    "les": "lessen", "collega": "collega's collegas", "politicus": "politici", "rechter": "rechters", "datum": "data",
    "media": "media", "medium": "media", "museum": "musea", "crisis": "crises crisissen", "excuus": "excuses",
}  # fmt: skip

_VOWELS = "aeiouy"
_LONG = ("aa", "ee", "oo", "uu")
_DOUBLE_VOWEL = re.compile(r"(?:aa|ee|oo|uu|ie|oe|eu|ou|au|ui|ei|ij|aai|ooi|oei|eeu|ieu)$")
_HARD = ("t", "k", "f", "s", "ch", "p", "x", "sh", "c")


def forms(lemma: str, kind: str = "") -> Forms:
    """The forms of a lemma; ``kind`` says what it is when the word itself does not. ``door|sturen`` splits there."""
    particle, bar, base = lemma.partition("|")
    if bar:
        return _separable(particle, base)
    if kind == "verb" or (not kind and _is_verb(lemma)):
        particle = _particle_of(lemma)
        return _separable(particle, lemma[len(particle) :]) if particle else Forms(frozenset(verb(lemma)))
    if kind == "noun":
        return Forms(frozenset(noun(lemma)))
    if kind == "adj" or lemma in _ADJECTIVES or lemma in _ADJECTIVES_IN_EN or _ADJECTIVE_ENDING.fullmatch(lemma):
        # An adjective is a noun too: de naïeveling is not, de naakte, iets naakts are.
        return Forms(frozenset(adjective(lemma)))
    return Forms(frozenset(noun(lemma)) | ({lemma} if lemma in _NOUNS_IN_EN else frozenset(adjective(lemma))))


def _is_verb(lemma: str) -> bool:
    if lemma in _NOUNS_IN_EN or lemma in _ADJECTIVES_IN_EN:
        return False
    return len(lemma) > 3 and (lemma.endswith("en") or _irregular_part(lemma) is not None)


def _irregular_part(lemma: str) -> tuple[str, str] | None:
    """The prefix or particle of a verb and its irregular base: verzenden, ver and zenden."""
    if lemma in PRINCIPAL_PARTS:
        return "", lemma
    for prefix in (*_UNSTRESSED, *_EITHER, *_PARTICLES):
        if lemma.startswith(prefix) and lemma[len(prefix) :] in PRINCIPAL_PARTS:
            return prefix, lemma[len(prefix) :]
    return None


def _read_parts() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    parts = {}
    for entry in re.split(r"[|\n]", _IRREGULAR):
        words, _semicolon, present = entry.partition(";")
        if words.strip():
            lemma, past, participle = words.split()
            parts[lemma] = (past, participle, tuple(present.split()))
    return parts


PRINCIPAL_PARTS = _read_parts()
"""Of the irregular verbs: the past tense, the participle, the singular of the present where that is irregular."""


def _particle_of(lemma: str) -> str:
    """The particle that splits off from a verb, empty when none does."""
    if lemma in _NEVER or lemma in PRINCIPAL_PARTS:
        return ""
    for particle in _PARTICLES:
        base = lemma.removeprefix(particle)
        if base == lemma or not (base in PRINCIPAL_PARTS or _could_be_verb(base)):
            continue
        if particle not in _RARELY_SPLITS or lemma in _SPLITS:
            return particle
    return ""


def _could_be_verb(base: str) -> bool:
    """Whether a word can be a verb by itself: no double letter to begin with, and a vowel before -en."""
    return len(base) > 3 and bool(re.fullmatch(r"(?!(.)\1[^aeiouy]?)[^aeiouy]{0,4}[aeiouy]+.*en", base))


def _separable(particle: str, base: str) -> Forms:
    apart = set(verb(base)) if not base.startswith("|") else set()
    joined = {particle + each for each in apart}
    joined |= {f"{particle}te{base}"}
    return Forms(frozenset(joined), frozenset(apart), particle)


def verb(infinitive: str) -> set[str]:
    """Every form of a verb that doesn't split: infinitive, present, past, participles and their adjectives."""
    irregular = _irregular_part(infinitive)
    made = {infinitive, f"{infinitive}d", f"{infinitive}de", f"{infinitive}den"} - {"zijnden"}
    if irregular is not None:
        prefix, base = irregular
        past, participle, present = PRINCIPAL_PARTS[base]
        if prefix and not base.startswith("ge"):
            participle = participle.removeprefix("ge")
        singular = present or _present(base)
        made |= {prefix + each for each in (*singular, past, *_past_plural(past, base), *_ALSO.get(base, "").split())}
        made |= {prefix + each for each in _as_adjective(participle)}
        return made
    made.update(_present(infinitive))
    ending = "t" if _root(infinitive).endswith(_HARD) else "d"
    for stem in _stems(infinitive):
        made |= {f"{stem}{ending}e", f"{stem}{ending}en"}
        participle = stem if stem.endswith(("t", "d")) else stem + ending
        if not _begins_with(_UNSTRESSED, infinitive):
            made |= _as_adjective(f"ge{participle}")
        if _begins_with((*_UNSTRESSED, *_EITHER), infinitive):
            made |= _as_adjective(participle)
    return made


def _begins_with(prefixes: Iterable[str], infinitive: str) -> bool:
    """Whether a verb is another verb with one of these before it: be-leven, but not bellen."""
    return any(_could_be_verb(infinitive[len(each) :]) for each in prefixes if infinitive.startswith(each))


def _as_adjective(participle: str) -> set[str]:
    """A participle with what it is before a noun and as a noun: gedeeld, gedeelde, gedeelden."""
    if participle.endswith("en"):
        return {participle, f"{participle}e"}
    inflected = _with_ending(participle)
    return {participle, inflected, f"{inflected}n"}


def _present(infinitive: str) -> tuple[str, ...]:
    made: list[str] = []
    for stem in _stems(infinitive):
        made += [stem, stem if stem.endswith("t") else f"{stem}t"]
    return tuple(made)


def _root(infinitive: str) -> str:
    return infinitive[:-2] if infinitive.endswith("en") else infinitive[:-1]


def _stems(infinitive: str) -> set[str]:
    """The first person of the present; two where the stress is not known."""
    root = _root(infinitive)
    if len(root) >= 2 and root[-1] == root[-2] and root[-1] not in _VOWELS:  # zetten, zet
        return {_hardened(root[:-1])}
    short_end = re.fullmatch(r"(?P<before>.*?)(?P<vowel>[aeou])(?P<consonant>[^aeiouy])", root)
    if not short_end or short_end["before"][-1:] in tuple(_VOWELS):
        return {_hardened(root)}  # antwoorden, sluiten, roepen, beschuldigen
    doubled = short_end["before"] + short_end["vowel"] * 2 + short_end["consonant"]
    unstressed = short_end["vowel"] == "e" and short_end["consonant"] in "lrnm" and _syllables(_unprefixed(root)) > 1
    return {_hardened(doubled), _hardened(root)} if unstressed else {_hardened(doubled)}


def _unprefixed(root: str) -> str:
    for prefix in _UNSTRESSED:
        rest = root.removeprefix(prefix)
        if rest != root and re.search(f"[{_VOWELS}]", rest):
            return rest
    return root


def _syllables(word: str) -> int:
    return len(re.findall(f"[{_VOWELS}]+", word))


def _hardened(stem: str) -> str:
    """v and z become f and s at the end of a word."""
    return stem[:-1] + {"v": "f", "z": "s"}[stem[-1]] if stem[-1] in "vz" else stem


def _past_plural(past: str, infinitive: str) -> list[str]:
    if past.endswith("e"):
        return [f"{past}n"]
    root = _root(infinitive)
    last = past[-1]
    soft = {"f": "v", "s": "z"}.get(last, last) if root[-1] in "vz" else last
    if last in _VOWELS:
        return [f"{past}den"]  # zei, wou
    if past[-3:-1] in _LONG:  # keek, keken
        return [past[:-2] + soft + "en"]
    if _DOUBLE_VOWEL.search(past[:-1]) or past[-2] not in _VOWELS:  # liet, hielp
        return [past[:-1] + soft + "en"]
    if past[-2] == "a":  # sprak, spraken
        return [past[:-1] + soft + "en"]
    return [past + last + "en"]  # trok, trokken


def _with_ending(word: str, ending: str = "e") -> str:
    """A word with an ending that begins with a vowel: dom, domme; boos, boze; groot, grote."""
    last = word[-1]
    if last in _VOWELS:
        return word + (ending[1:] if last == "e" else ending)
    if word[-3:-1] in _LONG:
        soft = {"f": "v", "s": "z"}.get(last, last)
        return word[:-2] + soft + ending
    if _DOUBLE_VOWEL.search(word[:-1]):
        soft = {"f": "v", "s": "z"}.get(last, last)
        return word[:-1] + soft + ending
    if len(word) > 1 and word[-2] in _VOWELS and last not in "wxj" and not re.search(r"(?:lijk|ig|el|er|en|em)$", word):
        return word + last + ending
    if len(word) > 1 and word[-2] in _VOWELS and re.fullmatch(r"[^aeiouy]*[aeiouy][lrnm]", word):  # fel, felle
        return word + last + ending
    if last == "f" and word[-2] in "lr":
        return word[:-1] + "v" + ending
    return word + ending


def adjective(word: str) -> set[str]:
    """An adjective as it is, with -e, in its degrees, and after iets."""
    inflected = _with_ending(word)
    more = f"{word}der" if word.endswith("r") else f"{inflected}r"
    most = f"{word}t" if word.endswith("s") else f"{word}st"
    made = {word, inflected, more, f"{more}e", most, f"{most}e", f"{inflected}n"}
    return made if word.endswith(("s", "sch")) else made | {f"{word}s"}


def noun(word: str) -> set[str]:
    """A noun as it is, its plurals and its diminutives."""
    diminutives = _diminutives(word)
    made = {word, *_plurals(word), *diminutives, *(f"{each}s" for each in diminutives)}
    if word.endswith("man"):
        made.add(word[:-3] + "lui")
    return made


def _plurals(word: str) -> set[str]:
    for known, plurals in _PLURALS.items():
        if word == known or (len(word) > len(known) + 2 and word.endswith(known) and len(known) > 3):
            return {word[: -len(known)] + each for each in plurals.split()}
    if word.endswith("heid"):
        return {word[:-4] + "heden"}
    if word.endswith(("ie", "ee")):
        return {f"{word}s", f"{word}en", f"{word}n"}
    if word.endswith("e"):
        return {f"{word}s", f"{word}n"}
    if word[-1] in _VOWELS and not word.endswith(("ij", "ui", "ei", "ou", "au", "eu", "oe")):
        return {f"{word}'s"}
    made = {_with_ending(word, "en"), f"{word}s"}
    if word[-1] in "sf" and word[-2:-1] not in tuple(_VOWELS):  # grens, grenzen; kans, kansen
        made |= {word[:-1] + {"s": "z", "f": "v"}[word[-1]] + "en", f"{word}en"}
    if word[-1] not in _VOWELS and word[-2:-1] and word[-2] in "ei" and _syllables(word) > 1:  # monnik, monniken
        made.add(f"{word}en")
    return made


def _diminutives(word: str) -> set[str]:
    if word.endswith("je"):
        return set()
    last, before = word[-1], word[:-1]
    if last in "aou" and word[-2:] not in ("ou", "au", "eu"):
        return {f"{word}{last}tje"}
    if last == "y":
        return {f"{word}'tje", f"{word}tje"}
    if last in "eiw" or _DOUBLE_VOWEL.search(word):
        return {f"{word}tje"}
    long_before = bool(_DOUBLE_VOWEL.search(before))
    if word.endswith("ing"):
        return {f"{word[:-1]}kje", f"{word}etje"}
    if word.endswith("ng"):
        return {f"{word}etje"}
    if last == "m":
        return {f"{word}pje", f"{word}metje"} if not long_before else {f"{word}pje"}
    if last in "lnr":
        short = before[-1:] in tuple(_VOWELS) and not long_before
        return {f"{word}tje", *([f"{word}{last}etje"] if short else [])}
    return {f"{word}je"}


REACH = 12
"""How many words a particle stands from its verb at most."""

AUXILIARIES = listed(
    "te heb hebt heeft hebben had hadden is ben bent zijn was waren word wordt worden werd werden kan kun kunt "
    "kunnen kon konden wil wilt willen wilde wilden wou zal zul zult zullen zou zouden mag mogen mocht mochten "
    "moet moeten moest moesten gaat ga gaan ging gingen laat laten liet lieten durft durfde durven niet"
)
"""What can stand between a particle and its verb at the end of a clause: door heeft gestuurd, door te sturen."""

AFTER_PARTICLE = listed(
    "en of maar want dus omdat doordat zodat terwijl toen als wanneer nadat voordat hoewel tenzij dat die wat wie "
    "waar naar aan via met bij tijdens zonder binnen tot sinds na voor van in te om door onder per gaat zou kan "
    "mag moet wil hebt heeft hebben had bent is was waren worden wordt dan nu meer niet nooit ook alsnog zelf "
    "vandaag gisteren meteen direct ooit weer gewoon zomaar hoor he toch"
)
"""What can follow a particle that ends its clause; before a noun it is a preposition: door de school."""

TURNS = listed("maar doch echter niettemin desondanks evengoed")
"""What turns a sentence round: what was said before it excuses nothing that comes after."""
CONCESSIONS = listed("hoewel ofschoon alhoewel")
"""What begins a sentence whose main clause, after the comma, is the turn."""
