"""Windows on an X11 screen: which there are, which is in front, and bringing one there (EWMH, freedesktop.org)."""

from __future__ import annotations

from typing import Any


class Windows:
    """Asks the window manager. One connection to the display named by DISPLAY."""

    def __init__(self) -> None:
        from Xlib import display

        self._display: Any = display.Display()
        self._root: Any = self._display.screen().root

    def all(self) -> list[dict[str, Any]]:
        """Every window a person could see in the task bar: id, title, place in pixels, and whether it is active."""
        active = self._ids("_NET_ACTIVE_WINDOW")
        return [
            {"id": one, "active": one in active, **facts}
            for one in self._ids("_NET_CLIENT_LIST")
            if (facts := self._facts(one)) is not None
        ]

    def activate(self, window: int) -> None:
        """Ask that a window come to the front; whether it did is seen in `all()`."""
        from Xlib import X
        from Xlib.protocol import event

        handle = self._display.create_resource_object("window", window)
        source_is_pager = 2
        wish = event.ClientMessage(
            window=handle,
            client_type=self._display.intern_atom("_NET_ACTIVE_WINDOW"),
            data=(32, [source_is_pager, X.CurrentTime, 0, 0, 0]),
        )
        self._root.send_event(wish, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._display.flush()

    def _ids(self, name: str) -> list[int]:
        from Xlib import X

        found = self._root.get_full_property(self._display.intern_atom(name), X.AnyPropertyType)
        return [int(one) for one in found.value if one] if found else []

    def _facts(self, window: int) -> dict[str, Any] | None:
        from Xlib import X, error

        try:
            handle = self._display.create_resource_object("window", window)
            size = handle.get_geometry()
            corner = self._root.translate_coords(handle, 0, 0)
            title = ""
            for name in ("_NET_WM_NAME", "WM_NAME"):
                kept = handle.get_full_property(self._display.intern_atom(name), X.AnyPropertyType)
                if not title and kept:
                    title = _text(kept.value)
        except (error.BadWindow, error.BadDrawable):
            return None  # closed a moment ago
        return {"title": title, "x": corner.x, "y": corner.y, "width": size.width, "height": size.height}


def _text(value: Any) -> str:
    """A property's text: read already where the library could, else its bytes."""
    text = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    return text.rstrip("\0")
