"""A CSV file as bytes: where its records and cells stand, codes of its keys, which of them are equal; nothing is parsed.

Cells are compared eight bytes at a time for many rows at once. What this cannot decide (quotes inside quotes, other widths of
the same letters) is left to whoever parses the record.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.comparison.compare import key_text

PADDING = 16
"""Zero bytes that must follow the text, so that eight bytes can be taken anywhere."""

_BLOCK = 1 << 14
"""Rows worked on at once: their figures stay in the processor's cache."""
_BYTES = 1 << 18
_LONGEST = 100_000
_QUOTE, _RETURN, _NEWLINE = 34, 13, 10
_WORD = np.uint64
_ONES, _HIGHS = _WORD(0x0101010101010101), _WORD(0x8080808080808080)
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=_WORD)
_PRIMES = (_WORD(0x9E3779B97F4A7C15), _WORD(0xBF58476D1CE4E5B9))


class NotPlain(Exception):
    """The text cannot be taken apart without parsing it."""


class Lines:
    """Records of a CSV text in UTF-8; `starts` and `stops` are offsets."""

    def __init__(self, data: bytearray, delimiter: str) -> None:
        """`data` is the text and `PADDING` zero bytes. Raises NotPlain."""
        self._text, self._data = data, memoryview(data)
        self._bytes = np.frombuffer(data, np.uint8)
        self._words = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))
        self.delimiter = delimiter
        size = len(data) - PADDING
        self._quotes = _places(data, _QUOTE)
        self._prove_quotes()
        returns = _places(data, _RETURN)
        if not (self._bytes[returns + 1] == _NEWLINE).all():
            raise NotPlain
        self._breaks = ends = _places(data, _NEWLINE)
        if len(self._quotes):
            ends = ends[self._outside(ends)]
        if size and (not len(ends) or ends[-1] != size - 1):
            ends = np.append(ends, ends.dtype.type(size))
        self.starts = np.zeros_like(ends)
        self.starts[1:] = ends[:-1] + 1
        self.stops = ends
        if len(returns):
            self.stops = ends - ((self._bytes[ends - 1] == _RETURN) & (ends > self.starts))
        if len(ends) and int((self.stops - self.starts).max()) > _LONGEST:
            raise NotPlain

    def __len__(self) -> int:
        return len(self.starts)

    def keep(self, rows: Ints | slice) -> None:
        """Only these records from now on."""
        self.starts, self.stops = self.starts[rows], self.stops[rows]
        self.__dict__.pop("_firsts", None)

    def from_line(self, number: int) -> slice:
        """The records that begin on a line of the file or below it."""
        return slice(int((self.numbers(slice(number)) < number).sum()), None)

    def numbers(self, rows: Ints | slice) -> Ints:
        """The lines of the file, from 1, on which records begin."""
        above: Ints = np.searchsorted(self._breaks, self.starts[rows])
        return above + 1

    def pieces(self, size: int) -> Ints:
        """The `size` bytes from each offset on, as one value."""
        return np.ndarray((len(self._data) - size + 1,), f"V{size}", self._data, strides=(1,))

    def parsed(self, rows: Ints) -> Iterator[list[str]]:
        """The cells of some records, in the order asked for. Raises NotPlain at a broken quotation mark."""
        spans = zip(self.starts[rows].tolist(), self.stops[rows].tolist(), strict=True)
        texts = (str(self._data[start:stop], "utf-8") for start, stop in spans)
        try:
            yield from csv.reader(texts, delimiter=self.delimiter, strict=True)
        except csv.Error:
            raise NotPlain from None

    def codes(self, columns: Sequence[int]) -> tuple[Ints, Ints]:
        """One number per record for its key, equal where the keys mean the same (other keys may share one, very rarely);
        and the records whose whole key is blank."""
        codes = np.empty(len(self), dtype=_WORD)
        odd = np.zeros(len(self), dtype=bool)
        for start in range(0, len(self), _BLOCK):
            rows = slice(start, start + _BLOCK)
            codes[rows], odd[rows] = self._codes_of_block(rows, columns)
        blank: list[int] = []
        strange = np.flatnonzero(odd)
        for start in range(0, len(strange), _BLOCK):
            some = strange[start : start + _BLOCK]
            keys = [
                [key_text(cells[at]) if at < len(cells) else "" for at in columns]
                for cells in self.parsed(some)
            ]
            codes[some] = _codes_of_texts(keys)
            blank += [int(row) for row, key in zip(some, keys, strict=True) if not any(key)]
        return codes, np.array(blank, dtype=np.int64)

    def _codes_of_block(self, rows: slice, columns: Sequence[int]) -> tuple[Ints, Flags]:
        codes: Ints = np.zeros(1, dtype=_WORD)
        strange: Flags = np.zeros(1, dtype=bool)
        for at in columns:
            begin, end = self.cells(rows, at)
            length = end - begin
            code, all_bits = _coded(self._words, begin, length)
            first, last = self._bytes[begin], self._bytes[np.maximum(end - 1, 0)]
            plain = (length > 0) & (first > 32) & (first != _QUOTE) & (last > 32) & (all_bits & _HIGHS == 0)
            codes, strange = _joined(codes, code), strange | ~plain
        return codes, strange

    def cells(self, rows: Ints | slice, at: int) -> tuple[Ints, Ints]:
        """Where the cell in column `at` of some records begins and ends, without the quotes around it; behind the last cell: nothing."""
        start, stop = self.starts[rows], self.stops[rows]
        if not at and not len(self._quotes):
            return start, self._first_cut(start, stop)
        first = self._firsts[rows]
        last = len(self._cuts) - 1
        begin = np.minimum(self._cuts[np.minimum(first + at - 1, last)] + 1, stop) if at else start
        end = np.minimum(self._cuts[np.minimum(first + at, last)], stop)
        if len(self._quotes):
            quoted = (self._bytes[begin] == _QUOTE) & (end > begin)
            if len(self._doubled):
                quoted &= np.searchsorted(self._doubled, begin) == np.searchsorted(self._doubled, end)
            begin, end = begin + quoted, end - quoted
        return begin, end

    @cached_property
    def _firsts(self) -> Ints:
        """Which of the delimiters is the first of each record, or of those below it."""
        return np.searchsorted(self._cuts, self.starts).astype(self.starts.dtype)

    @cached_property
    def _cuts(self) -> Ints:
        """Where the delimiters stand that are not inside of quotes; then the end of the text."""
        cuts = _places(self._text, ord(self.delimiter))
        if len(self._quotes):
            cuts = cuts[self._outside(cuts)]
        return np.append(cuts, cuts.dtype.type(len(self._text) - PADDING))

    def _first_cut(self, begin: Ints, stop: Ints) -> Ints:
        """The first delimiter from `begin` on, at most `stop`; for short cells quicker than looking all delimiters up."""
        wanted = _ONES * _WORD(ord(self.delimiter))
        found: Ints = np.minimum(begin + _first(self._words[begin] ^ wanted), stop)
        rows = np.flatnonzero((found - begin == 8) & (found < stop))
        while len(rows):
            at = found[rows]
            found[rows] = np.minimum(at + _first(self._words[at] ^ wanted), stop[rows])
            rows = rows[(found[rows] - at == 8) & (found[rows] < stop[rows])]
        return found

    def _outside(self, places: Ints) -> Flags:
        """Which places stand outside of quotes."""
        outside: Flags = np.searchsorted(self._quotes, places) & 1 == 0
        return outside

    def _prove_quotes(self) -> None:
        """Quotes only around whole cells, doubled within. Raises NotPlain."""
        quotes, cut = self._quotes, ord(self.delimiter)
        if len(quotes) % 2:
            raise NotPlain
        opening, closing = quotes[0::2], quotes[1::2]
        before, after = self._bytes[np.maximum(opening - 1, 0)], self._bytes[closing + 1]
        doubled = opening[1:] == closing[:-1] + 1
        begins = (before == cut) | (before == _NEWLINE) | (opening == 0)
        ends = (after == cut) | (after == _NEWLINE) | (after == _RETURN) | (after == 0)
        self._doubled = closing[:-1][doubled]
        begins[1:] |= doubled
        ends[:-1] |= doubled
        if not (begins.all() and ends.all()):
            raise NotPlain


