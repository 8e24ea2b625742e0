"""A school's letterhead, read, checked and compiled.

It is a .docx with tags in docxtpl's language. Compiling goes through docxtpl's own patching, so tags mean what its
manual says.
"""

from __future__ import annotations

import copy
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NoReturn

from jinja2 import TemplateError as JinjaError
from jinja2 import nodes

from comms.archive import Entry
from comms.errors import Place, TemplateError
from comms.languages import _
from comms.render.sandbox import environment
from comms.render.tags import DECLARATION, PARTS, PLACE, PLACED, Compiled, TagSource, fail, paragraph_of
from comms.templating import dotted

_SIZE_LIMIT: Final = 50_000_000

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W: Final = f"{{{_WORD}}}"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_CORE_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION: Final = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_HOLDS_TAGS: Final = tuple(f"{_WORD_TYPE}{kind}+xml" for kind in ("header", "footer", "footnotes", "endnotes"))
_HEADER_TYPE: Final = f"{_WORD_TYPE}header+xml"
_DOCUMENT_TYPE: Final = f"{_WORD_TYPE}document.main+xml"
_TEMPLATE_TYPE: Final = f"{_WORD_TYPE}template.main+xml"


def compiled(path: Path) -> Compiled:
    """Reads, checks, completes and compiles a letterhead. Raises TemplateError, which says what is wrong and where."""
    package = _Package(path)
    styles_name, styles, style_ids = _styles(package)
    core_name = _core_properties(package)
    tagged = tuple(_tagged_parts(package))
    by_docxtpl = any(_calls_docxtpl(source) for source in tagged)
    return Compiled(package.sealed(), tagged, styles_name, _serialised(styles), style_ids, core_name, by_docxtpl)


def _calls_docxtpl(source: TagSource) -> bool:
    called = (call.node for call in environment().parse(source.source).find_all(nodes.Call))
    return any(isinstance(each, nodes.Name) and each.name in ("picture", "document") for each in called)


