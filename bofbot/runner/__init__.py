"""Plan → events: plays a plan, step by step, and tells what happens. Knows no verb, no browser and no sink."""

from bofbot.runner.play import play
from bofbot.runner.surroundings import Surroundings

__all__ = ["Surroundings", "play"]
