"""`python -m tests.snac` fetches the program, so that no test has to wait for it."""

import sys

from tests.snac.packages import program

sys.stdout.write(f"{' '.join(program())}\n")
