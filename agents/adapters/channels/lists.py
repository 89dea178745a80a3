"""Lists of recipients that a channel's options name as a file."""

from pathlib import Path


def text_of(file: Path, *, bytes_max: int, if_larger: str) -> str:
    """The text of a list, which may begin with a byte order mark; `ValueError` says why it cannot be used.

    `if_larger` says what to do with a list of more than `bytes_max` bytes.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(bytes_max + 1)
    except OSError as error:
        raise ValueError(f"the list {file} cannot be read ({error.strerror}): put it there") from None
    if len(content) > bytes_max:
        raise ValueError(f"the list {file} is larger than {bytes_max // 1024} KiB: {if_larger}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"the list {file} is not UTF-8 text: save it with that encoding") from None
