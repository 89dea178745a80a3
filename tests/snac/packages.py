"""The program snac: the machine's own, or fetched once by apt into the user's cache; nothing is installed."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.cluster.jars import COMPLETE, alone

FETCH_SECONDS_MAX = 300.0
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITES = ("trixie", "trixie-backports")
# An older Debian has an older C library, so that of snac comes along; nothing of the machine is replaced.
PACKAGES = ("snac2/trixie-backports", "libc6/trixie")


class NoSnac(Exception):
    """No server of the Mastodon API can be started here: install snac2, version 2.84 or later, or run on Debian."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


def program() -> Sequence[str]:
    """The command that runs snac, fetched first if need be; raises `NoSnac` if that cannot be done."""
    if own := shutil.which("snac"):
        return [own]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "holdingline" / "snac"
    with alone(folder):
        if not (folder / COMPLETE).exists():
            _fetch(folder)
    libraries = next((folder / "root/usr/lib").glob("*-linux-gnu"))
    loader = next(libraries.glob("ld-linux*"))
    found = f"{libraries}:/lib/{libraries.name}:/usr/lib/{libraries.name}"
    return [str(loader), "--library-path", found, str(folder / "root/usr/bin/snac")]


def _fetch(folder: Path) -> None:
    if shutil.which("apt-get") is None or not KEYRING.exists():
        raise NoSnac
    for part in ("lists/partial", "cache/archives/partial", "root"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()
    try:
        sources = [f"deb [signed-by={KEYRING}] {_mirror()} {suite} main\n" for suite in SUITES]
        (folder / "sources.list").write_text("".join(sources), encoding="utf-8")
        apt = ["apt-get", "-qq", *_all_in(folder)]
        _run([*apt, "update"], folder)
        _run([*apt, "download", *PACKAGES], folder)
        for package in folder.glob("*.deb"):
            _run(["dpkg-deb", "-x", package.name, "root"], folder)
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", None) or b"")[-1000:].decode(errors="replace")
        raise NoSnac(f"apt could not bring snac: {error}. {said}") from error
    (folder / COMPLETE).touch()


def _mirror() -> str:
    """The mirror of Debian that this machine uses already."""
    wanted = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    known = subprocess.run(wanted, check=True, capture_output=True, text=True, timeout=180).stdout.split()
    found = next((one for one in known if one.rstrip("/").endswith("/debian")), None)
    if found is None:
        raise NoSnac
    return found


def _all_in(folder: Path) -> Sequence[str]:
    """The options with which apt reads and writes in this folder only."""
    places = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
    }
    return [part for option, place in places.items() for part in ("-o", f"{option}={place}")]


def _run(command: Sequence[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=FETCH_SECONDS_MAX)
