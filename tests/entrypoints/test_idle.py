"""An order while no worker runs."""

import json
from pathlib import Path

from tests.entrypoints.commanding import DECLARE, INCIDENT
from tests.examples import CHIEF
from tests.scenarios.kill_bench import service


def test_without_a_worker_an_order_is_not_left_lying_about(log_url: str, tmp_path: Path) -> None:
    """Before the first worker and after it: the sentence says what to start, and nothing was written."""
    with service(tmp_path, log_url) as idle:
        none = idle.order("declare", INCIDENT, by=CHIEF, file=DECLARE)
        assert none.returncode == 1
        assert any(told in none.stderr for told in ("start the worker first", "The worker makes topics"))
        idle.start()
        idle.wait_until_ready()
        assert idle.stop() == 0
        gone = idle.order("declare", INCIDENT, by=CHIEF, file=DECLARE)
        assert gone.returncode == 1
        assert "holdingline serve" in gone.stderr
        assert json.loads(idle.run("status", "--log", idle.log_url, "--json").stdout) == []
