"""Approvals: a second person's yes to a template or a delegation, as an order that only that person can give.

The author never approves: a template has an owner, a delegation the person who delegates. The latter gives the same
order for their own part, since a file can name anybody as the one who delegates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import POWER_FOR
from streams.decisions.authority.powers import Act, may, who_could
from streams.decisions.register.change_orders import crowded
from streams.decisions.release.delegations import unfit
from streams.decisions.verdict import Allowed, Refused, Verdict
from streams.values import Power
from streams.why import because
from streams.words.facts import FactBody
from streams.words.register.approvals import ApproveContent, ContentApproved
from streams.words.register.entries import Approval, Chain, Delegation, Register

LASTS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be approved: what a sentence calls it, who wrote it, the hash of its present content."""

    words: str
    author: str
    content_hash: str
    chain: Chain | None = None


def approve(order: Order, body: ApproveContent) -> Sequence[FactBody]:
    """Record that this person said yes to exactly this content, for a year at most."""
    asked = _asked(body, order.register)
    if isinstance(asked, Refused):
        return [asked.fact(body.kind)]
    if body.content_hash != asked.content_hash:
        form = "{what} is not what was read (its hash differs): read it again, then approve it"
        return order.refused(because("content-otherwise", form, what=asked.words))
    verdict = _verdict(asked, order)
    if isinstance(verdict, Refused):
        return order.refused(*verdict.reasons, who_could=could_approve(order, body))
    yes = Approval(by=order.command.by, at=order.now, content_hash=asked.content_hash, expires_at=order.now + LASTS)
    given = ContentApproved(section=body.section, entry=body.entry, approval=yes, rule=verdict.rule)
    reasons = tuple(crowded(given, order))
    return order.refused(*reasons) if reasons else [given]


def could_approve(order: Order, body: ApproveContent) -> Sequence[str]:
    """Names and roles of the people who could approve this now, never its author."""
    asked = _asked(body, order.register)
    author = None if isinstance(asked, Refused) else asked.author
    return who_could(_act(order), order.register, but=author)


def act_of(chain: Chain, delegation: Delegation, *, at: datetime) -> Act:
    """The act that would happen without a further yes, in the first of the cases that the chain is for."""
    level = chain.levels[0] if chain.levels else None
    return Act(POWER_FOR[delegation.purpose], at, type=chain.types[0] if chain.types else None, level=level)


def _asked(body: ApproveContent, register: Register) -> _Asked | Refused:
    if body.section == "templates":
        template = register.templates.get(body.entry)
        if template is None:
            known = ", ".join(register.templates) or "none"
            form = "there is no template {template} where the worker reads: choose one of {known}"
            return Refused([because("no-template-there", form, template=body.entry, known=known)])
        words = because("the-template", "template {template}", template=template.id)
        return _Asked(words, template.owner, template.content_hash())
    chain = register.chains.get(body.entry)
    if chain is None or chain.delegated is None:
        delegating = ", ".join(one.id for one in register.chains.values() if one.delegated) or "none"
        form = "no chain {chain} delegates anything: those that do are {known}"
        return Refused([because("no-delegation", form, chain=body.entry, known=delegating)])
    words = because("the-delegation", "what chain {chain} delegates", chain=chain.id)
    return _Asked(words, chain.delegated.delegated_by, chain.delegation_hash(), chain)


def _verdict(asked: _Asked, order: Order) -> Verdict:
    """Whether this person's yes counts: the author's only for the delegation that is theirs."""
    by = order.command.by
    if by != asked.author:
        return may(by, _act(order), register=order.register)
    if asked.chain is None or asked.chain.delegated is None:
        form = "{person} owns {what}: a second person has to approve it"
        return Refused([because("own-content", form, person=by, what=asked.words)])
    act = act_of(asked.chain, asked.chain.delegated, at=order.now)
    if incapable := unfit(by, act, channels=(), register=order.register):
        return incapable
    return Allowed(f"{asked.chain.id}/delegated-by/{by}", by, order.now + LASTS)


def _act(order: Order) -> Act:
    return Act(Power.APPROVE_TEMPLATE, order.now)
