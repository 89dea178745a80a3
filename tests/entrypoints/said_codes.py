"""A trust whose people have code sheets: an officer types what is said on the telephone."""

import asyncio
import io
import json
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any, Self

import pytest

from agents.entrypoints.cli.main import main
from agents.entrypoints.cli.record.doors import open_door
from streams.values import Subject, SubjectKind
from streams.words.register.sheets import SIGNS
from tests.entrypoints.commanding import INCIDENT, run
from tests.examples import APPROVER
from tests.scenarios.kill_bench import Done, Service

REPORT = {"major_incident": True, "exact_location": "Block C", "type_of_incident": "fire"}
OFFICER = "gwilym.heddfan"
ENROLLER = "dilys.maenhir"


class Receiver(io.StringIO):
    """What the officer types: for each question what `says` makes of all that was shown so far."""

    def __init__(self, shown: io.StringIO, says: Callable[[str], str]) -> None:
        super().__init__()
        self._shown, self._says = shown, says

    def readline(self, *_: Any) -> str:  # type: ignore[override] # typeshed says bytes of all streams
        """One line that is typed."""
        return self._says(self._shown.getvalue()) + "\n"


@dataclass
class Trust:
    """A running service, and the sheets of the people who have one."""

    service: Service
    codes: dict[str, list[str]] = field(default_factory=dict)

    def ready(self, *people: str) -> Self:
        """Enrol a sheet for each of these people, let codes count, and wait until the register of the log says so."""
        for person in people:
            self.enrol(person)
        trust_file = self.service.folder / "register/register/trust.yaml"
        trust_file.write_text(f"{trust_file.read_text()}\nspoken_orders: allowed\n")
        # The door shows the register of the last order: wait until one was judged by the changed files.
        for _ in range(100):
            reported = self.service.order("report", INCIDENT, by=APPROVER, file=REPORT)
            assert reported.returncode == 0, reported.stderr
            if "codes that are said prove nothing" not in self.said("freeze", INCIDENT, "?", by=APPROVER).stderr:
                return self
        raise AssertionError("the changed files never came into force")

    def enrol(self, person: str) -> None:
        """Print a sheet, enrol it, and put the entry into the register."""
        register = self.service.folder / "register"
        hashes = self.service.folder / f"{person}.json"
        code, made, complained = run("key", "sheet", person, "--out", str(hashes), "--json")
        assert code == 0, complained
        self.codes[person] = json.loads(made)["codes"]
        enrolled = ("key", "enrol-sheet", person, str(hashes), "--as", ENROLLER, "--register", str(register))
        code, entry, complained = run(*enrolled)
        assert code == 0, complained
        people = register / "register/people.yaml"
        people.write_text(people.read_text().replace(f"- id: {person}\n", f"- id: {person}\n{entry}\n", 1))

    def said(self, *arguments: str, by: str, says: Callable[[str], str] | None = None, to: str = OFFICER) -> Done:
        """An order of this person that an officer enters; without `says` the person says the code that is asked for."""
        said, complained = io.StringIO(), io.StringIO()
        given = [*arguments, "--as", by, "--said-to", to, "--log", self.service.log_url]
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(complained):
            patch.setattr(sys, "stdin", Receiver(complained, says or self.right(by)))
            with pytest.raises(SystemExit) as ended:
                main(given)
        return Done(int(ended.value.code or 0), said.getvalue(), complained.getvalue())

    def right(self, person: str) -> Callable[[str], str]:
        """The code that was asked for last, read from this person's sheet."""
        return lambda shown: self.codes[person][asked_for(shown) - 1]

    def wrong(self, person: str) -> Callable[[str], str]:
        """A code of the right form that is not on the sheet."""
        return lambda shown: "".join(SIGNS[(SIGNS.index(one) + 1) % len(SIGNS)] for one in self.right(person)(shown))

    def state(self, incident: str) -> Any:
        """The incident as it is now."""
        return asyncio.run(self.service.incidents())[incident]

    def about(self, kind: str, name: str) -> Any:
        """A case or a planned post as it is now."""
        return asyncio.run(self._about(Subject(kind=SubjectKind(kind), id=name)))

    async def _about(self, subject: Subject) -> Any:
        async with open_door("live", self.service.log_url) as door:
            return await door.state(subject)


def asked_for(shown: str) -> int:
    """The number of the code that was asked for last."""
    return int(re.findall(r"ask for code (\d+) of sheet-", shown)[-1])
