"""Where copies of files are kept by their SHA-256: a folder, or whatever fsspec reaches; the only door to fsspec."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from bofbot.errors import ApplicationError, BofbotError, NotReady
from bofbot.files import atomic_write, sha256_of
from bofbot.words import Sentence

_WHOLE_AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "memory"})
"""Where a file appears when all of it has arrived; elsewhere it is written aside and moved."""
_EXTRAS = {"s3": "s3", "s3a": "s3"}
_S3 = {"config_kwargs": {"connect_timeout": 5, "read_timeout": 60, "retries": {"max_attempts": 2}}}


class Shelf(Protocol):
    """A place for files. Every method raises ApplicationError when the place is away."""

    def put(self, path: Path, sha256: str) -> None:
        """Keep a file under its hash, whole or not at all; one that is there already stays."""

    def get(self, sha256: str, path: Path) -> None:
        """Bring a file back, whole or not at all. Raises ApplicationError also when it is not there, or has been changed."""

    def write(self, name: str, content: bytes) -> None:
        """A small file under a name of its own, e.g. a list of what belongs together."""


def open_shelf(address: str, folder: Path) -> Shelf:
    """The shelf at `s3://bucket/prefix`, another address of fsspec, or a folder (relative to `folder`); nothing is asked
    yet. Raises NotReady for an extra that is not installed, or an address that nobody knows."""
    scheme = scheme_of(address)
    if scheme in ("", "file"):
        path = Path(address.removeprefix("file://"))
        return _Folder(folder / path)
    try:
        from fsspec import core
    except ImportError as error:
        raise _missing(scheme, "evidence") from error
    try:
        untyped: Any = core
        system, root = untyped.url_to_fs(address, **(_S3 if scheme in _EXTRAS else {}))
    except ImportError as error:
        raise _missing(scheme, _EXTRAS.get(scheme, "")) from error
    except ValueError as error:
        raise NotReady(
            Sentence(en=f"nobody knows the address {scheme}://…: {error}", ja=f"{scheme}:// という保管先は使えません：{error}")
        ) from error  # fmt: skip
    return _Remote(system, str(root).rstrip("/"), scheme)


def scheme_of(address: str) -> str:
    """`s3` of `s3://bucket/prefix`; "" for a folder, also one of Windows (`D:\\evidence`)."""
    return urlsplit(address).scheme if "://" in address else ""


def place_of(sha256: str) -> str:
    """Two letters of folders keep each of them short."""
    return f"{sha256[:2]}/{sha256}"


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder, usually a share; it must be there, so that a share that is not mounted is never taken for an empty one."""

    root: Path

    def put(self, path: Path, sha256: str) -> None:
        with self._here():
            kept = self.root / place_of(sha256)
            if not kept.is_file() or kept.stat().st_size != path.stat().st_size:
                with path.open("rb") as source:
                    atomic_write(kept, lambda target: shutil.copyfileobj(source, target))

    def get(self, sha256: str, path: Path) -> None:
        with self._here():
            _bring(path, sha256, lambda aside: shutil.copyfile(self.root / place_of(sha256), aside))

    def write(self, name: str, content: bytes) -> None:
        with self._here():
            atomic_write(self.root / name, content)

    @contextmanager
    def _here(self) -> Iterator[None]:
        if not self.root.is_dir():
            raise _away(str(self.root), "no such folder")
        try:
            yield
        except OSError as error:
            raise _away(str(self.root), error.strerror or str(error)) from error


@dataclass(frozen=True, slots=True)
class _Remote:
    system: Any
    root: str
    scheme: str

    def put(self, path: Path, sha256: str) -> None:
        with self._here():
            kept = f"{self.root}/{place_of(sha256)}"
            if self.system.exists(kept) and self.system.info(kept).get("size") == path.stat().st_size:
                return
            if self.scheme not in _WHOLE_AT_ONCE:
                self.system.makedirs(kept.rpartition("/")[0], exist_ok=True)
                aside = f"{kept}.{secrets.token_hex(4)}.part"
                self.system.put_file(str(path), aside)
                self.system.mv(aside, kept)
            else:
                self.system.put_file(str(path), kept)

    def get(self, sha256: str, path: Path) -> None:
        with self._here():
            _bring(
                path,
                sha256,
                lambda aside: self.system.get_file(f"{self.root}/{place_of(sha256)}", str(aside)),
            )

    def write(self, name: str, content: bytes) -> None:
        with self._here():
            self.system.pipe_file(f"{self.root}/{name}", content)

    @contextmanager
    def _here(self) -> Iterator[None]:
        """Every file system has errors of its own, and none of them may end a run."""
        shown = f"{self.scheme}://{self.root}"
        try:
            self.system.invalidate_cache()
            yield
        except BofbotError:
            raise
        except FileNotFoundError as error:
            raise _away(shown, "not found") from error
        except Exception as error:
            raise _away(shown, f"{type(error).__name__}: {str(error)[:200]}") from error


def _bring(path: Path, sha256: str, fetch: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".bofbot-{secrets.token_hex(6)}")
    try:
        fetch(aside)
        if sha256_of(aside) != sha256:
            raise ApplicationError(
                Sentence(
                    en=f"the copy of {path.name} is not the file that was kept: its hash differs",
                    ja=f"{path.name} の写しが保管したものと違います（ハッシュが一致しません）",
                )
            )
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _missing(scheme: str, extra: str) -> NotReady:
    fix = f'pip install "bofbot[{extra}]"' if extra else f"https://filesystem-spec.readthedocs.io: {scheme}"
    return NotReady(
        Sentence(
            en=f"what reaches {scheme}:// is not installed",
            ja=f"{scheme}:// を使うための追加機能がありません",
        ),
        fix=Sentence.same(fix),
    )


def _away(where: str, why: str) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"the evidence's place {where} cannot be used: {why}",
            ja=f"証跡の保管先 {where} を利用できません：{why}",
        )
    )
