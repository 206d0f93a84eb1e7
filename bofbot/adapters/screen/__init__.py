"""The desktop: a screen of the run's own on Linux servers, the real one elsewhere, and the hands that work on it."""

from __future__ import annotations

from bofbot.adapters.screen.session import Screen, Window

__all__ = ["Screen", "Window"]
