"""What goes out if no one answers: one person delegates it, a second approves it."""

from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder, delegate, delegation_as_yaml, load
from agents.entrypoints.cli.options import AsJson, By, RegisterFolder, pairs, refusal, say
from agents.entrypoints.cli.register import approvals
from streams.decisions.verdict import Refused
from streams.values import Purpose
from streams.words.register.entries import Chain, Delegation

app = typer.Typer()
delegation_app = typer.Typer(no_args_is_help=True, help="What goes out if nobody of a chain answers.")
app.add_typer(delegation_app, name="delegation")
delegation_app.add_typer(approvals.delegation_app)


@delegation_app.command()
def propose(  # budget: a delegation has these parts
    chain: Annotated[str, typer.Argument(help="The chain of people who would not have answered.")],
    template: Annotated[str, typer.Argument(help="The template that would go out, and no other.")],
    *,
    by: By,
    purpose: Annotated[Purpose, typer.Option(help="Which of its texts.")] = Purpose.HOLDING,
    slot: Annotated[list[str], typer.Option(help="A slot, as name=value; once for each.")] = [],  # noqa: B006 - typer copies it
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print the entry by which you delegate a message, to put into `chains.yaml`, for a second person to approve."""
    delegation = Delegation(template=template, purpose=purpose, slots=pairs(slot), delegated_by=by)
    found = delegate(load(data_folder(register)), chain, delegation=delegation, at=SystemClock().now())
    advice = f"# It counts once a second person has run `holdingline delegation approve {chain}`."
    _answer(found, [advice], as_json=as_json)


def _answer(found: Chain | Refused, advice: list[str], *, as_json: bool) -> None:
    if isinstance(found, Refused):
        raise refusal(found, as_json=as_json)
    content = {
        "chain": found.id,
        "hash": found.delegation_hash(),
        **found.model_dump(mode="json", include={"delegated"}),
    }
    say(content, [delegation_as_yaml(found), *advice], as_json=as_json)
