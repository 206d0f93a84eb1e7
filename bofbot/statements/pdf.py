"""PDF pages as rows of cells, built from the boxes of their characters; also the files a PDF carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bofbot.statements.model import Refused
from bofbot.words import Sentence

_MOST_PAGES = 2000
_MOST_CHARACTERS = 5_000_000
_CELL_GAP = 0.7
"""A gap wider than this part of the letters' height parts two cells; a blank is about 0.3."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands together on a line, and where it stands (points from the left edge)."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class PdfRow:
    """One line of a page; `number` counts the rows of the whole file from 1."""

    page: int
    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Pdf:
    """What a PDF holds for us."""

    rows: tuple[PdfRow, ...]
    attachments: tuple[tuple[str, bytes], ...]
    has_pictures: bool
    pages: int


def open_pdf(data: bytes) -> Pdf:
    """Rows and attachments. Raises Refused: cut-file, password-protected, broken-pdf, too-large, garbled-text."""
    if b"%%EOF" not in data[-4096:]:
        raise Refused(
            "cut-file",
            Sentence(
                en="The PDF does not end with %%EOF: it is cut.",
                ja="PDFの終わりの印（%%EOF）がありません。ファイルが途中で切れています。",
            ),
        )
    document = _document(data)
    try:
        return _whole(document)
    except _library().PdfiumError:
        raise _broken() from None
    finally:
        document.close()


def _whole(document: Any) -> Pdf:
    if len(document) > _MOST_PAGES:
        raise Refused(
            "too-large",
            Sentence(
                en=f"The PDF has {len(document)} pages.",
                ja=f"PDFが {len(document)} ページあり、多すぎます。",
            ),
        )
    rows: list[PdfRow] = []
    pictures = False
    for number in range(len(document)):
        page = document[number]
        for pieces in _lines(page):
            rows.append(PdfRow(number + 1, len(rows) + 1, pieces))
        pictures = pictures or _has_picture(page)
        page.close()
    return Pdf(tuple(rows), tuple(_attachments(document)), pictures, len(document))


def page_pictures(data: bytes, dots: int) -> Iterator[Any]:
    """Each page drawn at so many dots per inch, as an array of pixels."""
    document = _document(data)
    try:
        for number in range(len(document)):
            page = document[number]
            yield page.render(scale=dots / 72).to_numpy()
            page.close()
    except _library().PdfiumError:
        raise _broken() from None
    finally:
        document.close()


def _library() -> Any:
    import pypdfium2

    return pypdfium2


def _raw() -> Any:
    import pypdfium2.raw

    return pypdfium2.raw


def _document(data: bytes) -> Any:
    library = _library()
    try:
        return library.PdfDocument(data)
    except library.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused(
                "password-protected",
                Sentence(en="The PDF is protected by a password.", ja="PDFにパスワードがかかっています。"),
            ) from None
        raise _broken() from None


def _broken() -> Refused:
    return Refused("broken-pdf", Sentence(en="The PDF is damaged.", ja="PDFが壊れています。"))


def _has_picture(page: Any) -> bool:
    pdfium = _raw()

    return any(kind.type == pdfium.FPDF_PAGEOBJ_IMAGE for kind in page.get_objects(max_depth=3))


def _attachments(document: Any) -> Iterator[tuple[str, bytes]]:
    for index in range(min(document.count_attachments(), 50)):
        attachment = document.get_attachment(index)
        yield attachment.get_name(), bytes(attachment.get_data())


@dataclass(slots=True)
class _Letter:
    character: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


def _lines(page: Any) -> Iterator[tuple[Piece, ...]]:
    """The page's lines from top to bottom, each cut into pieces at wide gaps."""
    letters = _letters(page)
    letters.sort(key=lambda letter: -letter.middle)
    line: list[_Letter] = []
    for letter in letters:
        if line and abs(line[0].middle - letter.middle) > 0.5 * max(
            line[0].top - line[0].bottom, letter.top - letter.bottom, 2.0
        ):
            yield _pieces(line)
            line = []
        line.append(letter)
    if line:
        yield _pieces(line)


def _letters(page: Any) -> list[_Letter]:
    pdfium = _raw()

    textpage = page.get_textpage()
    count = textpage.count_chars()
    if count > _MOST_CHARACTERS:
        raise Refused(
            "too-large", Sentence(en="A page holds too many characters.", ja="1ページの文字が多すぎます。")
        )
    box = pdfium.FS_RECTF(0, 0, 0, 0)
    letters = []
    garbled = 0
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(textpage.raw, index)
        if code in (0, 0xFFFD, 0xFFFE, 0xFFFF):
            garbled += 1
            continue
        character = chr(code)
        if character.isspace() or code < 32:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(textpage.raw, index, box):
            continue
        letters.append(_Letter(character, box.left, box.right, box.bottom, box.top))
    textpage.close()
    if garbled * 20 > count > 20:
        raise Refused(
            "garbled-text",
            Sentence(
                en="The PDF's letters have no meaning attached (no Unicode map).",
                ja="PDFの文字に文字コードの対応がなく、読み取れません。",
            ),
        )
    return letters


def _pieces(line: list[_Letter]) -> tuple[Piece, ...]:
    line.sort(key=lambda letter: letter.left)
    height = max(letter.top - letter.bottom for letter in line)
    pieces: list[Piece] = []
    words = ""
    left = right = 0.0
    for letter in line:
        gap = letter.left - right
        if words and gap > _CELL_GAP * height:
            pieces.append(Piece(words, left, right))
            words = ""
        if not words:
            left = letter.left
        elif gap > 0.18 * height:
            words += " "
        words += letter.character
        right = max(letter.right, right) if words[:-1] else letter.right
    pieces.append(Piece(words, left, right))
    return tuple(pieces)
