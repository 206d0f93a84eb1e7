"""A disk that may lose its power: what a traced run wrote, and every state in which a power cut may leave it.

Sure is only what was synced: the content of a file by its own fsync, its name by an fsync of its folder. Of the rest
any part may be there or not, torn at 512 bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = "openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,link,unlink"
OPTIONS = ("-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call that succeeded. `words` are its arguments, texts as bytes."""

    name: str
    words: tuple[bytes, ...]
    result: int


def calls_of(trace: Path) -> Iterator[Call]:
    """What strace wrote with OPTIONS, in the order in which the calls ended."""
    begun: dict[str, str] = {}
    for line in trace.read_text().splitlines():
        pid, _, rest = line.partition(" ")
        rest = rest.strip()
        if rest.endswith("<unfinished ...>"):
            begun[pid] = rest.removesuffix("<unfinished ...>")
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>", rest):
            rest = begun.pop(pid) + rest[resumed.end() :]
        if found := re.match(r"(\w+)\((.*)\)\s+= (\d+)", rest):
            yield Call(found[1], tuple(_word(word) for word in found[2].split(", ")), int(found[3]))


def _word(text: str) -> bytes:
    """`5<\\x2f…>` is the path behind a descriptor, `"\\x2f…"` is a text; anything else stays."""
    shown = re.search(r'[<"]((?:\\x[0-9a-f]{2})*)[>"]', text)
    return bytes.fromhex(shown[1].replace("\\x", "")) if shown else text.encode()


@dataclass(eq=False)
class File:
    """What is sure of a file's content, and what was written since."""

    sure: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """(offset, data); without data the file is cut at the offset."""

    def sync(self) -> None:
        for change in self.pending:
            _change(self.sure, *change)
        self.pending.clear()

    @property
    def length(self) -> int:
        whole = bytearray(self.sure)
        for change in self.pending:
            _change(whole, *change)
        return len(whole)

    def after_a_cut(self, dice: random.Random, keep: float) -> bytes:
        """Each sector of each pending write is there with the chance `keep`."""
        left = bytearray(self.sure)
        for offset, data in self.pending:
            if data is None:
                if dice.random() < keep:
                    _change(left, offset, None)
                continue
            start = 0
            while start < len(data):
                end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
                if dice.random() < keep:
                    _change(left, offset + start, data[start:end])
                start = end
        return bytes(left)


def _change(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


class Disk:
    """The files below one folder, as the calls of a run change them."""

    def __init__(self, folder: Path, files: Mapping[str, bytes], *, unsynced: str = "") -> None:
        """`files` were there before. `unsynced`: a sync of files whose name ends so does nothing, as careless
        programs have it."""
        self._root = f"{folder}/"
        self._unsynced = unsynced
        self.names = {name: File(bytearray(content)) for name, content in files.items()}
        self._sure_names = dict(self.names)
        self._renamed: list[tuple[str, File | None]] = []
        """Changes of names not yet synced: name, and the file it stands for from then on."""
        self._places: dict[str, int] = {}

    def apply(self, call: Call) -> bool:
        """Whether it changed what a cut may leave."""
        path = (
            call.words[1 if call.name == "openat" else 0]
            .decode("utf-8", "replace")
            .removesuffix(" (deleted)")
        )
        if not (path + "/").startswith(self._root) or path.endswith("-shm"):
            return False
        if call.name == "openat":
            return self._open(path, call.words[2].decode())
        if call.name in ("fsync", "fdatasync"):
            return self._sync(path)
        if call.name in ("rename", "link", "unlink"):
            return self._name(call, path)
        file = self.names.get(path)
        if file is None:
            return False
        if call.name == "ftruncate":
            file.pending.append((int(call.words[1]), None))
        elif call.name == "pwrite64":
            file.pending.append((int(call.words[3]), call.words[1][: call.result]))
        else:
            place = self._places.get(path, file.length)
            file.pending.append((place, call.words[1][: call.result]))
            self._places[path] = place + call.result
        return True

    def images(self, dice: random.Random, torn: int) -> Iterator[dict[str, bytes]]:
        """The disks after a cut at this moment: nothing of what is pending, all of it, and `torn` ones between."""
        for keep in (0.0, 1.0, *(dice.uniform(0.1, 0.9) for _ in range(torn))):
            names = dict(self._sure_names)
            count = round(len(self._renamed) * keep)
            for name, file in self._renamed[:count]:
                names[name] = file  # type: ignore[assignment]
            yield {name: file.after_a_cut(dice, keep) for name, file in names.items() if file is not None}

    def _open(self, path: str, flags: str) -> bool:
        self._places.pop(path, None)
        if "O_CREAT" in flags and path not in self.names:
            self.names[path] = File()
            self._renamed.append((path, self.names[path]))
            self._places[path] = 0
            return True
        if "O_TRUNC" in flags:
            self.names[path].pending.append((0, None))
            self._places[path] = 0
        return "O_TRUNC" in flags

    def _sync(self, path: str) -> bool:
        if file := self.names.get(path):
            if not (self._unsynced and path.endswith(self._unsynced)):
                file.sync()
            return True
        inside = [change for change in self._renamed if change[0].rpartition("/")[0] == path.rstrip("/")]
        for name, file in inside:
            if file is None:
                self._sure_names.pop(name, None)
            else:
                self._sure_names[name] = file
        self._renamed = [change for change in self._renamed if change not in inside]
        return True

    def _name(self, call: Call, path: str) -> bool:
        file = self.names[path] if call.name == "link" else self.names.pop(path, None)
        if call.name != "unlink":
            target = call.words[1].decode("utf-8", "replace")
            assert file
            self.names[target] = file
            self._renamed.append((target, file))
        if call.name != "link":
            self._renamed.append((path, None))
        return True
