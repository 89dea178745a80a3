"""The log on an Apache Kafka cluster: replicated, for several workers.

`KafkaLog` is the worker's side and implements the port `infra.log`; `KafkaDoor` is the way in for other processes.
"""

from infra.kafka_log.address import settings_of, urls_of
from infra.kafka_log.door import KafkaDoor
from infra.kafka_log.log import KafkaLog
from infra.kafka_log.settings import Access, KafkaLogSettings

__all__ = ["Access", "KafkaDoor", "KafkaLog", "KafkaLogSettings", "settings_of", "urls_of"]
