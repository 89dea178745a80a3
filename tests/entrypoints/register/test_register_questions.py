"""Questions to the registers that are answered without a log: a refusal names who could say yes."""

import pytest

from tests.entrypoints.commanding import run


@pytest.mark.parametrize(
    "asked",
    [
        ("approve", "fire", "--as", "hari.okonwell"),
        ("delegation", "approve", "first-words-of-a-major-incident", "--as", "hari.okonwell"),
    ],
)
def test_whoever_may_not_is_told_who_could(asked: tuple[str, ...]) -> None:
    """As in every order: the next call goes to the right person."""
    code, said, complained = run(*asked)
    assert (code, said) == (3, "")
    assert "who could: Beca Tirglas (medical director), Dilys Maenhir" in complained
