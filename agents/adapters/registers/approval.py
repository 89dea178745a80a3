"""Approval of a template: the hash that a second person's yes is bound to, and the yes itself."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from agents.adapters.clocks import SystemClock
from agents.adapters.registers.files import read
from streams.decisions.authority.powers import Act, may
from streams.decisions.sign_off.approval_orders import LASTS
from streams.decisions.verdict import Refused
from streams.values import Power
from streams.words.register.entries import Approval, Register


def hashes(folder: Path) -> Mapping[str, str]:
    """Each template's file, and the hash of its present content; a template that cannot be read is left out."""
    reading = read(folder, SystemClock().now())
    templates = reading.register.templates.values()
    return {reading.place("templates", one.id).source.file: one.content_hash() for one in templates}


def approve(register: Register, template_id: str, *, by: str, at: datetime) -> Approval | Refused:
    """The approval of this template's present content, for a year at most; never by its owner."""
    template = register.templates.get(template_id)
    if template is None:
        return Refused([f"there is no template {template_id}: choose one of {', '.join(register.templates)}"])
    verdict = may(by, Act(Power.APPROVE_TEMPLATE, at), register=register)
    if isinstance(verdict, Refused):
        return verdict
    if by == template.owner:
        return Refused([f"{by} owns template {template_id}: a second person has to approve it"])
    return Approval(by=by, at=at, content_hash=template.content_hash(), expires_at=at + LASTS)


def as_yaml(approval: Approval) -> str:
    """The lines to put at the end of the template's file, in place of the old approval."""
    return "\n".join(
        [
            "approval:",
            f"  by: {approval.by}",
            f"  at: {approval.at:%Y-%m-%dT%H:%M:%SZ}",
            f'  content_hash: "{approval.content_hash}"',
            f"  expires_at: {approval.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        ]
    )
