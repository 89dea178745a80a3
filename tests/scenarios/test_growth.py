"""Nothing in an incident's record grows with its history."""

from benchmarks.growth import Night
from tests import builders


async def test_the_record_stays_as_large_as_it_was_however_much_is_released() -> None:
    """What is settled leaves it; the count of releases gets a digit more."""
    night = Night()
    await night.give(builders.declaration())
    sizes = []
    for _ in range(60):
        await night.release()
        sizes.append(night.record_bytes)
    assert max(sizes) - min(sizes) <= 10, sizes