class _Package:
    """A Word file in memory while it is checked and completed; parts that stay as they are stay compressed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._contents, self._entries = self._read()
        self._trees: dict[str, Any] = {}
        self._changed: set[str] = set()
        self.main = self._main()

    def fail(self, wrong: str, allowed: str = "") -> NoReturn:
        """Reports a mistake of the file as a whole."""
        raise TemplateError(Place(str(self.path)), wrong, allowed) from None

    def names(self, *content_types: str) -> list[str]:
        """The parts with one of these content types, in the order of the file."""
        return [name for name in self._contents if self._content_type(name) in content_types]

    def tree(self, name: str) -> Any:
        """The root element of an XML part; always the same one, so changes to it add up."""
        if name not in self._trees:
            self._trees[name] = self._parsed(name)
        return self._trees[name]

    def change(self, name: str) -> Any:
        """As ``tree``, for a caller that will change it."""
        self._changed.add(name)
        return self.tree(name)

    def related(self, source: str, kind: str) -> str | None:
        """The part that ``source`` (empty: the package) has a relationship to whose type ends in ``/kind``."""
        name = _relationships_of(source)
        for relation in self.tree(name) if name in self._contents else ():
            target = posixpath.join("/", posixpath.dirname(source), relation.get("Target", ""))
            part = posixpath.normpath(target).lstrip("/")
            if relation.get("Type", "").endswith(f"/{kind}") and part in self._contents:
                return part
        return None

    def add(self, source: str, relation: str, content_type: str, name: str, xml: str) -> str:
        """Adds a part under a free name near ``name``, with its content type and relationship; gives the name."""
        stem, suffix = posixpath.splitext(name)
        name = _free(name, self._contents, lambda number: f"{stem}{number}{suffix}")
        self._put(name, xml)
        _child(self.change("[Content_Types].xml"), _TYPES, "Override", PartName=f"/{name}", ContentType=content_type)
        relationships = _relationships_of(source)
        if relationships not in self._contents:
            self._put(relationships, f'<Relationships xmlns="{_RELATIONSHIPS}"/>')
        root = self.change(relationships)
        key = _free("rIdComms", {item.get("Id") for item in root}, lambda number: f"rIdComms{number}")
        _child(root, _RELATIONSHIPS, "Relationship", Id=key, Type=relation, Target=f"/{name}")
        return name

    def sealed(self) -> tuple[Entry, ...]:
        """All parts as they go into a zip, the content types first as Word wants them."""
        for name in self._changed:
            self._entries[name] = Entry.deflated(name, _serialised(self._trees[name]))
        first = "[Content_Types].xml"
        return tuple({first: self._entries[first], **self._entries}.values())

    def _put(self, name: str, xml: str) -> None:
        self._contents[name] = xml.encode()
        self._entries[name] = Entry.deflated(name, xml)
        self._changed.add(name)
        self.tree(name)

    def _read(self) -> tuple[dict[str, bytes], dict[str, Entry]]:
        try:
            raw = self.path.read_bytes()
        except OSError as error:
            self.fail(_("het briefpapier is niet te lezen: {reason}").format(reason=error.strerror))
        if raw.startswith(b"\xd0\xcf\x11\xe0"):
            self.fail(_("het briefpapier heeft een wachtwoord of is een .doc; bewaar het zonder wachtwoord als .docx"))
        try:
            with zipfile.ZipFile(BytesIO(raw)) as archive:
                infos = [info for info in archive.infolist() if not info.is_dir()]
                if sum(info.file_size for info in infos) > _SIZE_LIMIT:
                    self.fail(_("het briefpapier is uitgepakt groter dan 50 MB"))
                # Reading also compares checksums, so what is copied later is known to be whole.
                contents = {info.filename: archive.read(info) for info in infos}
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
            self.fail(_("het briefpapier is geen Word-bestand (.docx) of is beschadigd"))
        copyable = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        entries = {
            info.filename: Entry.copied(raw, info)
            if info.compress_type in copyable
            else Entry.deflated(info.filename, contents[info.filename])
            for info in infos
        }
        return contents, entries

    def _main(self) -> str:
        """The name of the part that holds the text, after checks that this is a Word file that may be used."""
        if "[Content_Types].xml" not in self._contents:
            self.fail(_("het briefpapier is geen Word-bestand (.docx) of is beschadigd"))
        types = [item.get("ContentType", "") for item in self.tree("[Content_Types].xml")]
        if any("macroEnabled" in kind or "vbaProject" in kind for kind in types):
            self.fail(_("het briefpapier bevat macro's; bewaar het als .docx"))
        main = self.related("", "officeDocument")
        if main is None:
            self.fail(_("in het briefpapier ontbreekt de tekst (word/document.xml)"))
        kind = self._content_type(main)
        if kind not in (_DOCUMENT_TYPE, _TEMPLATE_TYPE) or self.tree(main).find(f"{_W}body") is None:
            self.fail(_("het briefpapier is geen Word-document; bewaar het in Word als .docx"))
        if kind == _TEMPLATE_TYPE:
            for item in self.change("[Content_Types].xml"):
                if item.get("ContentType") == _TEMPLATE_TYPE:
                    item.set("ContentType", _DOCUMENT_TYPE)
        return main

    def _content_type(self, name: str) -> str:
        extension = name.rpartition(".")[2].lower()
        found = ""
        for item in self.tree("[Content_Types].xml"):
            if item.get("PartName", "").lower() == f"/{name}".lower():
                return str(item.get("ContentType", ""))
            if item.get("Extension", "").lower() == extension:
                found = item.get("ContentType", "")
        return found

    def _parsed(self, name: str) -> Any:
        from lxml import etree

        # Blanks between elements go, because docxtpl's patching expects none. No DTD is followed or accepted.
        parser = etree.XMLParser(
            remove_blank_text=True, remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True
        )
        try:
            root = etree.fromstring(self._contents[name], parser)
        except etree.XMLSyntaxError:
            self.fail(_("het onderdeel {part} van het briefpapier is beschadigd").format(part=name))
        if root.getroottree().docinfo.doctype:
            self.fail(_("het onderdeel {part} van het briefpapier is beschadigd").format(part=name))
        return root


def _relationships_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _free(wanted: str, taken: Iterable[str], numbered: Callable[[int], str]) -> str:
    names, number = set(taken), 0
    while wanted in names:
        number += 1
        wanted = numbered(number)
    return wanted


def _child(parent: Any, namespace: str, name: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)


def _serialised(root: Any) -> str:
    from lxml import etree

    return DECLARATION + str(etree.tostring(root, encoding="unicode"))


def _core_properties(package: _Package) -> str:
    return package.related("", "core-properties") or package.add(
        "", _CORE_RELATION, _CORE_TYPE, "docProps/core.xml", "<empty/>"
    )


# --- Styles and lists -----------------------------------------------------------------------------------------------

# What a letter needs and a letterhead may lack: name, kind and looks. Word knows these styles by their names, which are
# the same in every language; the ids are not.
_DEFINITIONS: Final = (
    (
        "Title",
        "paragraph",
        (
            '<w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="0" w:after="240"/></w:pPr>'
            '<w:rPr><w:b/><w:bCs/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr>'
        ),
    ),
    ("Date", "paragraph", '<w:pPr><w:spacing w:before="0" w:after="240"/></w:pPr>'),
    ("Signature", "paragraph", '<w:pPr><w:keepLines/><w:spacing w:before="240" w:after="0"/></w:pPr>'),
    ("List Bullet", "paragraph", '<w:pPr><w:spacing w:before="0" w:after="60"/></w:pPr>'),
    ("Strong", "character", "<w:rPr><w:b/><w:bCs/></w:rPr>"),
    ("Hyperlink", "character", '<w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr>'),
    *(
        (
            f"heading {level}",
            "paragraph",
            (
                '<w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="60"/>'
                f'<w:outlineLvl w:val="{level - 1}"/></w:pPr>'
                f'<w:rPr><w:b/><w:bCs/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
            ),
        )
        for level, size in enumerate((28, 24, 22, 22, 22), 1)
    ),
)

_BULLETS: Final = (
    '<w:abstractNum xmlns:w="{word}" w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="357" w:hanging="357"/></w:pPr></w:lvl></w:abstractNum>'
)


def _styles(package: _Package) -> tuple[str, Any, dict[str, str]]:
    """The styles part, completed with what it lacks, and the id of each style that a letter uses, by name."""
    name = package.related(package.main, "styles") or package.add(
        package.main,
        f"{_OFFICE}/styles",
        f"{_WORD_TYPE}styles+xml",
        "word/styles.xml",
        f'<w:styles xmlns:w="{_WORD}"/>',
    )
    root = package.change(name)
    styles = list(root.iter(f"{_W}style"))
    ids = {_value(style, "name").lower(): style.get(f"{_W}styleId", "") for style in styles}
    normal = next((s.get(f"{_W}styleId", "") for s in styles if _is_default_paragraph(s)), "")
    for shown, kind, looks in _DEFINITIONS:
        if not ids.get(shown.lower()):
            ids[shown.lower()] = _add_style(root, shown, kind, looks, normal)
    ids["body text"] = ids.get("body text") or normal
    _number(package, root, ids["list bullet"])
    return name, root, {name: escape(key) for name, key in ids.items()}


def _add_style(root: Any, name: str, kind: str, looks: str, normal: str) -> str:
    wanted = name.title().replace(" ", "")
    taken = {style.get(f"{_W}styleId") for style in root.iter(f"{_W}style")}
    style_id = _free(wanted, taken, lambda number: f"{wanted}Comms{number}")
    style = _element(
        f'<w:style xmlns:w="{_WORD}" w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:uiPriority w:val="99"/><w:qFormat/>{looks}</w:style>'
    )
    if normal and kind == "paragraph":
        style.insert(1, _child(style, _WORD, "basedOn", **{f"{_W}val": normal}))
    root.append(style)
    return style_id


def _number(package: _Package, styles: Any, style_id: str) -> None:
    """Makes the style of bullets a real list where the letterhead has it without a list, or not at all."""
    by_id = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    if _list_of(by_id, style_id) in _lists(package):
        return
    number = _add_list(package)
    properties = _ensured(by_id[style_id], "pPr", before=("rPr", "tblPr", "trPr", "tcPr", "tblStylePr"))
    for old in properties.findall(f"{_W}numPr"):
        properties.remove(old)
    order = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
    position = sum(child.tag in {_W + name for name in order} for child in properties)
    properties.insert(
        position, _element(f'<w:numPr xmlns:w="{_WORD}"><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
    )


def _list_of(by_id: Mapping[str, Any], style_id: str) -> str:
    """The number of the list that a style has, itself or from the styles it is based on."""
    seen: set[str] = set()
    while style_id in by_id and style_id not in seen:
        seen.add(style_id)
        found = by_id[style_id].find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if found is not None:
            return str(found.get(f"{_W}val", ""))
        style_id = _value(by_id[style_id], "basedOn")
    return ""


def _lists(package: _Package) -> set[str]:
    name = package.related(package.main, "numbering")
    return {item.get(f"{_W}numId", "") for item in package.tree(name).iter(f"{_W}num")} - {"0"} if name else set()


def _add_list(package: _Package) -> int:
    name = package.related(package.main, "numbering") or package.add(
        package.main,
        f"{_OFFICE}/numbering",
        f"{_WORD_TYPE}numbering+xml",
        "word/numbering.xml",
        f'<w:numbering xmlns:w="{_WORD}"/>',
    )
    root = package.change(name)
    abstract = _next_number(root, "abstractNum", "abstractNumId")
    number = max(_next_number(root, "num", "numId"), 1)
    # The schema wants pictures first, then the abstract lists, then the lists, then the rest.
    before = sum(child.tag in (f"{_W}numPicBullet", f"{_W}abstractNum") for child in root)
    root.insert(before, _element(_BULLETS.format(word=_WORD, number=abstract)))
    after = before + 1 + sum(child.tag == f"{_W}num" for child in root)
    root.insert(
        after, _element(f'<w:num xmlns:w="{_WORD}" w:numId="{number}"><w:abstractNumId w:val="{abstract}"/></w:num>')
    )
    return number


def _next_number(root: Any, name: str, attribute: str) -> int:
    numbers = (item.get(_W + attribute, "") for item in root.iter(_W + name))
    return max((int(number) for number in numbers if number.isdecimal()), default=-1) + 1


def in_language(styles: str | bytes, tag: str, rtl: bool) -> str:
    """The styles with everything in this language, for the spelling checker and for reading aloud."""
    root = _element(styles if isinstance(styles, bytes) else styles.encode())
    defaults = _ensured(root, "docDefaults", before=("latentStyles", "style"))
    run_defaults = _ensured(defaults, "rPrDefault", before=("pPrDefault",))
    _ensured(_ensured(run_defaults, "rPr"), "lang", before=("eastAsianLayout", "specVanish", "oMath"))
    for element in root.iter(f"{_W}lang"):
        element.set(f"{_W}val", tag)
        if rtl:
            element.set(f"{_W}bidi", tag)
    return _serialised(root)


def _is_default_paragraph(style: Any) -> bool:
    return style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true", "on")


def _ensured(parent: Any, name: str, before: Iterable[str] = ()) -> Any:
    """The child of this name; where there is none it is made, in front of the first of ``before``."""
    found = parent.find(_W + name)
    if found is not None:
        return found
    later = {_W + other for other in before}
    position = next((index for index, child in enumerate(parent) if child.tag in later), len(parent))
    parent.insert(position, _element(f'<w:{name} xmlns:w="{_WORD}"/>'))
    return parent[position]


def _value(parent: Any, name: str) -> str:
    found = parent.find(_W + name)
    return "" if found is None else str(found.get(f"{_W}val", ""))


def _element(xml: str | bytes) -> Any:
    from lxml import etree

    return etree.fromstring(xml)


# --- Tags -----------------------------------------------------------------------------------------------------------

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_BROKEN: Final = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}|\{\Z|\A\}")
# Tags that docxtpl puts in the place of the paragraph, row or cell around them, with all that stands in it.
_WIDE: Final = re.compile(r"(\{\{|\{%|\{#)(p|tr|tc) ")
_BLOCK: Final = re.compile(rf"\{{\{{p ({'|'.join(PARTS)}) *\}}\}}")
_DOCUMENT: Final = re.compile(r"\{\{p document\(.*\) *\}\}")
_SPACED: Final = re.compile(rf"\{{\{{\s+p\s+({'|'.join(PARTS)})\b")
_LITERAL: Final = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
_MARK: Final = re.compile(r"<\?comms (\d+)\?>")
_LINE: Final = re.compile(r"\{#\n(\d+)#\}")
_NAMES: Final = (*PLACED, "{{ title }}", "{{ date }}", "{{ language }}")


def _tagged_parts(package: _Package) -> Iterator[TagSource]:
    """The parts that differ from letter to letter."""
    document = _compiled(package, package.main)
    missing = [placed for part, placed in zip(PARTS, PLACED, strict=True) if part not in _places(document)]
    if missing:
        wrong = _("in het briefpapier ontbreekt {tags}, elk alleen in een alinea").format(tags=", ".join(missing))
        package.fail(f"{package.main}: {wrong}")
    yield document
    for name in package.names(*_HOLDS_TAGS):
        source = _compiled(package, name)
        if source.has_tags or "header-banner" in _places(source):
            yield source


def _places(source: TagSource) -> list[str]:
    return PLACE.findall(source.source)


def _compiled(package: _Package, part: str) -> TagSource:
    root = copy.deepcopy(package.tree(part))
    paragraphs = list(root.iter(f"{_W}p"))
    texts = tuple(_text_of(paragraph) for paragraph in paragraphs)

    def refuse(paragraph: int, wrong: str, allowed: Iterable[str] = ()) -> NoReturn:
        fail(package.path, part, texts, paragraph, wrong, allowed)

    for number, (paragraph, text) in enumerate(zip(paragraphs, texts, strict=True), 1):
        if mistake := _mistake(paragraph, text):
            refuse(number, *mistake)
    _mark(root)
    _open_places(root, paragraphs, texts, is_header=part in package.names(_HEADER_TYPE))
    source = _patched(root)
    has_tags = not set(PARTS).isdisjoint(PLACE.findall(source)) or bool(_TAG.search(_LINE.sub("", source)))
    try:
        tree = environment().parse(source)
        code = environment().compile(source, filename=f"<{part}>")
    except (JinjaError, SyntaxError, RecursionError) as error:  # the last two come from Python, for deep nesting
        line = getattr(error, "lineno", 0) or 0
        reason = getattr(error, "message", str(error))
        refuse(paragraph_of(source, line), _("de tag klopt niet: {reason}").format(reason=reason), _NAMES)
    names = tuple(sorted(set(_named(tree))))
    return TagSource(part, source, code, _pieces(tree), texts, names, has_tags, _only_prints_recipient(tree))


def _mistake(paragraph: Any, text: str) -> tuple[str, Iterable[str]] | None:
    """What docxtpl would take in silence, losing text: what is wrong, and what there is."""
    if _BROKEN.search(_TAG.sub("", text)):
        wrong = _("een tag is niet af: {pairs} horen samen in één alinea")
        return wrong.format(pairs="{{ }}, {% %}, {# #}"), _NAMES
    if re.search(r"\{[{%]", "".join(code.text or "" for code in paragraph.iter(f"{_W}instrText"))):
        return _("in een veldcode kan geen tag staan"), ()
    for tag in _TAG.findall(text):
        if spaced := _SPACED.match(tag):
            return _("{tag} heeft een spatie te veel").format(tag=tag), ["{{p " + spaced[1] + " }}"]
        wide = _WIDE.match(tag)
        if wide and wide[1] == "{{" and not _BLOCK.fullmatch(tag) and not _DOCUMENT.fullmatch(tag):
            return _("{tag} bestaat niet").format(tag=tag), PLACED
        if tag.startswith("{{r "):
            return _("{tag} bestaat niet").format(tag=tag), _NAMES
        if wide and not _alone(paragraph, wide[2], tag):
            return _("naast {tag} mag niets staan, het zou verdwijnen").format(tag=tag), ()
    return None


def _pieces(tree: nodes.Template) -> tuple[str, ...]:
    """The text and dotted names in turns; nothing when the template does more than print these."""
    pieces = [""]
    for output in tree.body:
        if not isinstance(output, nodes.Output):
            return ()
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                pieces[-1] += node.data
            elif name := dotted(node):
                pieces += [name, ""]
            else:
                return ()
    return tuple(pieces)


def _named(tree: nodes.Template) -> Iterator[str]:
    """The dotted names in a template, such as ``school.phone``."""
    return filter(None, map(dotted, tree.find_all(nodes.Getattr)))


def _only_prints_recipient(tree: nodes.Template) -> bool:
    """Whether nothing but the places of the recipient's values differs from letter to letter."""
    named = [each for each in tree.find_all(nodes.Name) if each.name == "recipient"]
    caught = (nodes.AssignBlock, nodes.CallBlock, nodes.FilterBlock, nodes.Macro)
    if not named or any(True for _caught in tree.find_all(caught)):
        return not named
    printed = [
        each
        for output in tree.find_all(nodes.Output)
        for each in output.nodes
        if isinstance(each, nodes.Getattr) and isinstance(each.node, nodes.Name) and each.node.name == "recipient"
    ]
    return len(printed) == len(named)


