"""The registers as files: read, checked, approved and followed while they change."""

from agents.adapters.registers.faults import Fault, UnusableRegisters, report
from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.reading import load

__all__ = ["Fault", "UnusableRegisters", "data_folder", "load", "report"]
