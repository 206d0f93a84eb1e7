"""A robot's file → Robot, or everything that is wrong with it.

load_robot(path, verbs) -> Robot                        raises InvalidRobot
check_robot(path, verbs) -> (Robot | None, diagnostics)  warnings included
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

from bofbot.errors import Diagnostic, InvalidRobot, Place
from bofbot.files import why_refused
from bofbot.language.findings import Findings, Source, did_you_mean
from bofbot.language.head import HeadReader
from bofbot.language.names import check_names
from bofbot.language.page import Page
from bofbot.language.steps import Verbs
from bofbot.language.yaml_text import Mapping, Node, Scalar, Unreadable, read_tree
from bofbot.robot import Robot
from bofbot.words import Sentence

_PARTS_DEEP = 16


def load_robot(path: Path | str, verbs: Verbs, *, today: date | None = None) -> Robot:
    """The robot. Raises InvalidRobot with at most 20 diagnostics, sorted by line."""
    return _demanded(_Reading(verbs, today), str(path))


def load_kept_robot(path: Path | str, verbs: Verbs, texts: dict[str, str]) -> Robot:
    """The robot as its texts stood when somebody kept them (`texts_of`), whatever the files say now. Raises InvalidRobot."""
    reading = _Reading(verbs, None)
    reading.kept = {file: text.encode() for file, text in texts.items()}
    return _demanded(reading, str(path))


def texts_of(path: Path | str, verbs: Verbs) -> tuple[Robot, dict[str, str]]:
    """The robot, and the text of its file and of its parts, to keep. Raises InvalidRobot."""
    reading = _Reading(verbs, None)
    robot = _demanded(reading, str(path))
    return robot, reading.texts()


def _demanded(reading: _Reading, path: str) -> Robot:
    robot = reading.whole(path)
    if robot is None or reading.findings.errors:
        raise InvalidRobot(tuple(one for one in reading.findings.sorted() if one.severity == "error"))
    return robot


def check_robot(
    path: Path | str, verbs: Verbs, *, today: date | None = None
) -> tuple[Robot | None, tuple[Diagnostic, ...]]:
    """The robot (None when there are errors) and all diagnostics, warnings included."""
    reading = _Reading(verbs, today)
    robot = reading.whole(str(path))
    return (None if reading.findings.errors else robot), reading.findings.sorted()


class _Reading:
    """One robot with its parts, while they are read."""

    def __init__(self, verbs: Verbs, today: date | None) -> None:
        self.verbs = verbs
        self.today = today
        self.findings = Findings()
        self.sources: dict[str, Source] = {}
        self._texts: dict[str, bytes] = {}
        self.kept: dict[str, bytes] | None = None
        """Texts to read in place of files."""

    def whole(self, file: str) -> Robot | None:
        """A robot with its parts, its names checked."""
        robot = self.read(file, (), "")
        if robot is not None:
            robot = replace(robot, sha256=self.digest(), texts=self.texts())
            check_names(robot, self.sources, self.findings)
        return robot

    def read(
        self, file: str, parents: tuple[str, ...], prefix: str, asked_at: Place | None = None
    ) -> Robot | None:
        """A robot, or a part when there are parents. None when its text cannot be read at all."""
        source = self._open(file, asked_at)
        if source is None:
            return None
        try:
            tree = read_tree(source, self.findings)
        except Unreadable:
            return None
        page = Page(source, self.findings)
        if not isinstance(tree, Mapping):
            self._tell_no_robot(page, tree)
            return None
        files = (*parents, file)

        def load_part(asking: Page, node: Scalar, text: str, path: str) -> Robot | None:
            return self._part(asking, node, text, path, files)

        return HeadReader(
            page, tree, self.verbs, load_part, today=self.today, prefix=prefix, is_part=bool(parents)
        ).robot()

    def texts(self) -> dict[str, str]:
        """File → text, of all that was read."""
        return {file: raw.decode() for file, raw in self._texts.items()}

    def digest(self) -> str:
        """sha256 of all texts that were read."""
        whole = hashlib.sha256()
        for file in sorted(self._texts):
            whole.update(self._texts[file])
        return whole.hexdigest()

    def _part(self, page: Page, node: Scalar, text: str, path: str, files: tuple[str, ...]) -> Robot | None:
        folder = Path(files[-1]).parent
        file = os.path.normpath(folder / text)
        if file in files or len(files) > _PARTS_DEEP:
            chain = " → ".join([*files[files.index(file) if file in files else 0 :], file])
            message = Sentence(
                en=f"parts use each other in a circle: {chain}", ja=f"部品が互いに呼び合っています：{chain}"
            )
            page.fault("E126", message, node)
            return None
        if file not in self.kept if self.kept is not None else not Path(file).is_file():
            own = Path(files[-1]).name
            known = [str(one.relative_to(folder)) for one in sorted(folder.glob("**/*.yaml"))[:200]]
            known = [one for one in known if one != own]
            fix = did_you_mean(text, known, listed="files there", listed_ja="あるファイル")
            page.fault(
                "E125", Sentence(en=f"there is no part {file}", ja=f"部品 {file} がありません"), node, fix
            )
            return None
        return self.read(file, files, f"{path}.", page.place(node))

    def _open(self, file: str, asked_at: Place | None) -> Source | None:
        if file in self.sources:
            return self.sources[file]
        try:
            raw = Path(file).read_bytes() if self.kept is None else self.kept[file]
            source = Source(file, raw.decode("utf-8-sig").removeprefix("\ufeff"))
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            self._tell_unopened(file, Place(file, line, 1), *_NOT_UTF8)
            return None
        except (OSError, ValueError, KeyError) as error:
            message = Sentence(
                en=f"{file} cannot be read: {why_refused(error).en}",
                ja=f"{file} を読めません（{why_refused(error).ja}）",
            )
            self._tell_unopened(file, asked_at or Place(file, 1, 1), message)
            return None
        self.sources[file] = source
        self._texts[file] = raw
        return source

    def _tell_unopened(self, file: str, place: Place, message: Sentence, fix: Sentence | None = None) -> None:
        source = self.sources.get(place.file) or Source(file, "")
        self.findings.add(source, "E101", message, place, fix=fix)

    def _tell_no_robot(self, page: Page, tree: Node | None) -> None:
        message = Sentence(
            en="this is no robot: its keys are missing", ja="ロボットの定義ではありません（キーがありません）"
        )
        fix = Sentence(
            en="begin with `bofbot: 1`, `name: …` and `steps:`",
            ja="`bofbot: 1`、`name: …`、`steps:` から書き始めてください",
        )
        if isinstance(tree, Scalar) and page.full_width_in(tree):
            return
        if tree is None:
            place = Place(page.source.file, 1, 1)
            self.findings.add(
                page.source, "E121", Sentence(en="the file is empty", ja="ファイルが空です"), place, fix=fix
            )
        else:
            page.fault("E119", message, tree, fix)


_NOT_UTF8 = (
    Sentence(en="the file is not UTF-8 text", ja="ファイルの文字コードがUTF-8ではありません"),
    Sentence(
        en="save it again as UTF-8 (your editor's `save with encoding`)",
        ja="エディターの「文字コードを指定して保存」でUTF-8にしてください",
    ),
)
