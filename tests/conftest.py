"""Options and profiles that all tests share."""

import os

import pytest
from hypothesis import HealthCheck, settings

# Shared machines stall: a slow example is no error, a different one on every run is.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=5, help="How often a kill test kills its worker.")
    parser.addoption("--seeds", type=int, default=20, help="How many seeds a test of faults runs with.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `seed` runs once for each of them."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--seeds")))


@pytest.fixture(scope="session")
def kills(pytestconfig: pytest.Config) -> int:
    """How often to kill the worker."""
    return int(pytestconfig.getoption("--kills"))
