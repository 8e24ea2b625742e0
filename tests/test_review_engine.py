"""The engine of the review, through ``comms.check``: with rules of its own, so that ours can change freely."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import incident

import comms
from comms.document import Block, Run
from comms.errors import InputError, Place, UnknownNameError
from comms.languages import ui_language
from comms.review import rules
from comms.review.building import build
from comms.review.checking import check_written
from comms.review.inflection import en, nl
from comms.review.rulefile import read
from comms.review.ruleset import LANGUAGES, RuleSet
from comms.review.written import Part, Written, from_blocks, from_plain
from comms.school import Adjustment, Review, School

WHY = '{ nl = "Nederlandse uitleg.", en = "English reason." }'
HEAD = {
    "nl": """
never_slips = ["verspeelde"]
not_names = ["Snapchat"]
[words]
t_image = ["<foto>", "-foto", "naakt-", "<filmpje>", "<beeld>", "korte <video>", "{t_more}"]
t_more = ["privé <opname>"]
t_she = ["ze", "zij", "het (meisje | slachtoffer)"]
rejects = ["nooit", "fout", "geen"]
[audiences]
students = ["beste (student | studenten)"]
parents = ["beste ouders"]
""",
    "en": """
given_names = ["keira"]
[words]
t_image = ["<photo>", "-pic", "{t_more}"]
t_more = ["private <picture>"]
rejects = ["never", "wrong"]
[audiences]
students = ["dear students"]
""",
}


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + value + "'" if isinstance(value, str) else str(value)


class Checker:
    """Checks texts with a few rules of a test's own; only what these find counts."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.language = language
        self.head = HEAD[language]

    def __call__(
        self, text: str | Written, rule: dict[str, Any] | str | list[str], **given: Any
    ) -> list[comms.Finding]:
        """``rule``: patterns that it looks for, or fields of a rule."""
        fields = rule if isinstance(rule, dict) else {"looks_for": [rule] if isinstance(rule, str) else rule}
        fields = {"id": "test.rule", "category": "tone", "severity": "warning", "provisions": []} | fields
        lines = [f"{key} = {toml(value)}" for key, value in fields.items()]
        content = self.head + "[[rule]]\n" + "\n".join([*lines, f"why = {WHY}"])
        (self.folder / f"{self.language}.toml").write_text(content, "utf-8")
        own = School("Zuiderpoort", review=Review(given.pop("adjusted", {}), self.folder))
        written = from_plain(text) if isinstance(text, str) else text
        found = check_written(written, given.pop("language", self.language), school=own, **given)
        return [each for each in found if each.rule.startswith(("test.", "directive."))]

    def spans(self, text: str, rule: dict[str, Any] | str | list[str], **given: Any) -> list[str]:
        """What was found, as it stands in the text."""
        return [text[each.start : each.end] for each in self(text, rule, **given)]


@pytest.fixture
def dutch(tmp_path: Path) -> Checker:
    return Checker(tmp_path, "nl")


@pytest.fixture
def english(tmp_path: Path) -> Checker:
    return Checker(tmp_path, "en")


# --- Inflection -------------------------------------------------------------------------------------------------------

DUTCH_FORMS = {
    "sturen": "sturen stuur stuurt stuurde stuurden gestuurd gestuurde",
    "delen": "deel deelt deelde gedeeld gedeelde",
    "verspreiden": "verspreid verspreidt verspreidde verspreidden verspreide",
    "lekken": "lek lekt lekte gelekt gelekte",
    "beschuldigen": "beschuldig beschuldigt beschuldigde beschuldigd",
    "reageren": "reageer reageert reageerde gereageerd",
    "luisteren": "luister luistert luisterde geluisterd",
    "geven": "geef geeft gaf gaven gegeven",
    "lezen": "lees leest las lazen gelezen",
    "bekijken": "bekijk bekeek bekeken",
    "verzenden": "verzend verzond verzonden",
    "verhuizen": "verhuis verhuist verhuisde verhuisd",
    "zien": "zie ziet zag zagen gezien",
    "zijn": "ben bent is was waren geweest wees",
    "doorsturen": "doorsturen doorstuurde doorgestuurd doorgestuurde",
    "overhalen": "overgehaald overhaalt",
    "overtuigen": "overtuigt overtuigd",
    "nadenken": "nadacht nagedacht",
    "antwoorden": "antwoordt antwoordde geantwoord",
    "uploaden": "uploadt uploadde geupload",
    "foto": "foto foto's fotootje",
    "video": "video's",
    "beeld": "beelden beeldje",
    "filmpje": "filmpjes",
    "vriendin": "vriendinnen vriendinnetje",
    "jongen": "jongens",
    "kind": "kinderen kindje",
    "school": "scholen",
    "brief": "brieven",
    "huis": "huizen huisje",
    "waarheid": "waarheden",
    "opmerking": "opmerkingen",
    "dom": "domme dommer domste",
    "naief": "naieve naiever",
    "boos": "boze bozer",
    "groot": "grote groter grootst",
    "zwaar": "zware zwaarder",
    "onvoorzichtig": "onvoorzichtige onvoorzichtiger",
}
ENGLISH_FORMS = {
    "share": "share shares shared sharing",
    "send": "send sends sent sending",
    "forward": "forwards forwarded forwarding",
    "deny": "denies denied denying",
    "strip": "stripped stripping",
    "commit": "committed committing",
    "visit": "visited visiting",
    "label": "labelled labeled",
    "lie": "lying lied",
    "be": "am is are was were been being",
    "child": "children",
    "woman": "women",
    "dumb": "dumber dumbest",
    "picture": "pictures pictured",
    "screenshot": "screenshots screenshotted",
    "see": "saw seen seeing",
}


@pytest.mark.parametrize("lemma", DUTCH_FORMS)
def test_dutch_words_have_their_forms(lemma: str) -> None:
    assert set(DUTCH_FORMS[lemma].split()) <= nl.forms(lemma).words


@pytest.mark.parametrize("lemma", ENGLISH_FORMS)
def test_english_words_have_their_forms(lemma: str) -> None:
    assert set(ENGLISH_FORMS[lemma].split()) <= en.forms(lemma).words


