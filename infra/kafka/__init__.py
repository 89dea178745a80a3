"""A real Apache Kafka on this machine, without containers: for tests, and for trying the Kafka log out."""

from infra.kafka.cluster import Cluster, Guard
from infra.kafka.jars import NoKafka

__all__ = ["Cluster", "Guard", "NoKafka"]