def equal_lines(left: Lines, right: Lines, rows: Ints, others: Ints) -> Flags:
    """Which of these left records are byte for byte the right ones beside them."""
    same = np.empty(len(rows), dtype=bool)
    for start in range(0, len(rows), _BLOCK):
        some = slice(start, start + _BLOCK)
        one, other = rows[some], others[some]
        same[some] = _equal(
            left, left.starts[one], left.stops[one], right, right.starts[other], right.stops[other]
        )
    return same


def equal_cells(
    left: Lines, right: Lines, rows: Ints, others: Ints, columns: Sequence[tuple[int, int]]
) -> Flags:
    """Which of these left records have the same bytes in all these columns as the right ones beside them."""
    same = np.ones(len(rows), dtype=bool)
    for start in range(0, len(rows), _BLOCK):
        some = slice(start, start + _BLOCK)
        one, other = rows[some], others[some]
        for mine, theirs in columns:
            same[some] &= _equal(left, *left.cells(one, mine), right, *right.cells(other, theirs))
    return same


def _equal(left: Lines, begin: Ints, end: Ints, right: Lines, other: Ints, other_end: Ints) -> Flags:
    """Spans of 2^k to 2^(k+1) bytes are equal when their first and their last 2^k bytes are."""
    length = end - begin
    same: Flags = length == other_end - other
    begin, other, length = begin.astype(np.int64), other.astype(np.int64), length.astype(np.int64)
    for power in range(int(length.max(initial=0)).bit_length()):
        size = 1 << power
        rows = np.flatnonzero(same & (length >= size) & (length < 2 * size))
        if len(rows):
            one, two, rest = left.pieces(size), right.pieces(size), length[rows] - size
            start, start_too = begin[rows], other[rows]
            same[rows] = (one[start] == two[start_too]) & (one[start + rest] == two[start_too + rest])
    return same