@pytest.mark.parametrize(
    ("lemma", "wrong"),
    [
        ("overtuigen", "overgetuigd"),
        ("gebruiken", "gegebruikt"),
        ("verspreiden", "geverspreid"),
        ("bellen", "beld"),
        ("zetten", "gezett"),
        ("lezen", "lezt"),
    ],
)
def test_dutch_words_have_no_wrong_forms(lemma: str, wrong: str) -> None:
    assert wrong not in nl.forms(lemma).words


@pytest.mark.parametrize(
    ("lemma", "particle"),
    [
        ("doorsturen", "door"), ("overhalen", "over"), ("uitlokken", "uit"), ("weggooien", "weg"), ("tegenhouden", "tegen"),
        ("overtuigen", ""), ("ondersteunen", ""), ("openen", ""), ("aanvaarden", ""), ("inspireren", ""), ("uiten", ""),
    ],
)  # fmt: skip
def test_dutch_verbs_split_where_they_do(lemma: str, particle: str) -> None:
    assert nl.forms(lemma).particle == particle


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "naaktfoto", "NAAKTFOTO", "Naaktfoto", "naakt\u00adfoto", "naakt\u200bfoto", "n\u0430\u0430ktf\u043et\u043e",
        "naaktfotó", "naaktfo\u0301to", "naakt&shy;foto", "naaktfot&oacute;", "naakt&#102;oto", "ｎａａｋｔｆｏｔｏ", "𝐧𝐚𝐚𝐤𝐭foto",
        "naakt-foto", "naakt‑foto", "naakt\u00ad\nfoto", "naakt-\nfoto", "naakt\x00foto", "naakt**foto**", "*naakt*foto",
        "naaktfoto's", "naaktfoto’s", "naaktfotos", "naaktfotootjes",
    ],
)  # fmt: skip
def test_a_word_is_found_in_whatever_writing_at_its_own_place(dutch: Checker, text: str) -> None:
    sentence = f"😀 Wij zagen 👩‍👩‍👧 een {text}, ja &amp; nee."
    (found,) = dutch(sentence, "-foto")
    assert sentence[found.start : found.end] == text.strip("*")
    assert found.line == 1
    assert found.column == found.start + 1


@pytest.mark.parametrize("text", ["motor", "fotograaf", "lafoto", "fototoestel"])
def test_a_part_of_a_word_is_not_the_word(dutch: Checker, text: str) -> None:
    assert dutch(f"Dat is een {text}.", ["<foto>", "-foto"]) == []


def test_compounds(dutch: Checker) -> None:
    text = "Een badkamerfoto, naaktbeelden, een TikTok-foto en een ex-fotograaf."
    assert dutch.spans(text, "{t_image}") == ["badkamerfoto", "naaktbeelden", "TikTok-foto"]


@pytest.mark.parametrize(
    "pattern",
    [
        "(lamp | {t_image}) .. (window | gone)",  # the phrase of a class, which only stands there once it is joined
        "(lamp | her private picture) .. (window | gone)",
        "([lamp] picture | chair) .. gone",  # a branch that may begin otherwise
        "((lamp | picture) is | chair) .. gone",
        "picture .. (gone | window) & (her | chair) & !(lamp | chair)",
    ],
)
def test_of_alternatives_one_is_enough(english: Checker, pattern: str) -> None:
    assert len(english("Her private picture is gone.", pattern)) == 1
    assert english("Her private garden is gone.", pattern) == []


def test_a_written_word_with_a_hyphen_in_its_three_forms(english: Checker) -> None:
    text = "Victim-blaming, victimblaming and victim blaming."
    assert english.spans(text, "victim-blaming") == ["Victim-blaming", "victimblaming", "victim blaming"]


@pytest.mark.parametrize(
    ("mistyped", "found"),
    [
        ("verspreidde", True), ("verspeidde", True), ("verspreiddde", True), ("vesrpreidde", True), ("verspteidde", True),
        ("verspreidt", True), ("erspreidde", False), ("verspraidde", False), ("verspeelde", False), ("verspreidster", False),
    ],
)  # fmt: skip
def test_typing_errors(dutch: Checker, mistyped: str, found: bool) -> None:
    assert bool(dutch(f"Wie {mistyped} het?", "<verspreiden>")) is found


def test_a_short_word_is_not_found_mistyped(dutch: Checker) -> None:
    assert dutch("Wie deelte, lkte of stre het?", ["<delen>", "<sturen>", "<lekken>"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hij stuurde de foto door.", "Stuur die foto nooit door!", "De foto die hij door heeft gestuurd.",
        "Om die foto door te sturen.", "De doorgestuurde foto.", "Hij stuurde gisteren in de les alle foto's door, denk ik.",
        "Als hij de foto doorstuurt.", "Hij stuurde de foto door naar een vriend.", "Hij zou die foto door willen sturen.",
    ],
)  # fmt: skip
def test_verbs_that_split(dutch: Checker, text: str) -> None:
    assert dutch(text, ["<doorsturen> ... {t_image}", "{t_image} ... <doorsturen>"])


@pytest.mark.parametrize(
    "text",
    ["Hij stuurde de foto door de school.", "De foto is door hem gestuurd.", "Hij liep door en stuurde een foto."],
)
def test_a_preposition_is_no_particle(dutch: Checker, text: str) -> None:
    assert dutch(text, ["<doorsturen> ... {t_image}", "{t_image} ... <doorsturen>"]) == []


def test_the_finding_holds_both_halves_of_a_verb(dutch: Checker) -> None:
    assert dutch.spans("Ze haalde hem gisteren over.", "<overhalen>") == ["haalde hem gisteren over"]
    assert dutch.spans("Ze stuurde hem die foto zelf op.", "{t_she} <opsturen>") == ["Ze stuurde hem die foto zelf op"]


def test_an_english_verb_with_its_particle(english: Checker) -> None:
    assert english.spans("He passed the photo on to friends.", "<pass|on>") == ["passed the photo on"]


@pytest.mark.parametrize("text", ["She shouldn't have", "She shouldn’t have", "She shouldnt have", "She shouldn't've"])
def test_contractions_are_their_words(english: Checker, text: str) -> None:
    assert english.spans(f"{text} sent it.", "should not have")
    assert english("She's naive and he'd known.", ["she is", "he had"])


