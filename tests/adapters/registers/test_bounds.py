"""A register that the log could not keep is refused while it is read, and not when an order is to be judged by it."""

from pathlib import Path

import pytest

from agents.adapters.registers import UnusableRegisters, data_folder, files, load
from streams.words.register.kept import REGISTER_BYTES_MAX
from streams.words.register.wording import WordLists
from tests.adapters.breaking import copied, faults


def test_a_register_that_would_not_fit_into_the_log_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example takes a ninth of what there is; here there is less."""
    folder = copied(tmp_path)
    monkeypatch.setattr(files, "REGISTER_BYTES_MAX", 10_000)
    assert any("that the log keeps" in fault.sentence for fault in faults(folder))
    with pytest.raises(UnusableRegisters):
        load(folder)


def test_the_example_leaves_room_for_ten_times_as_much() -> None:
    """The word lists do not grow with the trust."""
    register = load(data_folder())
    without = register.model_copy(update={"words": WordLists()})
    words = len(register.words.model_dump_json())
    assert len(without.model_dump_json()) * 10 + words < REGISTER_BYTES_MAX
