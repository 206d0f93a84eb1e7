"""The webhooks of `bofbot serve`: the office behind the listener."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bofbot.cli.options import robot_file
from bofbot.cli.screen import say
from bofbot.office import Office
from bofbot.plan import read_inputs
from bofbot.schedule.entry import Schedule
from bofbot.schedule.hooks import Hooks
from bofbot.schedule.listener import Door, Listener


def listener_of(office: Office, book: Callable[[], Sequence[Schedule]]) -> Listener | None:
    """Not started yet; None when the settings name no port."""
    wanted = office.settings.hooks
    if not wanted.port:
        return None

    def check(schedule: Schedule, inputs: Mapping[str, str]) -> None:
        from bofbot.engine.order import order_for

        order = order_for(robot_file(schedule.robot, office.folder), inputs)
        read_inputs(order.robot().inputs, inputs, lambda: datetime.now().astimezone())

    hooks = Hooks(office.store.slots, book, office.secrets.get, check, office.store.orders.run_of)
    return Listener(hooks, Door(wanted.port, wanted.hosts), lambda said: say(said, office.language))
