"""A picture on its way to a vendor: it is there before the post that shows it, and until then no reader sees it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from yarl import URL

from agents.adapters.channels.vendor import NoWholeAnswer, Refusal, VendorLine
from agents.ports import NotSent
from streams.words.register.entries import StillPicture

PICTURE_SHARE = 0.35
"""Of the time for one act, for all requests about the picture: the look before and the post after them fit in too."""
AGAIN_SECONDS = 0.5
TAKEN = (200, 201, 204)


@asynccontextmanager
async def bringing(line: VendorLine, picture: StillPicture) -> AsyncIterator[None]:
    """Whatever fails in here, no words went out: `NotSent`, also where the vendor may have the picture already."""
    without = f"{picture.file} did not get there, so the words did not go out either"
    try:
        async with asyncio.timeout(line.seconds * PICTURE_SHARE):
            yield
    except TimeoutError:
        raise NotSent(f"{line.called} did not take the picture in time: {without}") from None
    except (Refusal, NoWholeAnswer) as error:
        raise NotSent(f"{error}: {without}") from None


async def again_soon() -> None:
    """Wait until a vendor that makes a picture ready is asked once more."""
    await asyncio.sleep(AGAIN_SECONDS)


def line_to(line: VendorLine, address: object, *, within: str) -> VendorLine:
    """The line for an address that the vendor gave for the content, whose answer may have any form.

    `NotSent` if it leads neither to a host `within` the vendor's domain nor to the host of `line`: a stranger would get
    the token.
    """
    try:
        given, own = URL(str(address)).origin(), URL(line.url).origin()
    except ValueError:
        given, own = None, None
    is_theirs = given is not None and given.scheme == "https" and f".{given.host}".endswith(f".{within}")
    if given is None or not (is_theirs or given == own):
        raise NotSent(f"{line.called} gave an address for the picture that is not its own, so nothing was sent there")
    return replace(line, url=str(address), empty=TAKEN)
