"""Options and profiles that all tests share."""

import gc
import logging
import os
from collections.abc import Generator, Iterator
from functools import partial
from itertools import islice

import pytest
import structlog
from hypothesis import HealthCheck, settings

from agents.entrypoints.garbage import look_seldom
from tests import bluesky, browser
from tests.architecture.tree import ROOT
from tests.browser import shared as browser_ground
from tests.contracts.kafka import ground as kafka_ground
from tests.contracts.kafka.ground import kafka_address
from tests.grounds import EmptyLog, in_a_file, on_a_cluster
from tests.networks import networks
from tests.snac import shared as snac_ground

__all__ = ["networks"]

NOT_TESTED = (kafka_ground.NOT_TESTED, bluesky.NOT_TESTED, snac_ground.NOT_TESTED, browser.NOT_TESTED)

# Tests start hundreds of processes: where no bytecode may be left beside the code, each would compile all of it again.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / "var/bytecode"))

# Shared machines stall: a slow example is no error, a different one on every run is.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=5, help="How often a kill test kills its worker.")
    parser.addoption("--incidents", type=int, default=30, help="How many incidents run while a cluster has faults.")
    parser.addoption("--chaos-seed", type=int, default=1, help="What the faults of a cluster are drawn from.")
    parser.addoption("--alterations", type=int, default=1_000, help="In how many ways a piece of evidence is altered.")
    parser.addoption("--seeds", type=int, default=20, help="How many seeds a test of faults runs with.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests first: one that began last would keep every other process waiting.

    Each process is given its part of the list, and takes from the ends of the others' parts when it is done.
    So those that kill, and want the machine to themselves, are in one part, and the other slow ones in the others.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    kill = [one for one in items if one.get_closest_marker("kill")]
    slow = [one for one in items if one.get_closest_marker("slow") and not one.get_closest_marker("kill")]
    long = {id(one) for one in (*kill, *slow)}
    rest = iter([one for one in items if id(one) not in long])
    others = processes - 1
    dealt = [kill, *(slow[one::others] for one in range(others))] if others else [[*kill, *slow]]
    ordered: list[pytest.Item] = []
    for process, begins in enumerate(dealt):
        size = (len(items) - len(ordered)) // (processes - process)
        ordered += [*begins, *islice(rest, max(0, size - len(begins)))]
    items[:] = [*ordered, *rest]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported stays until the end: it is not to be looked through for garbage again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        look_seldom()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `seed` runs once for each of them."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--seeds")))


@pytest.fixture(autouse=True)
def log_settings() -> Iterator[None]:
    """What a command sets for its log lines ends with its test."""
    level, settings_before = logging.root.level, structlog.get_config()
    yield
    logging.root.setLevel(level)
    structlog.configure(**settings_before)


@pytest.fixture(scope="session")
def kills(pytestconfig: pytest.Config) -> int:
    """How often to kill the worker."""
    return int(pytestconfig.getoption("--kills"))


@pytest.fixture(scope="session")
def alterations(pytestconfig: pytest.Config) -> int:
    """In how many ways to alter a piece of evidence."""
    return int(pytestconfig.getoption("--alterations"))


def pytest_sessionfinish() -> None:
    """What the tests of a process share ends with them."""
    snac_ground.end()
    browser_ground.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """All tests that a missing server skips are named in one line: pytest folds those of one place."""
    report = yield
    if isinstance(report.longrepr, tuple) and any(one in report.longrepr[2] for one in NOT_TESTED):
        report.longrepr = (kafka_ground.__file__, 1, report.longrepr[2])
    return report


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """The address of a Kafka cluster, the same for all tests."""
    with kafka_address() as address:
        yield address


@pytest.fixture(scope="module", params=["embedded", "kafka"])
def empty_log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> EmptyLog:
    """Empty logs, on each ground in turn."""
    if request.param == "kafka":
        return partial(on_a_cluster, request.getfixturevalue("kafka"))
    return partial(in_a_file, tmp_path_factory)


@pytest.fixture
def log_url(empty_log: EmptyLog) -> Iterator[str]:
    """The address of an empty log of the test's own, on each ground in turn."""
    with empty_log() as url:
        yield url


@pytest.fixture(scope="session")
def incidents(pytestconfig: pytest.Config) -> int:
    """How many incidents to run."""
    return int(pytestconfig.getoption("--incidents"))
