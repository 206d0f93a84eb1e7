"""The fault switches: what the practice portal can do wrong, one name each, with a limit to times, paths and rows."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from bofbot.errors import UsageError
from bofbot.values.units import read_duration
from bofbot.words import Sentence

FAULTS: dict[str, Sentence] = {
    "slow": Sentence(en="every page takes its time (seconds=3)", ja="画面の表示が遅い（seconds=3）"),
    "error_500": Sentence(
        en="pages answer 500 Internal Server Error", ja="画面が 500 エラー（システムエラー）になる"
    ),
    "error_500_before_booking": Sentence(
        en="a submit answers 500, nothing was booked", ja="登録が 500 エラーになり、登録されていない"
    ),
    "error_500_after_booking": Sentence(
        en="a submit answers 500, but it was booked", ja="登録が 500 エラーになるが、実は登録されている"
    ),
    "reset_before_booking": Sentence(
        en="the connection drops on a submit, nothing was booked", ja="登録中に接続が切れ、登録されていない"
    ),
    "reset_after_booking": Sentence(
        en="the connection drops on a submit, but it was booked",
        ja="登録中に接続が切れるが、実は登録されている",
    ),
    "cut_answer": Sentence(
        en="a submit is booked, its answer breaks off halfway", ja="登録はされるが、応答が途中で切れる"
    ),
    "slow_answer": Sentence(
        en="a submit is booked at once, its answer comes late (seconds=10)",
        ja="登録はすぐ済むが、応答が遅い（seconds=10）",
    ),
    "validation_error": Sentence(
        en="a submit is refused by a rule (key=K-0103 for one row)",
        ja="登録が入力チェックで拒否される（key=K-0103 で1行だけ）",
    ),
    "session_expiry": Sentence(
        en="the session ends and the login page comes back (once)",
        ja="セッションが切れてログイン画面に戻る（1回）",
    ),
    "moved_fields": Sentence(
        en="fields stand in another order with other ids at each load",
        ja="表示のたびに項目の順番と id が変わる",
    ),
    "renamed_buttons": Sentence(en="buttons bear other names", ja="ボタンの名前が変わる"),
    "overlay": Sentence(en="a notice covers the page until it is closed", ja="お知らせが画面を覆う"),
    "maintenance": Sentence(en="a maintenance page in place of every page", ja="メンテナンス画面になる"),
    "captcha": Sentence(en="a page asks to prove one is no robot", ja="「ロボットではありません」の確認画面が出る"),
    "new_terms": Sentence(en="new terms of use must be accepted", ja="利用規約の改定に同意を求める画面が出る"),
    "down": Sentence(en="every connection is dropped", ja="接続がすべて切れる（停止中）"),
    "lagging_history": Sentence(
        en="lists and searches show a booking only later (seconds=60)",
        ja="一覧と検索への反映が遅れる（seconds=60）",
    ),
    "truncated_download": Sentence(
        en="a download breaks off before its Content-Length", ja="ダウンロードが途中で切れる（Content-Length あり）"
    ),
    "truncated_download_without_length": Sentence(
        en="a download is cut short and ends as if it were whole",
        ja="ダウンロードが短いまま正常終了したように見える（Content-Length なし）",
    ),
    "html_instead_of_file": Sentence(
        en="a download holds an HTML page under the file's name", ja="ファイルの中身が HTML のエラー画面になっている"
    ),
    "zero_bytes": Sentence(en="a download is empty", ja="ダウンロードしたファイルが空（0バイト）"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One switch that is on, and how far it reaches."""

    name: str
    times: int | None = None
    """It happens so many times more; None: until it is cleared."""
    path: str = ""
    """Only for pages whose path starts so."""
    key: str = ""
    """Only for the row with this key."""
    seconds: float = 0.0


_USUAL: dict[str, Fault] = {
    "slow": Fault("slow", seconds=3.0),
    "slow_answer": Fault("slow_answer", seconds=10.0),
    "lagging_history": Fault("lagging_history", seconds=60.0),
    "session_expiry": Fault("session_expiry", times=1),
}


class Faults:
    """The switchboard. Set and cleared from any thread while the portal serves."""

    def __init__(self, written: tuple[str, ...] = ()) -> None:
        self._on: dict[str, Fault] = {}
        self._lock = threading.Lock()
        for text in written:
            self.add(text)

    def set(
        self,
        name: str,
        *,
        times: int | None = None,
        path: str = "",
        key: str = "",
        seconds: float | None = None,
    ) -> Fault:
        """Switch a fault on. Raises UsageError for a name that FAULTS does not list."""
        if name not in FAULTS:
            raise _unknown(name)
        usual = _USUAL.get(name, Fault(name))
        fault = Fault(
            name,
            usual.times if times is None else times,
            path,
            key,
            usual.seconds if seconds is None else seconds,
        )
        with self._lock:
            self._on[name] = fault
        return fault

    def add(self, text: str) -> Fault:
        """Switch on what is written as `NAME` or `NAME:times=2,path=/claims,key=K-0103,seconds=5`."""
        name, _, options = text.strip().partition(":")
        pairs = dict(part.partition("=")[::2] for part in options.split(",") if part)
        if wrong := set(pairs) - {"times", "path", "key", "seconds"}:
            raise _unreadable(text, ", ".join(sorted(wrong)))
        try:
            times = int(pairs["times"]) if "times" in pairs else None
            seconds = _seconds(pairs["seconds"]) if "seconds" in pairs else None
        except ValueError as error:
            raise _unreadable(text, str(error)) from None
        return self.set(
            name, times=times, path=pairs.get("path", ""), key=pairs.get("key", ""), seconds=seconds
        )

    def clear(self, name: str | None = None) -> None:
        """Switch one fault off, or all of them."""
        with self._lock:
            if name is None:
                self._on.clear()
            else:
                self._on.pop(name, None)

    @property
    def active(self) -> tuple[Fault, ...]:
        with self._lock:
            return tuple(self._on.values())

    def look(self, name: str, path: str = "", key: str = "") -> Fault | None:
        """The fault if it reaches this page and row; looking does not use it up."""
        with self._lock:
            return self._reaching(name, path, key)

    def strike(self, name: str, path: str = "", key: str = "") -> Fault | None:
        """The fault if it reaches this page and row; one of its times is used up."""
        with self._lock:
            fault = self._reaching(name, path, key)
            if fault and fault.times is not None:
                self._on[name] = replace(fault, times=fault.times - 1)
                if fault.times <= 1:
                    del self._on[name]
            return fault

    def _reaching(self, name: str, path: str, key: str) -> Fault | None:
        fault = self._on.get(name)
        if fault is None or not path.startswith(fault.path) or (fault.key and fault.key != key):
            return None
        return fault


def _seconds(text: str) -> float:
    return float(text) if text.replace(".", "", 1).isdigit() else read_duration(text)


def _unknown(name: str) -> UsageError:
    known = ", ".join(FAULTS)
    return UsageError(
        Sentence(en=f"no fault switch is named “{name}”", ja=f"故障スイッチ「{name}」はありません"),
        fix=Sentence(en=f"choose one of: {known}", ja=f"次から選んでください: {known}"),
    )


def _unreadable(text: str, part: str) -> UsageError:
    return UsageError(
        Sentence(
            en=f"the fault “{text}” cannot be read: {part}", ja=f"故障の指定「{text}」を読めません: {part}"
        ),
        fix=Sentence(
            en="write NAME or NAME:times=2,path=/claims,key=K-0103,seconds=5",
            ja="NAME または NAME:times=2,path=/claims,key=K-0103,seconds=5 と書いてください",
        ),
    )