def _places(data: bytearray, byte: int) -> Ints:
    """Where a byte stands."""
    size = len(data) - PADDING
    kind = np.int32 if size < 1 << 31 else np.int64
    if data.find(byte) < 0:
        return np.zeros(0, dtype=kind)
    text = np.frombuffer(data, np.uint8, size)
    found = [
        (np.flatnonzero(text[start : start + _BYTES] == byte) + start).astype(kind)
        for start in range(0, size, _BYTES)
    ]
    return np.concatenate(found)


def _first(words: Ints) -> Ints:
    """Which byte of each word is the first zero; 8 when none is."""
    hits = (words - _ONES) & ~words & _HIGHS
    return (np.bitwise_count((hits & (~hits + _WORD(1))) - _WORD(1)) >> 3).astype(np.int32)


def _coded(words: Ints, begin: Ints, length: Ints) -> tuple[Ints, Ints]:
    """A number for the bytes of each span, and the bits that any of its bytes has."""
    word = words[begin] & _MASKS[np.minimum(length, 8)]
    code, bits = _joined(length.astype(_WORD), word), word
    done = 8
    while len(rows := np.flatnonzero(length > done)):
        word = words[begin[rows] + done] & _MASKS[np.minimum(length[rows] - done, 8)]
        code[rows] = _joined(code[rows], word)
        bits[rows] |= word
        done += 8
    return code, bits


def _joined(code: Ints, word: Ints) -> Ints:
    """Two numbers made into one, well mixed (the steps of splitmix64)."""
    mixed = (code * _PRIMES[0]) ^ word
    mixed = (mixed ^ (mixed >> _WORD(30))) * _PRIMES[1]
    return mixed ^ (mixed >> _WORD(31))


def _codes_of_texts(keys: Sequence[Sequence[str]]) -> Ints:
    """What `codes` gives for keys that stand in a file in just these letters."""
    codes: Ints = np.zeros(1, dtype=_WORD)
    for column in zip(*keys, strict=True):
        texts = [text.encode() for text in column]
        length = np.array([len(text) for text in texts])
        words = np.ndarray((int(length.sum()) + 8,), "<u8", b"".join(texts) + bytes(PADDING), strides=(1,))
        codes = _joined(codes, _coded(words, np.cumsum(length) - length, length)[0])
    return codes
