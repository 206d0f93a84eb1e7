"""Guards for XML of unknown origin: no entities, no document types, no depth without end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bofbot.statements.model import Refused
from bofbot.words import Sentence

if TYPE_CHECKING:
    from lxml.etree import _Element

    Element = _Element


def refuse_entities(data: bytes) -> None:
    """Refuse a document type or entity declaration before anything is parsed: no statement needs one, attacks do."""
    start = data[:8192]
    for text_bytes in (start, start.replace(b"\x00", b"")):
        upper = text_bytes.upper()
        if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper:
            raise _entities()


def _refuse_document_type(root: Element) -> None:
    """The same once more from the parser itself, for declarations hidden behind long comments or other encodings."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise _entities()


def _entities() -> Refused:
    return Refused(
        "entities",
        Sentence(
            en="The file declares XML entities or a document type; statements never do.",
            ja="XMLの実体宣言や文書型宣言が含まれています。正しい明細ファイルには現れません。",
        ),
        line=1,
    )


def elements(data: bytes, names: tuple[str, ...]) -> Iterator[Element]:
    """Every finished element with one of these local names, in document order of their ends.

    Raises Refused `broken-xml` or `cut-file` with the line."""
    from lxml import etree

    refuse_entities(data)
    found = etree.iterparse(
        BytesIO(data), events=("end",), tag=tuple("{*}" + name for name in names), resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in found:
            yield element
    except etree.XMLSyntaxError as error:
        raise broken_xml(error, data) from None
    _refuse_document_type(found.root)


def tree(data: bytes) -> Element:
    """The root element of a small document. Raises Refused."""
    from lxml import etree

    refuse_entities(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise broken_xml(error, data) from None
    _refuse_document_type(root)
    return root


def broken_xml(error: Any, data: bytes) -> Refused:
    """What is wrong with the XML, told apart: cut off, or malformed."""
    said = str(error.msg or error)
    cut = not _ends_with_its_root(data)
    line = int(error.lineno or 0)
    if cut:
        return Refused(
            "cut-file",
            Sentence(
                en="The XML ends before its last element is closed: the file is cut.",
                ja="XMLが閉じられないまま終わっています。ファイルが途中で切れています。",
            ),
            line=line,
        )
    return Refused(
        "broken-xml", Sentence(en=f"The XML is broken: {said}", ja=f"XMLとして読めません：{said}"), line=line
    )


_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")


def _ends_with_its_root(data: bytes) -> bool:
    """Whether the last tag closes the first one."""
    if b"\x00" in data[:100]:
        return True  # UTF-16: not told apart
    root = _ROOT.search(data)
    return (
        root is not None
        and re.search(rb"</" + re.escape(root[1]) + rb"\s*>\s*(?:<!--.*)?\Z", data[-2000:], re.S) is not None
    )


def local(element: Element) -> str:
    """The element's name without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along these local names, or None."""
    for name in path:
        if element is None:
            return None
        element = next((found for found in element if local(found) == name), None)
    return element


def children(element: Element, name: str) -> list[Element]:
    return [found for found in element if local(found) == name]


def line_of(element: Element) -> int:
    """The line of the file the element begins on; 0 when unknown."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def text(element: Element | None, *path: str) -> str:
    """The stripped text of a descendant, or ""."""
    found = child(element, *path)
    return (found.text or "").strip() if found is not None else ""
