"""The packages of the network: fetched once by npm into the user's cache, never into the tree."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.cluster.jars import COMPLETE, alone

PACKAGE = Path(__file__).with_name("package.json")
FETCH_SECONDS_MAX = 540.0


class NoBluesky(Exception):
    """No Bluesky server can be started here: install Node 20 with npm, its headers, make and a C++ compiler."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


def node() -> str:
    """The Node to run servers with; raises `NoBluesky` if there is none."""
    found = shutil.which("node")
    if found is None:
        raise NoBluesky
    return found


def packages() -> Path:
    """The folder with the packages, filled first if it is empty; raises `NoBluesky` if that cannot be done."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    content = PACKAGE.read_bytes()
    folder = cache / "holdingline" / f"bluesky-{hashlib.sha256(content).hexdigest()[:12]}"
    with alone(folder):
        if not (folder / COMPLETE).exists():
            (folder / PACKAGE.name).write_bytes(content)
            _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoBluesky
    command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    prefix = Path(node()).resolve().parents[1]
    # One package is compiled: the headers of this very Node are beside it, or are fetched.
    headers = {"npm_config_nodedir": str(prefix)} if (prefix / "include" / "node" / "node.h").exists() else {}
    try:
        subprocess.run(
            command, cwd=folder, env=os.environ | headers, check=True, capture_output=True, timeout=FETCH_SECONDS_MAX
        )
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", None) or b"")[-2000:].decode(errors="replace")
        raise NoBluesky(f"npm could not bring the packages: {error}. {said}") from error
    (folder / COMPLETE).touch()
