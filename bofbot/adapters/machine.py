"""What this machine has (a browser, a Japanese font, a display) and how to get what it lacks. Only the standard library.

Measured: Debian's chromium-headless-shell starts in 0.29x the time of chromium and takes half the memory, so it comes first."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Say = Callable[[str], None]

HEADLESS = ("chromium-headless-shell", "chrome-headless-shell")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Switches without which a browser talks to its maker, or fails on a machine without a graphics card."""

_APPLICATIONS = "Applications/{0}.app/Contents/MacOS/{0}"
_MAKERS = {
    "chrome": (
        ("google-chrome", "google-chrome-stable", "chrome"),
        {
            "linux": "opt/google/chrome/chrome",
            "darwin": _APPLICATIONS.format("Google Chrome"),
            "win32": "Google/Chrome/Application/chrome.exe",
        },
    ),
    "msedge": (
        ("microsoft-edge", "microsoft-edge-stable", "msedge"),
        {
            "linux": "opt/microsoft/msedge/msedge",
            "darwin": _APPLICATIONS.format("Microsoft Edge"),
            "win32": "Microsoft/Edge/Application/msedge.exe",
        },
    ),
    "chromium": (
        ("chromium", "chromium-browser"),
        {
            "darwin": _APPLICATIONS.format("Chromium"),
            "win32": "Chromium/Application/chrome.exe",
        },
    ),
}
"""Each channel of the settings: what its program is called, and where its installer puts it."""
HEADED = tuple(name for channel in ("chromium", "chrome", "msedge") for name in _MAKERS[channel][0])
_DOWNLOADED_HEADLESS = "chromium_headless_shell-*/*/*headless*shell*"
_DOWNLOADED = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-win*/chrome.exe",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
_TRY_OUT = """data:text/html;charset=utf-8,<!doctype html><meta charset="utf-8"><body><script>
const ink = letter => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 40;
  const pen = canvas.getContext("2d");
  pen.font = "32px sans-serif";
  pen.fillText(letter, 2, 34);
  return canvas.toDataURL();
};
const boxes = ink("経") === ink("費") || ink("経") === ink(String.fromCodePoint(0x10FFFD));
document.body.textContent = boxes ? "bofbot-sees-boxes" : "bofbot-reads-japanese";
</script>"""


def find_browser(headed: bool = False) -> str | None:
    """The path of a browser of this machine: the system's own, else one that Playwright has downloaded."""
    found = _on_path(HEADED) if headed else _on_path(HEADLESS)
    return (
        found
        or (None if headed else _downloaded([_DOWNLOADED_HEADLESS]))
        or _on_path(HEADED)
        or _fixed()
        or _downloaded(_DOWNLOADED)
    )


def _on_path(names: Iterable[str]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def find_channel(
    channel: str, platform: str = sys.platform, environ: Mapping[str, str] = os.environ
) -> str | None:
    """The program of a browser that its maker has installed: by its names on the PATH, else in the usual places."""
    found = _on_path(_MAKERS[channel][0]) or next(
        filter(_is_program, usual_places(channel, platform, environ)), None
    )
    return found or (_downloaded(_DOWNLOADED) if channel == "chromium" else None)


def usual_places(channel: str, platform: str, environ: Mapping[str, str]) -> list[str]:
    """Where the installer of a browser puts it: for everybody, else for one person."""
    if platform == "win32":
        names = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        roots = [environ[name] for name in names if environ.get(name)]
    else:
        home = environ.get("HOME")
        roots = ["/", home] if platform == "darwin" and home else ["/"]
    place = _MAKERS[channel][1].get(platform)
    return [str(Path(root) / place) for root in roots] if place else []


def _is_program(place: str) -> bool:
    return Path(place).is_file() and os.access(place, os.X_OK)


def _fixed() -> str | None:
    everywhere = (place for channel in _MAKERS for place in usual_places(channel, sys.platform, os.environ))
    return next(filter(_is_program, everywhere), None)


def _downloaded(patterns: Iterable[str]) -> str | None:
    home = Path.home()
    shelf = {"darwin": home / "Library/Caches", "win32": home / "AppData/Local"}.get(
        sys.platform, home / ".cache"
    )
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or shelf / "ms-playwright")
    if not folder.is_dir():
        return None
    found = (path for pattern in patterns for path in sorted(folder.glob(pattern), reverse=True))
    return next((str(path) for path in found if path.is_file() and os.access(path, os.X_OK)), None)


def needs_no_sandbox() -> bool:
    """Chromium refuses to start as root with its sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def try_browser(path: str, seconds: float = 60.0) -> str:
    """Really start it on a page of its own: "" when it reads Japanese, "boxes" when letters are boxes, else why it failed."""
    headless = () if "headless" in Path(path).name else ("--headless=new",)
    sandbox = ("--no-sandbox",) if needs_no_sandbox() else ()
    with tempfile.TemporaryDirectory(prefix="bofbot-", ignore_cleanup_errors=True) as profile:
        command = [path, *headless, *sandbox, *QUIET, f"--user-data-dir={profile}", "--dump-dom", _TRY_OUT]
        try:
            code, page, complaints = _started(command, seconds)
        except subprocess.TimeoutExpired:
            return f"no answer within {seconds:.0f} s"
        except OSError as error:
            return error.strerror or str(error)
    if "bofbot-reads-japanese" in page:
        return ""
    if "bofbot-sees-boxes" in page:
        return "boxes"
    last = complaints.strip().splitlines()[-1:] or ["it ended without a word"]
    return f"exit {code}: {last[0][:200]}"


def _started(command: list[str], seconds: float) -> tuple[int, str, str]:
    # A process group of its own: /usr/bin/chromium is a shell script, and ending that leaves the browser alive.
    process = subprocess.Popen(  # noqa: S603, our own words and no shell
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        page, complaints = process.communicate(timeout=seconds)
    except BaseException:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()
        raise
    return process.returncode, page, complaints


def can_install() -> bool:
    """Whether packages of the system may be installed here without asking anybody: root on Debian or Ubuntu."""
    return needs_no_sandbox() and shutil.which("apt-get") is not None


def install_browser(say: Say) -> bool:
    """Get a browser: Debian's packages where we may, else Playwright's own download. True when one is there now."""
    if can_install():
        apt(["chromium-headless-shell"], say) or apt(["chromium"], say)
    if find_browser() is None:
        say("playwright install chromium")
        _run([sys.executable, "-m", "playwright", "install", "chromium"], seconds=900)
    return find_browser() is not None


def install_font(say: Say) -> bool:
    """Get a small Japanese font (3.5 MB). False where the system does not let us."""
    return can_install() and apt(["fonts-ipafont-gothic"], say)


def apt(packages: list[str], say: Say) -> bool:
    """Install Debian packages; False when it did not work."""
    say("apt-get install " + " ".join(packages))
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return _run(install) or (_run(["apt-get", "update", "-qq"]) and _run(install))


def _run(command: list[str], seconds: float = 1200) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603, our own words and no shell
            command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