def _text_of(paragraph: Any) -> str:
    """A paragraph's own text, without that of text boxes in it."""
    return "".join(
        text.text or "" for text in paragraph.iter(f"{_W}t") if next(text.iterancestors(f"{_W}p"), None) is paragraph
    )


def _alone(paragraph: Any, kind: str, tag: str) -> bool:
    around = paragraph if kind == "p" else next(paragraph.iterancestors(_W + kind), None)
    if around is None:
        return False
    lost = (f"{_W}{name}" for name in ("sectPr", "drawing", "pict", "object", "br", "fldChar", "footnoteReference"))
    return (
        "".join(t.text or "" for t in around.iter(f"{_W}t")).strip() == tag and next(around.iter(*lost), None) is None
    )


def _mark(root: Any) -> None:
    """Notes before every paragraph, row and cell which paragraph starts there, so that a mistake has a place."""
    from lxml import etree

    number = 0
    for element in list(root.iter(f"{_W}p", f"{_W}tr", f"{_W}tc")):
        starts = element.tag == f"{_W}p"
        number += starts
        element.addprevious(etree.ProcessingInstruction("comms", str(number if starts else number + 1)))


def _open_places(root: Any, paragraphs: list[Any], texts: Iterable[str], is_header: bool) -> None:
    """Puts a processing instruction where blocks of the message, or the banner, will come."""
    from lxml import etree

    for paragraph, text in zip(paragraphs, texts, strict=True):
        if found := _BLOCK.fullmatch(text.strip()):
            paragraph.getparent().replace(paragraph, etree.ProcessingInstruction(f"comms-{found[1]}"))
    body = root.find(f"{_W}body")
    if body is not None:
        body.insert(0, etree.ProcessingInstruction("comms-banner"))
    elif is_header:
        root.insert(0, etree.ProcessingInstruction("comms-header-banner"))


def _patched(root: Any) -> str:
    """The part as a Jinja template, by docxtpl's own patching; a line starts with the number of its paragraph."""
    from docxtpl import DocxTemplate
    from lxml import etree

    source: str = DocxTemplate("").patch_xml(etree.tostring(root, encoding="unicode"))
    for written, meant in _LITERAL.items():
        source = source.replace(written, f"{{{{ '{meant}' }}}}")
    # A comment prints nothing and still counts as a line; Jinja reports lines.
    return _MARK.sub(r"{#\n\1#}", source)
