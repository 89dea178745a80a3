"""Finds the data folder; every other module asks here."""

from pathlib import Path

import agents


def data_folder(configured: Path | None = None) -> Path:
    """The configured folder, else the one inside the installed package, else the one beside it in a checkout.

    The one beside it comes last: in site-packages that folder would belong to another package.
    """
    if configured is not None:
        return configured
    package = Path(agents.__file__).parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"
