"""The messages and risks that come with holdingline, as this trust starts with them: its languages and owner."""

from collections.abc import Mapping
from datetime import date
from io import StringIO
from typing import Any

from agents.adapters.registers import data_folder
from agents.entrypoints.cli.setup.duties import Duty
from agents.entrypoints.cli.setup.prompts import LANGUAGES, Answers
from agents.entrypoints.cli.setup.register_files import CHANNELS
from agents.entrypoints.cli.setup.yaml_text import row, writer

MESSAGES, RISKS = "messages", "register/risks.yaml"


def message_files(answers: Answers, review_on: date) -> Mapping[str, str]:
    """Each file of `messages/` with its text. No message is approved: nobody of this trust has read it yet."""
    found = {}
    for path in sorted((data_folder() / MESSAGES).glob("*.yaml")):
        yaml = writer()
        message = yaml.load(path.read_text(encoding="utf-8"))
        _keep_languages(message, answers.languages)
        message.pop("approval", None)
        if "hashtags" in message:
            message["hashtags"] = row([answers.hashtag])
        message["owner"] = answers.of_duty(Duty.COMMUNICATIONS)[0].id
        message["review_on"] = f"{review_on}"
        stream = StringIO()
        yaml.dump(message, stream)
        found[path.name] = stream.getvalue()
    return found


def risk_file(answers: Answers, review_on: date) -> str:
    """The file of the risk register: those of the accounts are about both of the trust's, and all have one owner."""
    yaml = writer()
    risks = yaml.load((data_folder() / RISKS).read_text(encoding="utf-8"))
    _keep_languages(risks, answers.languages)
    for risk in risks:
        if "channels" in risk:
            risk["channels"] = row(CHANNELS)
        risk["owner"] = answers.of_duty(Duty.COMMUNICATIONS)[0].id
        risk["review_on"] = f"{review_on}"
    stream = StringIO()
    yaml.dump(risks, stream)
    return stream.getvalue()


def _keep_languages(part: Any, spoken: tuple[str, ...]) -> None:  # noqa: ANN401 - YAML holds any value
    """Take out every text in a language that the trust does not speak, and put the leading one first."""
    if isinstance(part, dict):
        if part and part.keys() <= LANGUAGES.keys():
            kept = {language: part[language] for language in spoken if language in part}
            part.clear()
            part.update(kept)
            return
        for value in part.values():
            _keep_languages(value, spoken)
    elif isinstance(part, list):
        for value in part:
            _keep_languages(value, spoken)
