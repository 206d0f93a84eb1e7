"""Reading workbooks with python-calamine: fast, typed cells of xlsx, xlsm, xlsb, xls and ods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bofbot.adapters.workbooks.bookfile import BookFile, password_protected, read_book_file, refused
from bofbot.adapters.workbooks.bookparts import NO_REMARKS, BookParts, Remarks
from bofbot.adapters.workbooks.zips import BadZip
from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.values.text import find_name, nearest
from bofbot.words import Sentence

if TYPE_CHECKING:
    from bofbot.adapters.workbooks.sheetstream import SheetStream


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """One sheet's name, and whether people see it."""

    name: str
    visible: bool


class Book:
    """An open workbook, a snapshot of the file."""

    def __init__(self, file: BookFile, calamine: Any) -> None:
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        self.file = file
        self._calamine = calamine
        self._known: dict[str, Any] = {}
        self.sheets = tuple(
            SheetInfo(meta.name, meta.visible == SheetVisibleEnum.Visible)
            for meta in calamine.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        )
        self._parts = BookParts(file.zip) if file.kind == "xlsx" and file.zip else None
        self.date_1904 = self._parts.date_1904 if self._parts else False

    def sheet_named(self, name: str = "") -> str:
        """The sheet meant by `name`, width and spaces aside; without a name the only visible one.
        Raises BusinessError that lists the sheets."""
        visible = [sheet.name for sheet in self.sheets if sheet.visible]
        found = find_name(name, [sheet.name for sheet in self.sheets]) if name else None
        if found is None and not name and len(visible) == 1:
            found = visible[0]
        if found is None:
            raise _no_sheet(self.file.path, name, visible or [sheet.name for sheet in self.sheets])
        return found

    def _opened(self, sheet: str) -> Any:
        """The sheet, parsed once."""
        if sheet not in self._known:
            with _in_our_words(self.file.path):
                self._known[sheet] = self._calamine.get_sheet_by_name(sheet)
        return self._known[sheet]

    def rows(self, sheet: str) -> Iterator[list[Any]]:
        """Every row from row 1, every cell from column A: str, float, bool, date, datetime, time, timedelta; "" if empty."""
        return _rows_of(self._opened(sheet))

    def streamed(self, sheet: str) -> SheetStream | None:
        """The same rows read piece by piece; None where a book is not of that kind or a sheet not so large."""
        from bofbot.adapters.workbooks.sheetstream import LARGE, SheetStream

        zipped, parts = self.file.zip, self._parts
        if not zipped or not parts or zipped.parts[parts.sheets[sheet]].size < LARGE:
            return None
        path = self.file.path

        def read(data: bytes) -> tuple[int, Iterator[list[Any]]]:
            with _in_our_words(path):
                opened = _calamine(data).get_sheet_by_name(sheet)
                top, left = opened.start or (0, 0)
                rows = opened.to_python(skip_empty_area=True)
                return top + 1, ([""] * left + row for row in rows) if left else iter(rows)

        return SheetStream(parts, sheet, read)

    def height(self, sheet: str) -> int:
        """How many rows the sheet has, to its last used one."""
        end = self._opened(sheet).end
        return end[0] + 1 if end else 0

    def merged(self, sheet: str) -> list[tuple[int, int, int, int]]:
        """Merged ranges as first row, first column, last row, last column, from 1."""
        ranges = self._opened(sheet).merged_cell_ranges or []
        return [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]

    def remarks(self, sheet: str) -> Remarks:
        """What the cells alone do not tell: error cells, formulas never computed, hidden rows, zero-padded numbers."""
        return self._parts.remarks(sheet) if self._parts else NO_REMARKS


def open_book(path: Path) -> Book:
    """The workbook at `path`. Raises what `read_book_file` raises."""
    file = read_book_file(path)
    with _in_our_words(path):
        return Book(file, _calamine(file.data))


def _calamine(data: bytes) -> Any:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(BytesIO(data))


def _rows_of(opened: Any) -> Iterator[list[Any]]:
    """Every row from row 1 and column A; calamine leaves out the columns left of the first cell."""
    lead: list[Any] = [""] * (opened.start[1] if opened.start else 0)
    return (lead + row for row in opened.iter_rows()) if lead else opened.iter_rows()


class _in_our_words:  # noqa: N801  (reads as the phrase it is)
    """Maps what calamine raises, its panics included, to a BusinessError about the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, BusinessError):
            return
        if isinstance(error, BadZip):
            raise refused(self._path, error.reason, _REPAIR) from error
        from python_calamine import CalamineError, PasswordError

        if isinstance(error, PasswordError):
            raise password_protected(self._path) from error
        if isinstance(error, CalamineError) or type(error).__name__ == "PanicException":
            raise refused(
                self._path, Sentence(en="the workbook is damaged", ja="ブックが壊れています"), _REPAIR
            ) from error


def _no_sheet(path: Path, name: str, sheets: list[str]) -> BusinessError:
    listed = Sentence(en=", ".join(sheets), ja="、".join(sheets))
    if not name:
        return BusinessError(
            Sentence(
                en=f"{path.name} has {len(sheets)} sheets: ",
                ja=f"{path.name} にはシートが {len(sheets)} 枚あります：",
            )
            + listed,
            fix=Sentence(en="say which with `sheet:`", ja="`sheet:` でシートを指定してください"),
            sighting=Sighting(looked_for="sheet", cell=Cell(str(path))),
        )
    near = nearest(name, sheets, 1)
    return BusinessError(
        Sentence(
            en=f'{path.name} has no sheet "{name}"; its sheets: ',
            ja=f"{path.name} にシート「{name}」がありません。シート一覧：",
        )
        + listed,
        fix=Sentence(en=f"did you mean {near[0]}?", ja=f"もしかして：{near[0]}") if near else None,
        sighting=Sighting(looked_for=name, cell=Cell(str(path), name)),
    )


_REPAIR = Sentence(
    en="open it in Excel, let it be repaired, and save it", ja="Excel で開いて修復し、保存し直してください"
)