def test_dutch_words_in_short(dutch: Checker) -> None:
    assert dutch.spans("'t Is z'n schuld.", "het is zijn schuld") == ["'t Is z'n schuld"]
    assert dutch.spans("wrm zei ze t nie gwn", "waarom zei ze het niet gewoon") == ["wrm zei ze t nie gwn"]


@pytest.mark.parametrize(
    ("text", "pattern"), [("t is zn schuld", "het is zijn schuld"), ("k zag m ff", "ik zag hem even")]
)
def test_dutch_words_as_students_write_them(dutch: Checker, text: str, pattern: str) -> None:
    assert dutch.spans(text, pattern) == [text]


def test_an_initial_or_title_is_no_word_of_a_chat(dutch: Checker) -> None:
    assert not dutch("Bel K. Smit of dr. Jansen.", ["bel ik", "haar jansen"])


def test_what_a_hashtag_says_is_read(dutch: Checker) -> None:
    assert dutch.spans("Gebruik #exposed niet.", "gebruik exposed") == ["Gebruik #exposed"]


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("#name", "Samira"), ("#age", "17-jarige"), ("#age", "zestienjarige"), ("#class", "MZ3A"), ("#class", "2B"),
        ("#account", "@mo_k"), ("#hashtag", "#samen"), ("#link", "https://fotos.example/x1"), ("#link", "fotos.example"), ("#initials", "J.d.V."),
        ("#number", "17"), ("#email", "a.b@c.example"), ("#capital", "Utrecht"),
    ],
)  # fmt: skip
def test_shapes_of_words(dutch: Checker, shape: str, text: str) -> None:
    assert dutch.spans(f"het ging om {text} uit de klas.", shape) == [text]


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("#name", "Samira zei dat."), ("#name", "HET GING OM SAMIRA."), ("#name", "Het ging om Snapchat."),
        ("#name", "Hij zei: Niemand wist het."), ("#class", "Op de 17e om 10u."), ("#class", "De 2e keer."),
        ("#age", "17 studenten"), ("#initials", "Vitamine C. Daarna thee."), ("#link", "Gedeeld.Het is zo."),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_shape(dutch: Checker, shape: str, text: str) -> None:
    assert dutch(text, shape) == []


@pytest.mark.parametrize("text", ["its keira from the course", "Keira from the course", "I know keira from school"])
def test_a_first_name_is_a_name_however_it_is_written(english: Checker, text: str) -> None:
    assert [each.lower() for each in english.spans(text, ["#given from", "#name from"])] == ["keira from"]


# --- Patterns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("ze wist", "Ze wist het.", True),
        ("ze wist", "Ze al wist het.", False),
        ("ze .. wist", "Ze dat en dit wist.", True),
        ("ze .. wist", "Ze dat en dit nu wist.", False),
        ("ze ... wist", "Ze een twee drie vier vijf zes zeven acht wist.", True),
        ("ze ... wist", "Ze een twee drie vier vijf zes zeven acht negen wist.", False),
        ("ze ... wist", "Ze kwam. Hij wist.", False),
        ("ze wist", "Ze, wist.", True),
        ("ze , wist", "Ze, wist.", True),
        ("ze , wist", "Ze wist.", False),
        ("nooit : ze", "Zeg nooit: ze wist.", True),
        ("(ze | hij) wist", "Hij wist.", True),
        ("(de man | hij) wist", "De man wist.", True),
        ("(de man | hij) wist", "De wist.", False),
        ("ze [echt] wist", "Ze wist.", True),
        ("ze [echt | heel goed] wist", "Ze heel goed wist.", True),
        ("ze [echt | heel goed] wist", "Ze goed wist.", False),
        ("^ ze", "Ze wist.", True),
        ("^ ze", "Wist ze.", False),
        ("ze $", "Wist ze!", True),
        ("ze $", "Ze wist.", False),
        ("waarom .. ze ?", "Waarom wist ze dat?", True),
        ("waarom .. ze ?", "Waarom ze dat wist.", False),
        ("ze & wist", "Wist dat meisje wat ze deed.", True),
        ("ze & !nooit", "Ze wist.", True),
        ("ze & !nooit", "Ze wist nooit.", False),
        ("{t_image}", "Een privé opname.", True),
        ("{t_image}", "Privéopname.", False),
        ("{t_image}", "Twee korte video's.", True),
        ("{t_she} wist", "Het meisje wist.", True),
        ("[niet] (dom | naïef)", "Naïef!", True),
    ],
)
def test_the_language_of_patterns(dutch: Checker, pattern: str, text: str, found: bool) -> None:
    assert bool(dutch(text, pattern)) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "(ze wist", "ze) wist", "ze []", "()", "ze | hij", "<>", "{}", "!ze", "ze & ", "#naam", "ze..wist", "ze .... wist",
        "{t_imge}", "<twee woorden>", "..", "[ze]", "& ze", "{ze", "ze & !wist & !!nee", "<ze:werkwoord>", "^ $",
    ],
)  # fmt: skip
def test_a_pattern_with_a_mistake_is_told_with_its_place(dutch: Checker, pattern: str) -> None:
    with pytest.raises(InputError) as told:
        dutch("x", pattern)
    assert re.search(r"nl\.toml:\d+:1: test\.rule\.looks_for: ", str(told.value))


def test_a_span_runs_from_the_first_to_the_last_word(dutch: Checker) -> None:
    text = "Echt, ze had (dat) beter niet kunnen weten, toch?"
    assert dutch.spans(text, "ze had ... weten") == ["ze had (dat) beter niet kunnen weten"]


def test_of_overlapping_findings_of_one_rule_the_shortest_counts(dutch: Checker) -> None:
    assert dutch.spans("Ze zei dat ze het wist.", "ze ... wist") == ["ze het wist"]
    assert dutch.spans("Ze wist. Ze wist.", ["ze wist", "ze"]) == ["Ze", "Ze"]


def test_no_finding_hides_that_of_another_rule() -> None:
    text = "Ze had die naaktfoto van wraakporno niet moeten sturen."
    found = comms.check(text, "nl")
    assert len({each.rule for each in found}) == len(found)
    assert len(found) >= 2
    inner, outer = sorted(found, key=lambda each: each.end - each.start)[:: len(found) - 1]
    assert outer.start <= inner.start
    assert inner.end <= outer.end


