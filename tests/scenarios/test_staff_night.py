"""A night on X, Slack, Teams and a channel by hand: a real `serve`, and what the person in front of it is shown."""

import asyncio
import re
import shlex
import threading
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.adapters.channels import slack_server, teams_server, x_server
from tests.adapters.proxy import Proxy, proxy_before, resets_after
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, service, wait_until
from tests.scenarios.test_bluesky_night import approve, declared
from tests.scenarios.test_outside_night import NIGHT, in_minutes

CHANNELS = """
- id: x
  kind: x
  title: The trust on X
  owner: lowri.penfynach
  deadline_seconds: 6.0
  credential: {{secret: X_KEYS, mode: live}}
  options: {{account: "{account}", name: ArdudwyVale, url: "{x}"}}
- id: slack
  kind: slack
  title: Major incidents on Slack
  owner: lowri.penfynach
  deadline_seconds: 6.0
  credential: {{secret: SLACK_TOKEN, mode: live}}
  options: {{channel: {channel}, workspace: ardudwy, languages: "en,cy", url: "{slack}/api"}}
- id: teams
  kind: teams
  title: Major incidents in Teams
  owner: lowri.penfynach
  deadline_seconds: 6.0
  credential: {{secret: TEAMS_WORKFLOW, mode: live}}
  options: {{languages: "en,cy"}}
- id: whatsapp
  kind: by-hand
  title: The trust's WhatsApp channel
  owner: lowri.penfynach
  options: {{platform: whatsapp, url: "https://whatsapp.example/channel/ours"}}
"""


OURS = "https://whatsapp.example/channel/ours/1"


@dataclass
class Vendors:
    """What each vendor has, and the network before Slack and Teams."""

    x: x_server.XServer
    slack: slack_server.SlackServer
    teams: teams_server.TeamsServer
    to_slack: Proxy
    to_teams: Proxy


@contextmanager
def vendors() -> Iterator[Vendors]:
    """All three, on a loop of their own: the test gives orders as a person does, one after the other."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()

    async def opened() -> Vendors:
        x = await stack.enter_async_context(x_server.x_server())
        slack = await stack.enter_async_context(slack_server.slack_server())
        teams = await stack.enter_async_context(teams_server.teams_server())
        to_slack = await stack.enter_async_context(proxy_before(slack.port))
        to_teams = await stack.enter_async_context(proxy_before(teams.port))
        return Vendors(x, slack, teams, to_slack, to_teams)

    try:
        yield asyncio.run_coroutine_threadsafe(opened(), loop).result(180)
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(180)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(180)
        loop.close()


@pytest.fixture
def there() -> Iterator[Vendors]:
    with vendors() as opened:
        yield opened


@pytest.fixture
def night(tmp_path: Path, there: Vendors, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A running service that speaks on the four, on which one incident is declared."""
    monkeypatch.setenv("X_KEYS", x_server.KEYS)
    monkeypatch.setenv("SLACK_TOKEN", slack_server.TOKEN)
    monkeypatch.setenv("TEAMS_WORKFLOW", there.teams.address(there.to_teams.port))
    with service(tmp_path) as running:
        folder = tmp_path / "register"
        channels, fire = folder / "register" / "channels.yaml", folder / "messages" / "fire.yaml"
        places = {"x": there.x.url, "slack": f"http://127.0.0.1:{there.to_slack.port}"}
        names = {"account": x_server.ACCOUNT, "channel": slack_server.CHANNEL}
        channels.write_text(channels.read_text() + CHANNELS.format(**places, **names))
        fire.write_text(fire.read_text().replace("channels: [site, email]", "channels: [x, slack, teams, whatsapp]"))
        approve(running, fire)
        running.start()
        running.wait_until_ready()
        assert running.order("declare", NIGHT, by=CHIEF, file=declared()).returncode == 0
        yield running


def release(running: Service, *more: str) -> str:
    """Let a message out; what the command said. Its code says whether an outcome is unknown or a hand is waited for."""
    slots = ("--slot", "place=Ysbyty Ardudwy", "--slot", f"time={'22:29' if 'correction' in more else '22:31'}")
    promised = () if "--purpose" in more else ("--next-update", in_minutes(40))
    done = running.order("release", NIGHT, "fire", *slots, *promised, *more, by=CHIEF)
    assert done.returncode in {0, 5, 6}, done.stdout + done.stderr
    return done.stdout


