"""Word and OpenDocument files made for a test, part by part, as the programs of others write them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from html import escape
from io import BytesIO

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    WORD: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": WORD,
        "r": OFFICE,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)  # fmt: skip
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN = f"{KIND}document.main+xml"
_PROPERTIES = {
    "docProps/core.xml": "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
    "docProps/custom.xml": f"{OFFICE}/custom-properties",
}


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; a text without markup becomes a run of its own."""
    inside = "".join(each if each.startswith("<") else run(each) for each in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def run(text: str, looks: str = "") -> str:
    text = escape(text, quote=False)
    return f'<w:r>{f"<w:rPr>{looks}</w:rPr>" if looks else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def deleted(text: str) -> str:
    inside = run(text).replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
    return f'<w:del w:id="90" w:author="Ans">{inside}</w:del>'


def inserted(text: str) -> str:
    return f'<w:ins w:id="91" w:author="Ans">{run(text)}</w:ins>'


def field(address: str, shown: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> HYPERLINK "{address}" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(*paragraphs: str, described: str = "") -> str:
    """A run with a text box as Word writes it: once for itself, and once for programs that don't know the first form."""
    inside = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        f'<wp:extent cx="2000000" cy="500000"/><wp:docPr id="1" name="Tekstvak 1" descr="{described}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2000000" cy="500000"/></a:xfrm>'
        f'<a:prstGeom prst="rect"/></wps:spPr><wps:txbx>{inside}</wps:txbx><wps:bodyPr/></wps:wsp>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f'<v:rect style="width:150pt;height:40pt"><v:textbox>{inside}</v:textbox></v:rect></w:pict></mc:Fallback>'
        "</mc:AlternateContent></w:r>"
    )


def word_file(
    *body: str,
    parts: Mapping[str, str | bytes] | None = None,
    links: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    main: str = MAIN,
    types: str = "",
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A .docx with this body. ``parts``: its other parts by name, such as ``header1``; those of a known kind are
    related to the body. ``links``: addresses by the id of their relation; ``kinds``: how other parts are related."""
    parts = dict(parts or {})
    relations, declared = "", types
    for name in parts:
        kind = name.rstrip("0123456789")
        if kind in ("header", "footer", "footnotes", "endnotes", "comments", "styles"):
            relations += f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{name}.xml"/>'
            declared += f'<Override PartName="/word/{name}.xml" ContentType="{KIND}{kind}+xml"/>'
    for name, kind in (kinds or {}).items():
        relations += f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{name}"/>'
    for key, address in (links or {}).items():
        relations += (
            f'<Relationship Id="{key}" Type="{OFFICE}/hyperlink" Target="{escape(address)}" TargetMode="External"/>'
        )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/>{declared}</Types>'
        ),
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
            + "".join(
                f'<Relationship Id="{name}" Type="{kind}" Target="{name}"/>'
                for name, kind in _PROPERTIES.items()
                if name in parts
            )
            + "</Relationships>"
        ),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{''.join(body)}</w:body></w:document>",
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
        ),
    }
    for name, content in parts.items():
        files[name if "/" in name or "[" in name else f"word/{name}.xml"] = content
    return zipped(files, compression)


def zipped(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def story(kind: str, *content: str) -> str:
    """A part such as a header: ``hdr``, ``ftr``, ``footnotes``, ``comments``, ``styles``."""
    return f"<w:{kind} {NAMESPACES}>{''.join(content)}</w:{kind}>"


def properties(**values: str) -> str:
    """The part with the document's properties."""
    inside = "".join(
        f"<{name.replace('_', ':')}>{escape(value)}</{name.replace('_', ':')}>" for name, value in values.items()
    )
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</cp:coreProperties>'
    )


_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
OPEN_NAMESPACES = (
    " ".join(f'xmlns:{each}="{_OASIS}:{each}:1.0"' for each in ("office", "text", "style", "meta", "table"))
    + f' xmlns:draw="{_OASIS}:drawing:1.0" xmlns:svg="{_OASIS}:svg-compatible:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def open_document(
    body: str,
    *,
    styles: str = "",
    meta: str = "",
    media: str = "application/vnd.oasis.opendocument.text",
    manifest: str = "",
    parts: Mapping[str, str] | None = None,
) -> bytes:
    """An .odt with this content of its text."""
    return zipped(
        {
            "mimetype": media,
            "META-INF/manifest.xml": (
                f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0">'
                f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/>{manifest}</manifest:manifest>'
            ),
            "content.xml": (
                f"<office:document-content {OPEN_NAMESPACES}><office:body><office:text>{body}</office:text></office:body>"
                "</office:document-content>"
            ),
            "styles.xml": (
                f"<office:document-styles {OPEN_NAMESPACES}><office:master-styles>{styles}</office:master-styles>"
                "</office:document-styles>"
            ),
            "meta.xml": f"<office:document-meta {OPEN_NAMESPACES}><office:meta>{meta}</office:meta></office:document-meta>",
            **(parts or {}),
        }
    )