# --- Sentences and parts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "between",
    [
        "dhr. Jansen", "o.a. wij", "de heer J. Jansen", "3.5 uur en", "t.a.v. de", "www.school.nl en", "nr. 3",
        'de "vraag?" die', "tja… die", "020-123 45 67 en", "info@school.nl of", "art. 3 en", "16.00 uur",
    ],
)  # fmt: skip
def test_what_ends_no_sentence(dutch: Checker, between: str) -> None:
    assert dutch(f"Ze wisten {between} alles.", "wisten ... alles")


@pytest.mark.parametrize("end", [". ", "! ", "? ", "?! ", "… ", '." ', ".) ", ".\n", "\n\n", ".", " 😀. ", "...  "])
def test_what_ends_a_sentence(dutch: Checker, end: str) -> None:
    assert dutch(f"Ze wisten{end}Zij alles.", "wisten ... alles") == []


@pytest.mark.parametrize(
    "text",
    [
        "Dat weten wij, en wij vinden dat ze had\nmoeten weten wat er zou gebeuren met die foto.",
        "> Dat weten wij, en wij vinden dat ze had\n> moeten weten wat er zou gebeuren met die foto.",
        "- Dat weten wij, en wij vinden dat ze had\n  moeten weten wat er zou gebeuren.",
        "Ze had **moeten** weten.", "Ze [had](https://x.example) moeten weten.", "Ze <b>had</b> moeten <!-- a --> weten.",
        "Ze had\r\nmoeten weten.", "| Nee | ze had moeten weten |", "## Ze had moeten weten", "Ze _had_ moeten weten",
    ],
)  # fmt: skip
def test_a_sentence_runs_over_line_ends_and_markup(dutch: Checker, text: str) -> None:
    assert dutch(text, "ze had moeten weten")


@pytest.mark.parametrize(
    "text",
    [
        "- ze had\n- moeten weten", "Ze had\n\nmoeten weten", "1. Ze had\n2. moeten weten", "# Ze had\nmoeten weten",
        "| Ze had | moeten weten |", "Ze had:\nmoeten weten", "* Ze had\n\n* moeten weten", "• Ze had\n• moeten weten",
        "Ze had\n======\nmoeten weten", "Hoi,\nZe had\nMoeten weten",
    ],
)  # fmt: skip
def test_a_sentence_never_runs_into_another_part(dutch: Checker, text: str) -> None:
    assert dutch(text, "ze had moeten weten") == []


def test_places_are_lines_and_columns_of_the_given_text(dutch: Checker) -> None:
    text = "Beste ouders,\r\n\r\nWij zagen 😀 de foto.\r\n- een foto"
    found = dutch(text, "<foto>")
    assert [(each.line, each.column) for each in found] == [(3, 16), (4, 7)]
    assert [text[each.start : each.end] for each in found] == ["foto", "foto"]


def test_the_target_of_a_link_is_read_by_itself(dutch: Checker) -> None:
    text = "Bekijk [de foto](https://fotos.example/naakt) niet."
    assert dutch.spans(text, ["#link"]) == ["https://fotos.example/naakt"]
    assert dutch.spans(text, "foto niet") == ["foto](https://fotos.example/naakt) niet"]


def test_blocks_of_a_message(dutch: Checker) -> None:
    blocks = [
        ("one", Block("heading", (Run("Wat je zegt:"),), 1)),
        (
            "two",
            Block(
                "paragraph", (Run("ze "), Run("wist", bold=True), Run(" het"), Run("hier", href="https://x.example/"))
            ),
        ),
    ]
    written = from_blocks(blocks)
    (found,) = dutch(written, "ze wist")
    assert written.text[found.start : found.end] == "ze wist"
    assert found.passage == "two"
    assert [part.kind for part in written.parts] == ["heading", "paragraph", "address"]


def test_a_part_says_where_it_stands(dutch: Checker) -> None:
    text = "ze wist"
    (found,) = dutch(Written(text, (Part("comment", 0, len(text), "opmerking"),)), "ze wist")
    assert found.place == "opmerking"
    assert found.to_dict()["place"] == "opmerking"


# --- Excuses ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unless", "text", "excused"),
    [
        ({"before": ["geen"]}, "Het is geen eigen schuld.", True),
        ({"before": ["geen"]}, "Geen een twee drie vier eigen schuld.", True),
        ({"before": ["geen"]}, "Geen een twee drie vier vijf eigen schuld.", False),
        ({"before": ["geen"]}, "Eigen schuld, geen twijfel.", False),
        ({"before": ["niet .."]}, "Eigen en niet jouw schuld.", True),
        ({"after": ["bestaat niet"]}, "Eigen schuld bestaat niet.", True),
        ({"after": ["bestaat niet"]}, "Bestaat niet, eigen schuld.", False),
        ({"sentence": ["zeg .. nooit"]}, "Eigen schuld: zeg dat nooit.", True),
        ({"sentence": ["zeg .. nooit"]}, "Zeg dat nooit. Eigen schuld.", False),
        ({"next": ["onzin"]}, "Eigen schuld. Dat is onzin.", True),
        ({"next": ["onzin"]}, "Onzin. Eigen schuld. Ja. Onzin.", False),
        ({"next": ["onzin"]}, "Eigen schuld.\n\nDat is onzin.", False),
        ({"previous": ["onzin"]}, "Dit is onzin. Eigen schuld.", True),
        ({"lead_in": ["nooit"]}, "Zeg nooit:\n- eigen schuld\n- dat is eigen schuld", True),
        ({"lead_in": ["nooit"]}, "# Zeg nooit\n\nIemand zegt: eigen schuld.\n\nOf eigen schuld.", True),
        ({"lead_in": ["nooit"]}, "# Zeg nooit\n\n# Verder\n\nEigen schuld.", False),
        ({"lead_in": ["nooit"]}, "Zeg nooit:\n- iets\n\nEigen schuld.", False),
        ({"lead_in": ["nooit"]}, "Wij zeggen het nooit.\n\nEigen schuld.", False),
        ({"lead_in": ["nooit"]}, "Zeg nooit: “Had je maar. Eigen schuld.”", True),
        ({"lead_in": ["nooit"]}, "Zeg nooit dit: “Had je maar.” Eigen schuld.", False),
        ({"quoted": True}, "“Eigen schuld” is nooit waar.", True),
        ({"quoted": True}, "„Eigen schuld” is nooit waar.", True),
        ({"quoted": True}, "'Eigen schuld' is nooit waar.", True),
        ({"quoted": True}, '“Eigen schuld" is nooit waar.', True),
        ({"quoted": True}, "‘Eigen schuld' is nooit waar.", True),
        ({"quoted": True}, '"Eigen schuld" hoor je vaak. Dat is fout.', True),
        ({"quoted": True}, "“Eigen schuld” zeggen wij.", False),
        ({"quoted": True}, "“Eigen schuld, nooit iets anders” zeggen wij.", False),
        ({"quoted": True}, "“Eigen schuld.” Dat is fout.", True),
        ({"quoted": True}, "“Eigen schuld, dat is nooit anders”, zegt een vader.", False),
        ({"quoted": True}, "Eigen schuld is nooit waar.", False),
        ({"quoted": ["zegt"]}, "“Eigen schuld” zegt men.", True),
        ({"quoted": ["zegt"]}, "“Eigen schuld, dat zegt iedereen”, aldus een vader.", False),
    ],
)
def test_excuses(dutch: Checker, unless: dict[str, Any], text: str, excused: bool) -> None:
    rule = {"looks_for": ["eigen schuld", "eigen .. schuld"], "unless": unless}
    assert (dutch(text, rule) == []) is excused


