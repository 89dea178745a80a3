"""The compose file as a text: it cannot be run where the tests run, so its promises are read from it."""

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from streams.lanes import FEEDS, NAMED
from tests.architecture.tree import ROOT
from tests.commands_shown import fault_in

INFRA = ROOT / "infra"
BROKERS = ("kafka-1", "kafka-2", "kafka-3")
WORKERS = ("control", "mentions")
FILES = ("compose.yaml", "compose.alone.yaml")


def read(file: str) -> Any:
    """A file with its anchors resolved."""
    return YAML(typ="safe").load((INFRA / file).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def compose() -> Any:
    """The file for the cluster."""
    return read("compose.yaml")


def test_there_are_three_brokers_both_workers_and_the_feeds(compose: Any) -> None:
    assert sorted(compose["services"]) == sorted([*BROKERS, *WORKERS, FEEDS])
    assert {compose["services"][one]["environment"]["KAFKA_NODE_ID"] for one in BROKERS} == {1, 2, 3}


def test_every_published_port_is_bound_to_the_loopback_and_to_one_broker(compose: Any) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert len(ports) == len(set(ports)) == len(BROKERS)
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", BROKERS)
def test_a_broker_keeps_three_copies_on_a_volume_of_its_own_and_is_watched(compose: Any, name: str) -> None:
    broker = compose["services"][name]
    settings = broker["environment"]
    volume, _, folder = broker["volumes"][0].partition(":")
    assert volume == name
    assert name in compose["volumes"]
    assert folder == settings["KAFKA_LOG_DIRS"]
    assert broker["image"] == "apache/kafka:4.2.0"
    assert broker["healthcheck"]["test"][0] == "CMD"
    for what in ("DEFAULT", "OFFSETS_TOPIC", "TRANSACTION_STATE_LOG"):
        assert settings[f"KAFKA_{what}_REPLICATION_FACTOR"] == 3
    assert (settings["KAFKA_MIN_INSYNC_REPLICAS"], settings["KAFKA_TRANSACTION_STATE_LOG_MIN_ISR"]) == (2, 2)
    assert f"INSIDE://{name}:19092" in settings["KAFKA_ADVERTISED_LISTENERS"]
    assert {f"{settings['KAFKA_NODE_ID']}@{name}:9093"} <= set(settings["KAFKA_CONTROLLER_QUORUM_VOTERS"].split(","))


def test_a_broker_tells_people_the_port_that_is_published(compose: Any) -> None:
    for name in BROKERS:
        broker = compose["services"][name]
        published = broker["ports"][0].split(":")[1]
        assert f"LOOPBACK://localhost:{published}" in broker["environment"]["KAFKA_ADVERTISED_LISTENERS"]


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_has_a_name_of_its_own_and_waits_for_every_broker(compose: Any, name: str) -> None:
    worker = compose["services"][name]
    assert f"worker={name}" in worker["environment"]["HOLDINGLINE_LOG"]
    assert set(worker["depends_on"]) == set(BROKERS)
    assert worker["command"] == ["serve", "--lane", NAMED[name].name]


def test_the_feeds_have_no_secret_but_their_own_and_no_file_of_the_trust(compose: Any) -> None:
    """Nothing of a channel or a person: not by the environment, and not by a volume."""
    feeds = compose["services"]["feeds"]
    assert feeds["env_file"] == "compose.feeds.env"
    assert not any(one["env_file"] == "compose.feeds.env" for name, one in workers(compose).items() if name != "feeds")
    assert set(feeds["environment"]) == {"HOLDINGLINE_MODE", "HOLDINGLINE_LOG"}
    assert "volumes" not in feeds
    assert "worker=feeds" in feeds["environment"]["HOLDINGLINE_LOG"]
    assert feeds["command"] == ["serve", "--lane", FEEDS]
    assert (INFRA / "compose.feeds.env.example").read_text(encoding="utf-8").count("HOLDINGLINE_FEED_") == 1
    assert set(feeds["depends_on"]) == set(BROKERS)


def workers(compose: Any) -> dict[str, Any]:
    """The services of ours."""
    return {name: one for name, one in compose["services"].items() if one["image"] == "holdingline:local"}


def test_no_secret_is_written_down_and_every_variable_is_explained() -> None:
    example = (INFRA / "compose.env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    wanted = set[str]()
    for file in FILES:
        text = (INFRA / file).read_text(encoding="utf-8")
        assert re.findall(r"(?i)(?:password|secret|token)\w*\s*[:=]\s*\S+", text + example) == []
        wanted |= set(re.findall(r"\$\{(\w+)", text))
    assert wanted == explained


@pytest.mark.parametrize("file", FILES)
def test_a_service_of_ours_runs_a_command_that_there_is_and_can_change_nothing_of_its_image(file: str) -> None:
    """It writes to its volumes alone, has no capability, and a worker is watched by its answer."""
    compose = read(file)
    own = {name: one for name, one in compose["services"].items() if one["image"] == "holdingline:local"}
    assert own
    for name, one in own.items():
        assert fault_in(one["command"]) is None, name
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert not any("docker.sock" in volume for volume in one.get("volumes", ()))
        if one["command"][0] == "serve" and FEEDS not in one["command"]:
            asked = one["environment"].get("HOLDINGLINE_HEALTH") or one["command"][-1]
            assert f"http://{asked}/health" in one["healthcheck"]["test"][-1]


def test_without_brokers_all_share_a_log_and_only_the_console_is_reached_from_this_machine_alone() -> None:
    alone = read("compose.alone.yaml")
    assert sorted(alone["services"]) == ["anchor", "console", "worker"]
    assert all("log:/var/lib/holdingline" in one["volumes"] for one in alone["services"].values())
    published = {name: one["ports"] for name, one in alone["services"].items() if "ports" in one}
    assert published == {"console": ["127.0.0.1:8470:8470"]}
    assert alone["services"]["anchor"]["network_mode"] == "none"


def test_every_image_is_pinned(compose: Any) -> None:
    images = {service["image"] for service in compose["services"].values()}
    base = re.findall(r"^FROM (\S+)", (INFRA / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert all(re.search(r":(?:\d+\.\d+\.\d+|local)", image) for image in [*images, *base])
