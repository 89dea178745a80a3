"""A real Apache Kafka on this machine, without containers: for tests and benchmarks, and for trying the Kafka log."""

from tests.cluster.cluster import Cluster, Guard
from tests.cluster.jars import NoKafka

__all__ = ["Cluster", "Guard", "NoKafka"]
