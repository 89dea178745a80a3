"""Drafts into batches: those of one partition travel together and are written all or none."""

from collections.abc import Sequence
from typing import Any

from infra.log import Draft, Partition, RecordTooLarge


def require_sizes(drafts: Sequence[Draft], bytes_max: int) -> None:
    """Refuse what the cluster would refuse, before anything is written."""
    for draft in drafts:
        size = _size(draft)
        if size > bytes_max:
            raise RecordTooLarge(f"A record for {draft.partition.topic} has {size} bytes, at most {bytes_max} may be.")


def _size(draft: Draft) -> int:
    headers = sum(len(name.encode()) + len(text) for name, text in draft.headers)
    return len(draft.key or b"") + len(draft.value or b"") + headers


def pack(producer: Any, drafts: Sequence[Draft]) -> list[tuple[Partition, Any]]:
    """The batches to send, in order; a partition has several if one would be too large."""
    packed: list[tuple[Partition, Any]] = []
    open_batches: dict[Partition, Any] = {}
    for draft in drafts:
        batch = open_batches.get(draft.partition)
        if batch is None or not _fits(batch, draft):
            batch = producer.create_batch()
            open_batches[draft.partition] = batch
            packed.append((draft.partition, batch))
            if not _fits(batch, draft):
                raise RecordTooLarge
    for _, batch in packed:
        batch.close()
    return packed


def _fits(batch: Any, draft: Draft) -> bool:
    added = batch.append(timestamp=draft.timestamp_ms, key=draft.key, value=draft.value, headers=list(draft.headers))
    return added is not None
