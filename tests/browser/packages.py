"""What the browser tests need: a Chromium of the machine, and what npm brings once into the user's cache.

That is axe-core, which looks through pages, and a directory of people to sign in at.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.cluster.jars import COMPLETE, alone

PACKAGE = Path(__file__).with_name("package.json")
FETCH_SECONDS_MAX = 120.0
NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(Exception):
    """No browser can be started here: install Debian's package `chromium`, and npm."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


def chromium() -> str:
    """The browser's program; raises `NoBrowser` if there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoBrowser
    return found


def axe() -> str:
    """The script that looks through a page; raises `NoBrowser` if it cannot be had."""
    return (packages() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def packages() -> Path:
    """The folder with the packages, filled first if it is empty; raises `NoBrowser` if that cannot be done."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    content = PACKAGE.read_bytes()
    folder = cache / "holdingline" / f"browser-{hashlib.sha256(content).hexdigest()[:12]}"
    with alone(folder):
        if not (folder / COMPLETE).exists():
            (folder / PACKAGE.name).write_bytes(content)
            _fetch(folder)
    return folder / "node_modules"


def _fetch(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoBrowser
    command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=FETCH_SECONDS_MAX)
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", None) or b"")[-2000:].decode(errors="replace")
        raise NoBrowser(f"npm could not bring the packages: {error}. {said}") from error
    (folder / COMPLETE).touch()
