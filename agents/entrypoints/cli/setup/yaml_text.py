"""YAML as the files of a register have it: plain, with each small set of fields on one line."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

WIDTH = 118


def flow(fields: Mapping[str, Any]) -> CommentedMap:
    """A set of fields that is written on one line."""
    found = CommentedMap({name: _safe(value) for name, value in fields.items()})
    found.fa.set_flow_style()
    return found


def row(values: Sequence[Any]) -> CommentedSeq:
    """A list that is written on one line."""
    found = CommentedSeq(map(_safe, values))
    found.fa.set_flow_style()
    return found


def _safe(value: Any) -> Any:  # noqa: ANN401 - YAML holds any value
    """In quotes where it begins with a question mark: the writer puts none, and on one line no reader takes it so."""
    return DoubleQuotedScalarString(value) if isinstance(value, str) and value.startswith("?") else value


def writer() -> YAML:
    """Reads and writes YAML 1.2, and keeps how its texts are folded."""
    yaml = YAML()
    yaml.width = WIDTH
    yaml.allow_unicode = True
    yaml.preserve_quotes = True
    yaml.representer.ignore_aliases = lambda _: True  # Our reader takes none: each place has its value.
    return yaml


def text_of(value: Any, *remarks: str) -> str:  # noqa: ANN401 - YAML holds any value
    """The value as a file, with remarks above it."""
    stream = StringIO()
    writer().dump(value, stream)
    return "".join(f"# {remark}\n" for remark in remarks) + stream.getvalue()