@pytest.mark.parametrize(
    ("text", "excused"),
    [
        ("Natuurlijk is doorsturen fout, maar ze had het kunnen weten.", False),
        ("Natuurlijk is doorsturen fout; toch had ze het kunnen weten.", True),  # no but
        ("Hoewel doorsturen fout is, had ze het kunnen weten.", False),
        ("Ze had het kunnen weten, maar doorsturen is fout.", True),
        ("Ze had het kunnen weten, omdat doorsturen fout is.", True),
        ("Kijk maar of doorsturen fout is en of ze het had kunnen weten.", True),
    ],
)
def test_what_is_conceded_excuses_nothing(dutch: Checker, text: str, excused: bool) -> None:
    looks_for = ["had .. weten", "had .. kunnen weten"]
    assert (dutch(text, {"looks_for": looks_for, "unless": {"sentence": ["doorsturen"]}}) == []) is excused
    assert (dutch(text, [f"{each} & !doorsturen" for each in looks_for]) == []) is excused


def test_a_word_that_is_asked_for_excuses_nothing(dutch: Checker) -> None:
    rule = {"looks_for": ["had .. niet .. moeten"], "unless": {"before": ["niet"]}}
    assert dutch("Ze had dat niet echt moeten doen.", rule)
    assert dutch("Niet dat ze het had moeten doen, maar had dat niet moeten.", rule)
    assert not dutch("Zeg niet: had dat niet moeten.", rule)


# --- Directives -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("comms: test.rule uit: wij citeren\n\nze wist\n\nze wist", [5]),
        ("comms: test.rule off: we quote\n\nze wist\n\nze wist", [5]),
        ("<!-- comms: test.rule uit: wij citeren -->\nze wist\n\nze wist", [4]),
        ("ze wist <!-- comms: test.rule uit: een ouder -->\n\nze wist\n\nze wist", [5]),
        ("ze wist\n\n// comms: test.rule uit: reden\nze wist\n\nze wist", [1, 6]),
        ("COMMS: TEST.RULE UIT: reden\n\nZe wist", []),
        ("ze wist\n\ncomms: test.rule uit: te laat", [1]),
    ],
)
def test_a_line_switches_a_rule_off_at_its_place(dutch: Checker, text: str, lines: list[int]) -> None:
    assert [each.line for each in dutch(text, "ze wist")] == lines


@pytest.mark.parametrize(
    ("directive", "rule"),
    [
        ("comms: test.rule uit", "directive.reason"), ("comms: test.rule uit:", "directive.reason"),
        ("comms: test.rul uit: reden", "directive.unknown"), ("comms: protected uit: reden", "directive.always_on"),
    ],
)  # fmt: skip
def test_a_line_that_switches_nothing_off_is_told(dutch: Checker, directive: str, rule: str) -> None:
    found = dutch(f"{directive}\n\nze wist", "ze wist")
    assert [each.rule for each in found] == [rule, "test.rule"]
    assert found[0].severity == "warning"
    if rule == "directive.unknown":
        assert "test.rule" in found[0].suggestion


def test_a_comment_in_word_counts_for_what_it_stands_beside(dutch: Checker) -> None:
    pieces = ["ze wist", "comms: test.rule uit: reden", "ze wist", "ze wist"]
    parts, start = [], 0
    for number, piece in enumerate(pieces):
        parts.append(Part("comment" if number == 1 else "paragraph", start, start + len(piece)))
        start += len(piece) + 1
    found = dutch(Written("\n".join(pieces), tuple(parts)), "ze wist")
    assert [each.line for each in found] == [4]


# --- What a school changes --------------------------------------------------------------------------------------------


def adjusted(severity: str, rule: str = "test.rule") -> dict[str, Adjustment]:
    return {rule: Adjustment(severity, "daarom", Place("school.yaml", 3, 5))}


def test_a_school_tunes_a_rule_or_switches_it_off(dutch: Checker) -> None:
    assert [each.severity for each in dutch("ze wist", "ze wist", adjusted=adjusted("error"))] == ["error"]
    assert dutch("ze wist", "ze wist", adjusted=adjusted("off")) == []


@pytest.mark.parametrize("rule", ["test.rul", "protected"])
def test_a_school_can_not_change_what_there_is_not(dutch: Checker, rule: str) -> None:
    with pytest.raises(InputError) as told:
        dutch("x", "ze wist", adjusted=adjusted("off", rule))
    assert str(told.value).startswith(f"school.yaml:3:5: review.rules.{rule}: ")


def profile(**review: Any) -> comms.School:
    return incident(school={"review": review}).school


