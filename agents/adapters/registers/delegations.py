"""Delegations of chains: what goes out if no one answers, by one person's delegation and a second person's approval."""

import json
from collections.abc import Iterator
from datetime import datetime
from textwrap import indent

from agents.adapters.registers.approval import as_yaml
from streams.decisions.authority.powers import Act, may
from streams.decisions.release.delegations import stands, unfit
from streams.decisions.sign_off.approval_orders import LASTS, act_of
from streams.decisions.verdict import Refused, reasons_of
from streams.decisions.wording.slot_values import filled
from streams.values import Power
from streams.words.register.entries import Approval, Chain, Delegation, Register


def delegate(register: Register, chain_id: str, *, delegation: Delegation, at: datetime) -> Chain | Refused:
    """The chain with this delegation, not approved yet; or why it cannot be delegated."""
    chain = register.chains.get(chain_id)
    if chain is None:
        return Refused([f"there is no chain {chain_id}: choose one of {', '.join(register.chains)}"])
    reasons = tuple(_misfits(chain, delegation, register, at))
    return Refused(reasons) if reasons else chain.model_copy(update={"delegated": delegation})


def approve_delegation(register: Register, chain_id: str, *, by: str, at: datetime) -> Chain | Refused:
    """The chain with this person's yes to what it delegates, for a year at most; never by the delegating person."""
    chain = register.chains.get(chain_id)
    if chain is None or chain.delegated is None:
        delegating = ", ".join(one.id for one in register.chains.values() if one.delegated)
        return Refused([f"no chain {chain_id} delegates anything: those that do are {delegating or 'none'}"])
    verdict = may(by, Act(Power.APPROVE_TEMPLATE, at), register=register)
    if isinstance(verdict, Refused):
        return verdict
    approval = Approval(by=by, at=at, content_hash=chain.delegation_hash(), expires_at=at + LASTS)
    approved = chain.model_copy(update={"delegated": chain.delegated.model_copy(update={"approval": approval})})
    if misfits := tuple(_misfits(chain, chain.delegated, register, at)):
        return Refused(misfits)
    changed = register.model_copy(update={"chains": {**register.chains, chain.id: approved}})
    verdict = stands(chain.id, act_of(chain, chain.delegated, at=at), channels=(), register=changed)
    return verdict if isinstance(verdict, Refused) else approved


def delegation_as_yaml(chain: Chain) -> str:
    """The lines to put at the chain's entry in `chains.yaml`, in place of what it delegated before."""
    delegated = chain.delegated
    if delegated is None:
        return ""
    lines = [
        f"# To the entry of {chain.id}; its hash is {chain.delegation_hash()}:",
        "  delegated:",
        f"    template: {delegated.template}",
        f"    purpose: {delegated.purpose}",
        f"    slots: {json.dumps(dict(delegated.slots), ensure_ascii=False)}",
        f"    delegated_by: {delegated.delegated_by}",
    ]
    return "\n".join([*lines, *([indent(as_yaml(delegated.approval), "    ")] if delegated.approval else [])])


def _misfits(chain: Chain, delegation: Delegation, register: Register, at: datetime) -> Iterator[str]:
    template = register.messages.get(delegation.template)
    if template is None:
        yield f"there is no template {delegation.template}: choose one of {', '.join(register.messages)}"
        return
    if delegation.purpose not in template.texts:
        yield f"template {delegation.template} has no {delegation.purpose} text: delegate one that it has"
    yield from filled(template, delegation.slots, register=register).reasons
    act = act_of(chain, delegation, at=at)
    yield from reasons_of(unfit(delegation.delegated_by, act, channels=template.channels, register=register))
