"""The most careless verb there could be: it tells its secret in every way in which code can tell something."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import ClassVar, Self

from bofbot.action import Action, Context, Resource, Result, Scalar, Seen
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, BusinessError, NeedsPerson, NotReady, Sighting
from bofbot.words import Sentence


class Broken(BaseException):
    """Not even an Exception."""


class Shouting(ValueError):
    """Its text is not in its arguments."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told

    def __str__(self) -> str:
        return f"I was told {self.told}"

    __repr__ = __str__


class Talker(Resource):
    """A resource that says what it knows when it is opened, looked at and closed."""

    told = ""

    @classmethod
    async def open(cls, context: Context) -> Self:
        cls.told = context.secret("金庫")["password"].reveal()
        return cls()

    async def close(self) -> None:
        asyncio.get_running_loop().create_task(_stray(self.told))
        await asyncio.sleep(0)

    async def evidence(self, stem: Path) -> Seen:
        return Seen(Sighting(url=f"http://x.example/?p={self.told}", title=self.told, page_says=(self.told,)))


async def _stray(told: str) -> None:
    raise Shouting(told)


class Blab(Action):
    """Tells its secret.
    秘密を漏らす。"""

    verb: ClassVar[str] = "blab"

    blab: Scalar
    """How.
    方法。"""

    async def run(self, context: Context) -> Result:
        fields = {name: field.reveal() for name, field in context.secret("金庫").items()}
        told = fields["password"]
        match str(self.blab):
            case "message":
                raise ValueError(f"cannot read {told!r} of {fields}")
            case "cause":
                try:
                    {}[told]
                except KeyError as error:
                    raise Shouting(told) from error
            case "group":
                raise ExceptionGroup(told, [ValueError(told), Shouting(told)])
            case "note":
                error = RuntimeError("seen")
                error.add_note(told)
                raise error
            case "business":
                raise BusinessError(Sentence.same(told), fix=Sentence.same(told)) from ValueError(told)
            case "application":
                raise ApplicationError(Sentence.same(told)) from Shouting(told)
            case "environment":
                raise NotReady(Sentence.same(told), fix=Sentence.same(told))
            case "person":
                raise NeedsPerson(Sentence.same(told))
            case "resource":
                await context.resource(Talker)
                raise ApplicationError(Sentence.same("look at it"))
            case "base":
                raise Broken(told)
            case "exit":
                raise SystemExit(told)
            case "picture":
                await self._where_it_stands(context)
            case "loud":
                return self._loud(context, fields)
        return Result()

    @staticmethod
    async def _where_it_stands(context: Context) -> None:
        """Note where on the page the boxes are, then fail, so that a picture is taken."""
        browser = await context.resource(Browser)
        boxes = {
            name: await browser.page.locator(f"[name={name}]").bounding_box()
            for name in ("payee", "note", "number")
        }
        (context.work_folder / "boxes.json").write_text(json.dumps(boxes))
        raise ApplicationError(Sentence.same("take a picture"))

    @staticmethod
    def _loud(context: Context, fields: dict[str, str]) -> Result:
        """Everything a verb may hand to the run."""
        told = fields["password"]
        context.note(Sentence.same(told), "warning")
        context.progress(1, 2)
        logging.getLogger("blab").error("told %s", told)
        context.evidence_file(f"{told}.txt").write_text("a file is the verb's own; its name is ours\n")
        return Result(told, Sentence.same(told), {told: {"deep": [told, 1, fields]}}, (), {"loud": told})
