"""What tests of the command line share: a running service."""

from collections.abc import Iterator

import pytest

from tests.entrypoints.commanding import opened
from tests.scenarios.kill_bench import Service


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service with one declared incident, whose first message is out."""
    folder = tmp_path_factory.mktemp("on")
    with opened(folder, f"sqlite:////{folder}/log.db") as running:
        yield running