def status(running: Service) -> str:
    return running.run("status", NIGHT, "--log", running.log_url).stdout


def places(shown: str) -> dict[str, str]:
    """What the status says of each channel of the message that is out."""
    return dict(re.findall(r"^       (x|slack|teams|whatsapp): (.+)$", shown, re.MULTILINE))


def inbox(running: Service) -> str:
    return running.run("inbox", "--as", CHIEF, "--log", running.log_url).stdout


def give(running: Service, word: str, *more: str) -> None:
    """Copy the first command of the inbox that begins so, as a person does."""
    line = next(one.strip() for one in inbox(running).splitlines() if one.strip().startswith(f"holdingline {word}"))
    done = running.run(*shlex.split(line)[1:], *more)
    assert done.returncode == 0, done.stdout + done.stderr


def first_words(there: Vendors) -> dict[str, Sequence[str]]:
    """How each post begins that people find at each vendor."""
    texts = {"x": there.x.texts(), "slack": there.slack.texts(), "teams": there.teams.texts()}
    return {name: [one.split()[0] for one in found] for name, found in texts.items()}


@pytest.mark.slow
def test_a_person_reads_what_became_of_each_channel_and_what_is_left_to_do(night: Service, there: Vendors) -> None:
    """One word, its correction and its withdrawal; the answer of Teams to the first one is lost."""
    there.to_teams.plays(resets_after, for_="POST")
    release(night)
    told = status(night)
    assert re.search(
        r"^WAITS .* on teams may be public or not: look at the channel, then resolve it", told, re.MULTILINE
    )
    assert re.search(r"^WAITS .* on whatsapp waits for a person's hand", told, re.MULTILINE)
    on = places(told)
    assert on["x"].startswith("https://x.com/ArdudwyVale/status/")
    assert on["slack"].startswith("https://ardudwy.slack.com/archives/")
    assert re.fullmatch(r"UNKNOWN \(.+\): sending broke off: Teams gave no clear answer \(\w+\)", on["teams"])
    assert on["whatsapp"].startswith("WAITS FOR A PERSON'S HAND")
    assert first_words(there) == {"x": ["There"], "slack": ["There"], "teams": ["There"]}

    give(night, "resolve")
    give(night, "done-by-hand", "--url", OURS)
    told = status(night)
    assert "WAITS" not in told
    assert places(told)["whatsapp"] == OURS
    assert places(told)["teams"] == "I looked at the channel, and it is there."

    release(night, "--purpose", "correction")
    assert first_words(there) == {"x": ["CORRECTION."], "slack": ["CORRECTION."], "teams": ["There", "CORRECTION."]}
    assert "the earlier post is still there: delete it in Teams by hand" in places(status(night))["teams"]
    assert "teams: delete our post with message msg-" in inbox(night)
    assert len(re.findall(r"^WAITS .* waits for a person's hand", status(night), re.MULTILINE)) == 2
    give(night, "done-by-hand")
    assert re.fullmatch(r"the earlier post was deleted by hand by .+", places(status(night))["teams"])
    assert "teams: delete our post" not in inbox(night)
    assert f"our post {OURS} is wrong: put exactly these words in its place" in inbox(night)
    give(night, "done-by-hand", "--url", OURS)

    release(night, "--purpose", "withdrawal")
    assert first_words(there) == {"x": ["We"], "slack": ["We"], "teams": ["There", "CORRECTION.", "We"]}
    assert "the earlier posts are still there: delete them in Teams by hand" in places(status(night))["teams"]
    assert f"delete our post {OURS}, then post exactly these words" in inbox(night)


@pytest.mark.slow
def test_words_that_may_still_land_are_not_forgotten_once_others_mend_them(night: Service, there: Vendors) -> None:
    """Nobody looked at Teams before the correction: the person is asked still, and is not sent to what never was."""
    there.to_teams.plays(resets_after, for_="POST")
    release(night)
    release(night, "--purpose", "correction")
    wait_until(lambda: "on teams may be public or not" in status(night), "a person is asked to look at Teams")
    assert "the words that these mend were not put there: post exactly these" in inbox(night)
