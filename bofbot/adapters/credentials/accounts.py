"""An account is a lock: one session per account at a time on this machine, whichever run or project wants it, and on all
machines that share a store; so many as `accounts: {NAME: {sessions: 3}}` allows, where a site bears several.

The system lets go of the lock when its holder dies, however it dies."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, Any, Self

from bofbot.action import Context, Locks, Resource
from bofbot.adapters.credentials.age_vault import key_file
from bofbot.adapters.credentials.sessions import Account
from bofbot.errors import ApplicationError, NotReady
from bofbot.locking import locked
from bofbot.words import Sentence

_LOOK_AGAIN = 0.2
"""Seconds between two looks whether the account is free."""


class Accounts(Resource):
    """The accounts this run is logged in to; they are free again when the run has closed its browser."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[str, IO[str]]] = {}
        """The account's mark → the lock of its session, the file that is locked here."""
        self._locks: Locks | None = None

    @classmethod
    async def open(cls, context: Context) -> Self:
        return cls(key_file().parent / "accounts")

    async def take(self, account: Account, context: Context) -> None:
        """Hold the account until the run ends. Waits as long as the step may, then raises ApplicationError that names
        the run which holds it."""
        if account.mark in self._held:
            return
        known = context.settings.accounts.get(account.name)
        seats = [_seat(account.mark, number) for number in range(known.sessions if known else 1)]
        files = {seat: self._file(seat) for seat in seats}
        try:
            seat = await self._free_seat(account, files, context)
        except BaseException:
            for file in files.values():
                file.close()
            raise
        for other in set(files) - {seat}:
            files[other].close()
        _sign(files[seat], context)
        self._held[account.mark] = (seat, files[seat])
        self._locks = context.locks

    async def _free_seat(self, account: Account, files: dict[str, IO[str]], context: Context) -> str:
        """The first session that is free, locked here and over all machines; the others are let go."""
        waited = 0.0
        here: set[str] = set()
        while True:
            for seat, file in files.items():
                if seat in here or locked(file):
                    here.add(seat)
                    if context.locks.take(f"account {seat}"):
                        return seat
            if waited >= context.timeout * 0.8:
                elsewhere = {"robot": "another machine・別の端末"}
                raise _in_use(account.name, elsewhere if here else _holder(next(iter(files.values()))))
            await context.sleep(_LOOK_AGAIN)
            waited += _LOOK_AGAIN

    def holds_others(self, account: Account) -> bool:
        """Is the run logged in to other accounts too?"""
        return bool(set(self._held) - {account.mark})

    def _file(self, seat: str) -> IO[str]:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._folder / f"{seat}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as refused:
            raise NotReady(
                Sentence(
                    en=f"accounts cannot be locked in {self._folder}: {refused.strerror}",
                    ja=f"{self._folder} でアカウントを排他できません: {refused.strerror}",
                ),
                fix=Sentence(en="make the folder writable", ja="フォルダーに書き込めるようにしてください"),
            ) from None
        return os.fdopen(descriptor, "r+", encoding="utf-8")

    async def close(self) -> None:
        while self._held:
            _, (seat, file) = self._held.popitem()
            if self._locks is not None:
                self._locks.give_back(f"account {seat}")
            file.close()


def _seat(mark: str, number: int) -> str:
    """The name of one session's lock; the first is the account's own."""
    return f"{mark}.{number + 1}" if number else mark


def _sign(file: IO[str], context: Context) -> None:
    """Say who holds it, for those who wait."""
    file.seek(0)
    file.truncate()
    json.dump({"run": context.run_id, "robot": context.robot_name, "pid": os.getpid()}, file)
    file.flush()


def _holder(file: IO[str]) -> dict[str, Any]:
    file.seek(0)
    try:
        written: dict[str, Any] = json.loads(file.read())
    except ValueError:
        return {}
    return written


def _in_use(name: str, holder: dict[str, Any]) -> ApplicationError:
    run, robot, pid = (holder.get(part, "?") for part in ("run", "robot", "pid"))
    return ApplicationError(
        Sentence(
            en=f"the account {name} is in use by run {run} ({robot}, process {pid})",
            ja=f"アカウント「{name}」は実行 {run}（{robot}、プロセス {pid}）が使用中です",
        ),
        fix=Sentence(
            en="wait until that run has ended; give `login` a longer `timeout` to wait by itself",
            ja="その実行が終わってからやり直してください。`login` の `timeout` を長くすると、終わるまで待ちます",
        ),
    )
