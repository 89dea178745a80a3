"""The registers as files: read, checked, approved and followed while they change."""

from agents.adapters.registers.approving import approve, as_yaml, hashes
from agents.adapters.registers.checks import check
from agents.adapters.registers.delegations import approve_delegation, delegate, delegation_as_yaml
from agents.adapters.registers.enrolling import enrol, key_as_yaml
from agents.adapters.registers.faults import Fault, UnusableRegisters, report
from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.following import FileRegisters
from agents.adapters.registers.reading import load

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
    "hashes",
    "key_as_yaml",
    "load",
    "report",
]
