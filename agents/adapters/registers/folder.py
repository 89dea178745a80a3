"""Finds the data folder; every other module asks here."""

from pathlib import Path

import agents

LINKED = "is a link that leads out of its folder, so others could change it unseen: put the file itself there"


def leads_out(path: Path, folder: Path) -> bool:
    """Whether this path in a folder leads out of it, by a link of its own or of a folder on the way."""
    return not path.resolve().is_relative_to(folder.resolve())


def data_folder(configured: Path | None = None) -> Path:
    """The configured folder, else the one inside the installed package, else the one beside it in a checkout.

    The one beside it comes last: in site-packages that folder would belong to another package.
    """
    if configured is not None:
        return configured
    package = Path(agents.__file__).parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"
