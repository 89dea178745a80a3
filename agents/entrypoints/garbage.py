"""How a process that goes on looks for garbage in cycles."""

import gc

OBJECTS_BETWEEN = 20_000
"""A batch of posts makes about as many objects, nearly all of which end without being looked for: Python looks after
700, which took a tenth of the mention lane's time.
"""


def look_seldom() -> None:
    """Look from now on, but seldom, and never among what is there already: it stays until the end."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN)
    gc.enable()
