"""The registers as files: read, checked, approved and followed while they change."""

from agents.adapters.registers.approval import approve, as_yaml, hashes
from agents.adapters.registers.checks import check
from agents.adapters.registers.delegations import approve_delegation, delegate, delegation_as_yaml
from agents.adapters.registers.enrolment import enrol, enter, enter_account, key_as_yaml
from agents.adapters.registers.faults import Fault, UnusableRegisters, report
from agents.adapters.registers.files import load
from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.follower import FileRegisters

__all__ = [
    "Fault",
    "FileRegisters",
    "UnusableRegisters",
    "approve",
    "approve_delegation",
    "as_yaml",
    "check",
    "data_folder",
    "delegate",
    "delegation_as_yaml",
    "enrol",
    "enter",
    "enter_account",
    "hashes",
    "key_as_yaml",
    "load",
    "report",
]
