"""Puts `templates/` into the wheel as `agents/_templates`.

A static force-include would also copy it into site-packages on an editable install, and go stale there.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TemplatesHook(BuildHookInterface[Any]):
    """Adds the data folder to a real wheel, and leaves an editable one alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "standard" or "editable"; `build_data["force_include"]` maps source to target paths."""
        templates = Path(self.root) / "templates"
        if version == "standard" and templates.is_dir():
            build_data["force_include"][str(templates)] = "agents/_templates"
