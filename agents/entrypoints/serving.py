"""`holdingline serve`: the worker as a process, with the channels of its register wired up for its mode."""

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from pathlib import Path

import structlog
import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import FileRegisters, data_folder
from agents.entrypoints.channels import channels_of
from agents.entrypoints.options import DEFAULT_LOG, DEFAULT_MODE, LogUrl, ModeName, RegisterFolder
from agents.runtime.worker import Setup, Worker

app = typer.Typer()
logger = structlog.get_logger(__name__)


@app.command()
def serve(*, log: LogUrl = DEFAULT_LOG, mode: ModeName = DEFAULT_MODE, register: RegisterFolder = None) -> None:
    """Run the agents until SIGTERM: what is being sent ends, what was handled is committed."""
    log_lines_as_json()
    if log == DEFAULT_LOG:
        Path("var").mkdir(exist_ok=True)
    data = data_folder(register)
    registers = FileRegisters(data)
    channels = channels_of(registers(), mode=mode, data=data)
    asyncio.run(_serve(Worker(Setup(mode, log, SystemClock(), registers, channels))))


async def _serve(worker: Worker) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with worker:
        logger.info("serving", run=worker.run)
        ends = [asyncio.create_task(stopped.wait()), asyncio.create_task(worker.crashed())]
        done, waiting = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for task in done:
            task.result()
    logger.info("stopped", run=worker.run)


def log_lines_as_json() -> None:
    """Send every log line, ours and the libraries', to the error stream as one JSON object."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.dict_tracebacks,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("faust", "mode", "infra.driver"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
