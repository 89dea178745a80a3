"""Every number of the Kafka log, with its unit last in its name."""

from dataclasses import dataclass
from ssl import SSLContext
from typing import Any

MEBIBYTE = 1024 * 1024
BATCH_OVERHEAD_BYTES = 16 * 1024
"""What Kafka adds to records and batches, generously."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to be let in: encryption and who we are."""

    protocol: str = "PLAINTEXT"
    mechanism: str = "PLAIN"
    username: str | None = None
    password: str | None = None
    ssl_context: SSLContext | None = None

    def options(self) -> dict[str, Any]:
        """The same in the words of aiokafka."""
        return {
            "security_protocol": self.protocol,
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password,
            "ssl_context": self.ssl_context,
        }


@dataclass(frozen=True, slots=True)
class KafkaLogSettings:
    """The numbers of one worker's log; the defaults suit a cluster of three brokers."""

    bootstrap: tuple[str, ...] = ("localhost:9092",)
    """Host and port of some brokers; the others are found."""
    access: Access = Access()
    worker: str = "0"
    """Tells workers of one group apart and stays the same when a worker is restarted."""

    replication_count: int = 3
    insync_count_min: int = 2
    """On how many brokers a record lies, and how many must have it before a write returns."""
    record_bytes_max: int = MEBIBYTE - BATCH_OVERHEAD_BYTES
    """Key, value and headers of one record together."""
    batch_bytes_max: int = MEBIBYTE
    """What one batch of one partition may have; brokers refuse more by default."""
    segment_seconds: float = 3600.0
    segment_bytes: int = 16 * MEBIBYTE
    """When a compacted topic begins a new file: Kafka never compacts the one that it writes, and waits a week."""

    session_seconds: float = 6.0
    """A worker that is silent for a session loses its partitions."""
    heartbeats_per_session: int = 6
    transaction_seconds_max: float = 15.0
    """A transaction that a dead worker has left open is undone after this; its readers wait as long."""
    request_seconds_max: float = 20.0
    """How long one request to a broker may take, and how long anything is tried again."""
    open_seconds_max: float = 30.0
    close_seconds_max: float = 5.0
    retry_pause_seconds: float = 0.02
    rejoin_pause_seconds: float = 0.5
    metadata_seconds_max: float = 60.0
    """How old the knowledge of topics and leaders may become."""

    fetch_wait_seconds: float = 0.1
    """How long a broker holds back an answer that has nothing to say."""
    fetch_bytes_max: int = 16 * MEBIBYTE
    fetch_partition_bytes_max: int = MEBIBYTE

    def client(self, what: str) -> dict[str, Any]:
        """What every connection of aiokafka is made with; `what` names it in the brokers' logs."""
        return {
            "bootstrap_servers": list(self.bootstrap),
            "client_id": f"holdingline-{self.worker}-{what}",
            "request_timeout_ms": int(self.request_seconds_max * 1000),
            "retry_backoff_ms": int(self.retry_pause_seconds * 1000),
            "metadata_max_age_ms": int(self.metadata_seconds_max * 1000),
            **self.access.options(),
        }

    def producer(self, what: str) -> dict[str, Any]:
        """What every producer is made with."""
        return {
            **self.client(what),
            "acks": "all",
            "enable_idempotence": True,
            "max_batch_size": self.batch_bytes_max,
            "max_request_size": self.batch_bytes_max + BATCH_OVERHEAD_BYTES,
        }