def test_the_profile_says_what_changes(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    made = incident(base=tmp_path, school={"review": {
        "rules": {"blame.should_have": {"severity": "info", "reason": "proef"}}, "own": "rules",
    }})  # fmt: skip
    review = made.school.review
    assert review.own == tmp_path / "rules"
    assert review.rules["blame.should_have"][:2] == ("info", "proef")
    text = "Ze had die foto niet moeten sturen."
    assert {each.severity for each in comms.check(text, "nl", incident=made) if each.rule == "blame.should_have"} == {
        "info"
    }


@pytest.mark.parametrize(
    ("review", "field"),
    [
        ({"rules": {"a.b": {"severity": "off"}}}, "review.rules.a.b.reason"),
        ({"rules": {"a.b": {"severity": "uit", "reason": "x"}}}, "review.rules.a.b.severity"),
        ({"rules": {"a.b": "off"}}, "review.rules.a.b"),
        ({"own": "er-is-niets"}, "review.own"),
        ({"rulez": {}}, "review.rulez"),
    ],
)
def test_a_mistake_in_the_profile_is_told(review: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as told:
        profile(**review)
    assert f"school.{field}: " in str(told.value)


def mistakes(content: str) -> str:
    with pytest.raises(InputError) as told:
        read(content.encode(), "nl", "own/nl.toml")
    return str(told.value)


def test_every_mistake_in_a_rule_file_is_told_at_once() -> None:
    told = mistakes(
        f"""
[wordz]
[excuses.a]
befor = ["x"]
[[rule]]
id = "a.b"
category = "tonn"
severity = "fatal"
provisions = ["9.9"]
looks_for = ["{{nothing}}", "(x"]
excuses = ["denail"]
[[rule]]
id = "a.b"
category = "tone"
severity = "info"
provisions = []
requires = ["x"]
measures = "sentence_words"
why = {WHY}
"""
    )
    for each in (
        "wordz", "excuses.a.befor", "a.b.category", "a.b.severity", "a.b.provisions", "nothing", "(x", "denail", "a.b.why",
        "looks_for, requires, measures",
    ):  # fmt: skip
        assert each in told
    assert all(line.startswith("own/nl.toml") for line in told.splitlines())
    assert "own/nl.toml:7:1: a.b.category: " in told


@pytest.mark.parametrize(
    "content", ["[[rule", "x = ", "\xff", "rule = 3", "[words]\na = 3", "words = 'x'", "[[rule]]\nid = 3"]
)
def test_a_rule_file_that_is_none(content: str) -> None:
    assert "own/nl.toml" in mistakes(content)


def test_a_file_with_bytes_that_are_no_text_is_told() -> None:
    with pytest.raises(InputError, match=r"nl\.toml"):
        read(b"\xff\xfe\x00", "nl", "nl.toml")


def test_own_rules_use_our_classes_and_excuses() -> None:
    ours = rules.source_of("nl")
    name = next(iter(ours.words))
    excuse = next(iter(ours.excuses))
    content = f"""
[[rule]]
id = "own.rule"
category = "tone"
severity = "info"
provisions = []
looks_for = ["eigenwijs {{{name}}}"]
excuses = ["{excuse}"]
why = {WHY}
"""
    assert build(read(content.encode(), "nl", "x", ours), ours).patterns


def test_a_rule_of_ours_can_not_be_replaced_unseen() -> None:
    ours = rules.source_of("nl")
    known = ours.rules[0]["id"]
    content = f'[[rule]]\nid = "{known}"\ncategory = "tone"\nseverity = "info"\nlooks_for = ["x"]\nwhy = {WHY}\n'
    with pytest.raises(InputError, match=known):
        read(content.encode(), "nl", "x", ours)


# --- Whole texts ------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_told_of_a_whole_text_only(dutch: Checker) -> None:
    rule = {"requires": ["meldknop"], "audiences": ["students"]}
    assert dutch("Er is iets gebeurd.", rule) == []
    assert len(dutch("Er is iets gebeurd.", rule, audience="students")) == 1
    assert dutch("Er is iets gebeurd.", rule, audience="parents") == []
    for site in ("Meldknop", "meldknop.nl", "https://www.meldknop.nl/jongeren", "[hier](https://meldknop.nl)"):
        assert dutch(f"Kijk op {site}.", rule, audience="students") == []
    (found,) = dutch("Beste studenten,\n\nEr is iets gebeurd.", rule)
    assert (found.start, found.end) == (0, 15)
    assert dutch("Beste ouders,\n\nEr is iets gebeurd.", rule) == []


def test_what_stands_beside_a_text_is_not_in_it(dutch: Checker) -> None:
    rule = {"requires": ["meldknop"], "audiences": ["students"]}
    text = "Er is iets gebeurd. Kijk op Meldknop."
    beside = Written(text, (Part("paragraph", 0, 19), Part("comment", 20, len(text))))
    assert len(dutch(beside, rule, audience="students")) == 1
    within = Written(text, (Part("paragraph", 0, 19), Part("paragraph", 20, len(text))))
    assert dutch(within, rule, audience="students") == []


def test_a_comment_that_never_ends_hides_nothing(dutch: Checker) -> None:
    assert dutch.spans("<!-- Let op. Eigen schuld.", "eigen schuld") == ["Eigen schuld"]
    assert dutch.spans("<!-- Eigen schuld. -->\n\nEigen schuld.", "eigen schuld") == ["Eigen schuld"]


def test_examples_of_a_schools_own_rule_are_tried(dutch: Checker) -> None:
    rule = {"looks_for": ["eigen schuld"], "found": ["Eigen schuld."], "not_found": ["Niemands schuld."]}
    assert dutch.spans("Dat is eigen schuld.", rule) == ["eigen schuld"]
    with pytest.raises(InputError) as told:
        dutch("Dat is eigen schuld.", rule | {"found": ["Alleen schuld."], "not_found": ["Zijn eigen schuld."]})
    assert [problem.field for problem in told.value.problems] == ["test.rule.found", "test.rule.not_found"]
    assert "“Alleen schuld.”" in str(told.value)
    assert "“Zijn eigen schuld.”" in str(told.value)


def test_a_paragraph_in_another_language_is_no_whole_text(dutch: Checker) -> None:
    rule = {"requires": ["meldknop"], "audiences": ["students"]}
    english_text = "This is a letter that we have sent to you and to all of them. What should you do? Please ask us."
    paragraph = "Dit is een tip die wij je ook nog wel willen geven voor als het niet gaat."
    assert dutch(f"{english_text}\n\n{paragraph}\n\n{english_text}", rule, audience="students", language=None) == []
    whole = f"Dear students,\n\n{english_text}\n\nBeste studenten,\n\n{paragraph}"
    assert len(dutch(whole, rule, audience="students", language=None)) == 1


def test_a_short_text_need_not_say_everything(dutch: Checker) -> None:
    rule = {"requires": ["meldknop"], "from_words": 10}
    assert dutch("Er is iets gebeurd.", rule, audience="students") == []
    assert dutch("Er is iets gebeurd. " * 5, rule, audience="students")


def test_a_rule_for_some_audiences(dutch: Checker) -> None:
    rule = {"looks_for": ["jullie"], "audiences": ["parents"]}
    assert dutch("Dat weten jullie.", rule) == []
    assert dutch("Dat weten jullie.", rule, audience="parents")
    assert dutch("Beste ouders,\n\nDat weten jullie.", rule)
    assert dutch("Beste studenten,\n\nDat weten jullie.", rule) == []


def test_measures(dutch: Checker) -> None:
    long = "Wij " + "weten " * 20 + "het."
    (found,) = dutch(f"Kort. {long} Kort.", {"measures": "sentence_words", "above": 20})
    assert found.start == 6
    assert dutch(f"Kort. {long}", {"measures": "sentence_words", "above": 22}) == []
    assert dutch(f"{long} {long}", {"measures": "average_sentence_words", "above": 15}, audience="parents")
    assert dutch(f"{long} Kort. Kort.", {"measures": "average_sentence_words", "above": 15}, audience="parents") == []
    passive = "De foto wordt verwijderd. De politie werd gebeld."
    assert dutch(passive, {"measures": "passive_share", "above": 50}, audience="parents")
    assert (
        dutch("Wij verwijderen het. Wij bellen.", {"measures": "passive_share", "above": 5}, audience="parents") == []
    )
    hard = "De onderwijsinstelling effectueert desbetreffende veiligheidsmaatregelen. " * 3
    assert dutch(hard, {"measures": "flesch_douma", "below": 50}, audience="parents")
    assert (
        dutch("Wij zijn er voor je. Kom maar langs.", {"measures": "flesch_douma", "below": 50}, audience="parents")
        == []
    )


def test_nothing_is_measured_in_an_empty_text(dutch: Checker) -> None:
    for text in ("", "\n\n", "# Kop", "...", "12:00"):
        assert dutch(text, {"measures": "flesch_douma", "below": 200}, audience="parents") in ([], dutch(text, "x"))


# --- Findings ---------------------------------------------------------------------------------------------------------


def test_a_finding_says_everything(dutch: Checker) -> None:
    rule = {
        "looks_for": ["wraakporno"], "category": "terms", "severity": "error", "provisions": ["3.media.2"],
        "replace": "verspreide beelden", "better": {"nl": "Zeg dit.", "en": "Say this."},
    }  # fmt: skip
    (found,) = dutch("Wraakporno", rule)
    assert found.to_dict() == {
        "file": "", "line": 1, "column": 1, "start": 0, "end": 10, "rule": "test.rule", "category": "terms",
        "severity": "error", "excerpt": "Wraakporno", "message": "Nederlandse uitleg.", "suggestion": "Zeg dit.",
        "provisions": ["3.media.2"], "replacement": "Verspreide beelden",
    }  # fmt: skip
    with ui_language("en"):
        (found,) = dutch("De wraakporno", rule)
    assert (found.message, found.suggestion, found.replacement) == (
        "English reason.",
        "Say this.",
        "verspreide beelden",
    )


def test_an_excerpt_is_one_line_that_can_be_shown(dutch: Checker) -> None:
    (found,) = dutch("ze\x07 \ud800had\n\u202e wist", "ze ... wist")
    assert found.excerpt.isprintable()
    assert "\n" not in found.excerpt


def test_findings_come_in_the_order_of_the_text() -> None:
    text = "Eigen schuld. Ze had die foto niet moeten sturen. Wat naïef. Waarom heeft ze dat gedaan?"
    found = comms.check(text, "nl")
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert len(found) >= 3


# --- Languages --------------------------------------------------------------------------------------------------------


def test_the_language_is_found_out_for_each_paragraph() -> None:
    dutch_text = "Wij vinden dat ze die foto niet had moeten sturen, want dat is een risico."
    english_text = "She should not have sent the photo to him, because this is what we all know about it."
    for text, count in ((dutch_text, 1), (english_text, 1), (f"{dutch_text}\n\n{english_text}", 2)):
        found = [each for each in comms.check(text) if each.category == "victim_blaming"]
        assert len({text.count("\n", 0, each.start) for each in found}) == count, text


@pytest.mark.parametrize("field", ["language", "audience"])
def test_an_unknown_language_or_audience_is_told(field: str) -> None:
    with pytest.raises(UnknownNameError):
        comms.check("x", **{field: "fr"})


# --- The compiled form ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_rules_are_the_rules(language: str) -> None:
    content = next(each for name, each in rules.compile_rules().items() if name.startswith(f"{language}."))
    loaded, built = rules._loaded(content), build(rules.source_of(language), None, rules.examples_of(language))
    for name in RuleSet._fields:
        there, made = getattr(loaded, name), getattr(built, name)
        if name in rules._PACKED:
            there = tuple(there[number] for number in range(len(there)))
        assert there == made, name


def test_compiled_rules_of_another_file_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nl.toml"
    path.write_bytes(rules.path_of("nl").read_bytes())
    (tmp_path / "nl.examples.txt").write_bytes(rules.examples_path("nl").read_bytes())
    monkeypatch.setattr(rules, "path_of", lambda language: path)
    (tmp_path / "compiled").mkdir()
    name = rules._name("nl")
    path.write_text(f"{path.read_text('utf-8')}\n# changed", "utf-8")
    assert rules._name("nl") != name
    (tmp_path / "compiled" / rules._name("nl")).write_bytes(b"broken")
    rules.rule_set.cache_clear()
    rules.source_of.cache_clear()
    try:
        assert rules.rule_set("nl").patterns
    finally:
        rules.rule_set.cache_clear()
        rules.source_of.cache_clear()


# --- Anything at all --------------------------------------------------------------------------------------------------

ODD = [
    "a", "Z", "é", "e\u0301", " ", "  ", "\n", "\r\n", "\t", ".", "...", "?", "!", ",", ":", ";", "'", '"', "“", "”", "‘", "’", "-", "–",
    "\u00ad", "\u200b", "\u2060", "\ufeff", "\u202e", "\x00", "\x1b", "\ud800", "\udfff", "\uffff", "😀", "👩‍👩‍👧", "&amp;", "&shy;",
    "&#x110000;", "&nope;", "<b>", "</b>", "<!--", "-->", "[", "](", ")", "*", "**", "_", "~~", "`", "#", "# ", "- ", "1. ", "> ", "|",
    "---", "===", "```", "http://", "www.", "@", "a@b.nl", "1.5", "17-jarige", "2B", "ze", "had", "niet", "moeten", "foto", "naaktfoto's",
    "stuurde", "door", "comms:", " uit: x", "schuld", "eigen", "she", "shouldn't've", "'s", "n't", "ﬁ", "ĳ", "ß", "ا", "中", "ж", "ⓐ",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_no_text_breaks_the_review(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice(ODD) + chance.choice(["", "", " "]) for _ in range(chance.randrange(1, 400)))
    for language in (None, *LANGUAGES):
        for found in comms.check(text, language, chance.choice([None, "students"])):
            assert 0 <= found.start <= found.end <= len(text)
            assert found.excerpt == "" or found.excerpt.isprintable()
            lines = re.split(r"\r\n|\n|\r", text[: found.start])
            assert (found.line, found.column) == (len(lines), len(lines[-1]) + 1)


HUGE: dict[str, Callable[[int], str]] = {
    "one word": lambda size: "a" * size,
    "no full stop": lambda size: "ze had die foto niet moeten sturen " * (size // 35),
    "findings": lambda size: "Ze had die foto niet moeten sturen. " * (size // 36),
    "list": lambda size: "Zeg nooit:\n" + "- ze had die foto niet moeten sturen\n" * (size // 37),
    "quotation": lambda size: "Zeg nooit “" + "ze had die foto niet moeten sturen. " * (size // 36),
    "line ends": lambda size: "x\n" * (size // 2),
    "dotted": lambda size: "a." * (size // 2),
    "quotes": lambda size: '"' * size,
    "brackets": lambda size: "[](" * (size // 3),
    "entities": lambda size: "&eacute;" * (size // 8),
    "open comments": lambda size: "<!-- " * (size // 5),
    "soft hyphens": lambda size: "a\u00ad\n" * (size // 3),
    "directives": lambda size: "comms: tone.x uit: y\n" * (size // 21),
    "splitting verbs": lambda size: "stuurde door " * (size // 13),
    "nul": lambda size: "\0" * size,
    "different words": lambda size: " ".join(f"verspr{number:x}" for number in range(size // 11)),
    "names": lambda size: "Het was Jan Jansen. " * (size // 20),
}


@pytest.mark.parametrize("kind", [kind for kind in HUGE if kind != "open comments"])  # it hides all that follows
def test_a_long_odd_text_is_read_to_its_end(kind: str) -> None:
    """How long that takes is measured in tests/benchmarks/review.py."""
    body = HUGE[kind](200_000)
    found = comms.check(f"{body}\n\nZe had die foto nooit moeten sturen.\n", "nl")
    assert [each.rule for each in found if each.start > len(body)] != []


# --- What a text is about ---------------------------------------------------------------------------------------------

TRAIN = "De trein naar Utrecht vertrekt om negen uur van perron drie en is om tien uur weer terug."
ABOUT_IMAGES = """
[subject]
from_words = 20
anyway = ["tone"]
names = ["{t_image}"]
"""
BLAME = {"id": "test.blame", "category": "victim_blaming", "looks_for": ["eigen schuld"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{TRAIN} {TRAIN} Wie hem mist: eigen schuld.", False),
        (f"{TRAIN} {TRAIN} Er is een foto van. Eigen schuld.", True),
        (f"Een foto.\n\n{TRAIN}\n\n{TRAIN}\n\nEigen schuld.", True),
        ("Wie hem mist: eigen schuld.", True),  # what is short leaves its subject to what stands around it
    ],
)
def test_a_text_about_something_else_is_left_alone(dutch: Checker, text: str, found: bool) -> None:
    dutch.head += ABOUT_IMAGES
    assert bool(dutch(text, BLAME)) is found


def test_who_names_an_audience_says_that_the_text_is_about_it(dutch: Checker) -> None:
    dutch.head += ABOUT_IMAGES
    assert dutch(f"{TRAIN} {TRAIN} Eigen schuld.", BLAME, audience="students")


def test_some_categories_count_in_any_text(dutch: Checker) -> None:
    dutch.head += ABOUT_IMAGES
    assert dutch.spans(f"{TRAIN} {TRAIN}", "perron") == ["perron", "perron"]


def test_a_greeting_makes_no_text_about_something_else_lack_anything(dutch: Checker) -> None:
    dutch.head += ABOUT_IMAGES
    asks: dict[str, Any] = {"category": "missing", "requires": ["hulp"], "audiences": ["parents"]}
    assert not dutch(f"Beste ouders,\n\n{TRAIN} {TRAIN}", asks)
    assert dutch(f"Beste ouders,\n\n{TRAIN} {TRAIN} Er is een filmpje.", asks)


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ('names = ["foto"]', "subject.from_words"),
        ('from_words = 0\nnames = ["foto"]', "subject.from_words"),
        ("from_words = 20", "subject.names"),
        ('from_words = 20\nnames = ["{nergens}"]', "nergens"),
        ('from_words = 20\nnames = ["foto"]\nanyway = ["toon"]', "tone"),
        ('from_words = 20\nnames = ["foto"]\nwords = 3', "from_words"),
    ],
)
def test_a_mistake_in_what_rules_are_about_is_told(dutch: Checker, table: str, wrong: str) -> None:
    dutch.head += f"[subject]\n{table}\n"
    with pytest.raises(InputError, match=re.escape(wrong)):
        dutch("x", "y")
