"""One transport for each scheme of a broker URL: it says which log the scheme means."""

from typing import Any

from yarl import URL

from infra.addresses import path_of
from infra.driver import Transport
from infra.kafka_log import KafkaLog, KafkaLogSettings, settings_of
from infra.log import Log
from infra.sqlite_log import SqliteLog, SqliteLogSettings


class SqliteTransport(Transport):
    """`sqlite:///var/trust.db` is a file in the working directory, `sqlite:////srv/trust.db` one from the root."""

    record_bytes_max = SqliteLogSettings().record_bytes_max

    def new_log(self, url: URL) -> Log:
        app: Any = self.app
        return SqliteLog(path_of(url), settings=SqliteLogSettings(at_door=app.ground.at_door))


class KafkaTransport(Transport):
    """`kafka://one:9092,two:9092?replication=3&insync=2`; the address also says who we are."""

    record_bytes_max = KafkaLogSettings().record_bytes_max

    def new_log(self, url: URL) -> Log:
        del url  # The first broker only.
        app: Any = self.app
        settings = settings_of(self.url, worker=app.ground.worker)
        # Faust's own assignor deals the partitions, so that its tables, routes and leader work with several workers.
        return KafkaLog(settings, assignor=lambda: app.assignor)
