"""Values are built when they are first used, or all at once."""

import subprocess
import sys

ASKED = """
from streams import topics, values
def every(kind):
    return [one for sub in kind.__subclasses__() for one in (sub, *every(sub))]
print([all(one.__pydantic_complete__ for one in every(values.Frozen)), len(every(values.Frozen)) > 100])
values.build()
print([all(one.__pydantic_complete__ for one in every(values.Frozen))])
"""


def test_no_value_is_built_before_it_is_used_and_a_worker_builds_all() -> None:
    """A command waits for no validator that it does not need, and no event for any."""
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[False, True]", "[True]"]
