"""`holdingline backup` and `restore`: the logs of a service, and its files that no log holds."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder
from agents.entrypoints.cli.options import DEFAULT_LOG, AsJson, LogUrl, Misused, RegisterFolder, fail, make_room, say
from agents.entrypoints.cli.record.archive import Collected, collect, pack, put_back, unpack
from agents.runtime.door.lanes import log_of_lane
from infra.addresses import ALONE, scheme_of
from infra.operating import back_up, has_log, put_log_back, refuse_own_files, sha256_of
from streams.lanes import CONTROL_LANE, LANES

app = typer.Typer()

ARCHIVE = "-files"
"""The name of the archive is that of the backup with this behind it."""


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; one that is there is replaced.")],
    *,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Copy no log: one on Kafka has backups of its own.")
    ] = False,
    log: LogUrl = DEFAULT_LOG,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Copy the embedded log to a file while its worker runs, that of each other lane and the service's files beside it.

    The files are those that no log holds: the folder of the register with its calendars, templates and pages, and the
    lists and certificates that channels and pagers name. Secrets are in none of them.
    """
    now, archive = SystemClock().now(), Path(f"{target}{ARCHIVE}")
    urls = [] if files_only else [*dict.fromkeys(log_of_lane(log, lane) for lane in reversed(LANES))]
    copies = {url: Path(f"{target}{url.removeprefix(log)}") for url in urls}
    collected = collect(data_folder(register), now)
    refuse_own_files([log_of_lane(log, lane) for lane in LANES], [*copies.values(), archive])
    _refuse_files(collected, [*copies.values(), archive])
    made = asyncio.run(_copy(log, copies))
    sums = {str(copy).removeprefix(str(target)): sha256_of(copy) for copy in made}
    pack(archive, collected, logs=sums, now=now)
    answer = {"backups": made, "files": archive, "left_out": collected.left_out}
    lines = [f"backed up to {copy}" for copy in made]
    lines.append(f"{len(collected.found)} files of the register and what it names are in {archive}")
    if collected.left_out:
        told = [f"NOT in the backup: {one}" for one in collected.left_out]
        raise fail("\n".join([*lines, *told]), as_json=as_json, more=answer)
    say(answer, lines, as_json=as_json)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="The file that `holdingline backup` was told to write.")],
    *,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Put files in the place of others; those that were there are kept beside them."),
    ] = False,
    log: LogUrl = DEFAULT_LOG,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup back: each log where there is none, each file where there is none, else beside it.

    Nothing is restored from a backup that is damaged.
    """
    if register is None:
        raise Misused("no folder is named for the register's files: name one with --register")
    contents, files = unpack(Path(f"{source}{ARCHIVE}"))
    copies = {Path(f"{source}{behind}"): (f"{log}{behind}", known) for behind, known in contents.logs.items()}
    if copies and scheme_of(log) != ALONE:
        raise Misused("this backup holds an embedded log: name where it goes with --log, as sqlite:///var/name.db")
    for copy, (_, known) in copies.items():
        if not copy.is_file() or sha256_of(copy) != known:
            raise Misused(f"{copy} is missing or not as it was, so nothing was restored: take another backup")
    places = [one.place(register) for one in contents.files]
    make_room(log)
    lines = [put_log_back(copy, url, sha256=known) for copy, (url, known) in copies.items()]
    lines += [put_back(one, files[one.name], data=register, replace=replace) for one in contents.files]
    say({"lines": lines, "places": places, "made_at": contents.made_at}, lines, as_json=as_json)


def _refuse_files(collected: Collected, targets: list[Path]) -> None:
    """Raise `Misused` if the backup would replace a file that belongs into it."""
    for target in targets:
        for path, _ in collected.found.values():
            if target.resolve() == path.resolve() or (target.exists() and target.samefile(path)):
                raise Misused(f"the backup cannot replace {path} itself, which belongs into it: name another file")


async def _copy(log: str, copies: Mapping[str, Path]) -> list[Path]:
    """Copy the control lane last: what others order meanwhile, their copies order again, and the desk answers once."""
    made = []
    for url, copy in copies.items():
        if url == log_of_lane(log, CONTROL_LANE) or has_log(url):  # A lane that never ran has no log.
            await back_up(url, copy)
            made.append(copy)
    return made
