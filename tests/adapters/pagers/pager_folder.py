"""The example with a pager for text messages, whose secret is not set."""

from pathlib import Path

from tests.adapters.breaking import Break

PAGERS, SECRET = "register/pagers.yaml", "HOLDINGLINE_TEST_NOTIFY"
NOTIFY_TEMPLATE = "0f0e0d0c-0b0a-0908-0706-050403020100"
TEXTS = (
    f"- {{id: texts, via: sms, kind: notify, credential: {{secret: {SECRET}, mode: live}}, "
    f"options: {{template: {NOTIFY_TEMPLATE}}}}}\n"
)
NO_SECRET = f"the secret {SECRET} of pager texts is not set: set it where the worker runs"


def with_texts(folder: Path, entry: str = TEXTS) -> None:
    """Add the pager to this copy of the example."""
    Break(PAGERS, "- id: letters\n", f"{entry}- id: letters\n", "", "").apply(folder)
