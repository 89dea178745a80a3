"""A backup holds what no log holds; it is put back whole, beside what is there, and never over it unasked."""

import json
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from agents.adapters.channels.email.settings import EmailSettings
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.options import Misused
from agents.entrypoints.cli.record.archive import OPTION_ENDING, KeptFile
from tests.adapters.breaking import copied
from tests.adapters.registers.rota_folder import AUTUMN, WEEKLY, calendar, with_calendar
from tests.entrypoints.commanding import INCIDENT, opened, run
from tests.scenarios.kill_bench import Service, wait_until

LIST = "newsdesk@paper.example\nduty.officer@council.example\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A trust's folder with a calendar, a page of its own, and a list of recipients elsewhere."""
    folder = with_calendar(tmp_path / "data", calendar(WEEKLY))
    (folder / "pages").mkdir()
    (folder / "pages/site.html.j2").write_text("<p>our page</p>", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/list.txt").write_text(LIST, encoding="utf-8")
    channels = folder / "register/channels.yaml"
    old = "recipients: newsdesk@paper.example, duty.officer@council.example"
    assert old in channels.read_text()
    new = f"recipients_file: {tmp_path}/elsewhere/list.txt"
    channels.write_text(channels.read_text("utf-8").replace(old, new), encoding="utf-8")
    return folder


def kept(folder: Path, *more: str) -> tuple[int, str, str]:
    """A backup of the files alone, in `copy.db-files`."""
    target = folder.parent / "copy.db"
    return run("backup", str(target), "--files-only", "--register", str(folder), *more)


def put(source: Path, folder: Path, *more: str) -> tuple[int, str, str]:
    return run("restore", str(source), "--register", str(folder), *more)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_no_log_holds_comes_back_as_it_was_and_for_its_owner_only(data: Path, tmp_path: Path) -> None:
    """Register, templates, calendars, pages and recipients, byte for byte; the register that they make is the same."""
    before = everything(data)
    assert kept(data)[0] == 0
    (tmp_path / "elsewhere/list.txt").unlink()
    code, _, complained = put(tmp_path / "copy.db", tmp_path / "new")
    assert code == 0, complained
    assert everything(tmp_path / "new") == before
    assert (tmp_path / "elsewhere/list.txt").read_text("utf-8") == LIST
    assert load(tmp_path / "new", AUTUMN).version() == load(data, AUTUMN).version()
    made = [tmp_path / "copy.db-files", tmp_path / "elsewhere/list.txt", *(tmp_path / "new").rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o600}


def test_a_file_that_differs_stays_and_the_one_of_the_backup_lies_beside_it(data: Path, tmp_path: Path) -> None:
    """The service reads what it read before; asked for, the backup's comes into its place and none is lost."""
    assert kept(data)[0] == 0
    people = data / "register/people.yaml"
    old, new = people.read_bytes(), people.read_bytes() + b"# newer\n"
    people.write_bytes(new)
    (data / "messages/fire.yaml").unlink()
    version = load(data, AUTUMN).version()
    for _ in range(2):
        code, said, _ = put(tmp_path / "copy.db", data)
        assert (code, people.read_bytes()) == (0, new)
        [beside] = people.parent.glob("people.yaml.from-backup-*")
        assert beside.read_bytes() == old
        assert f"{people}: is there and differs, so the backup's is beside it, {beside.name}" in said
    assert "fire" in load(data, AUTUMN).templates
    assert load(data, AUTUMN).people == load(copied(tmp_path / "example"), AUTUMN).people
    assert load(data, AUTUMN).version() != version
    assert put(tmp_path / "copy.db", data, "--replace")[0] == 0
    [kept_one] = people.parent.glob("people.yaml.before-restore-*")
    assert (people.read_bytes(), kept_one.read_bytes()) == (old, new)


def _flipped(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    at = content.index(b"our page")
    content[at] ^= 1
    archive.write_bytes(content)


def _as_link(archive: Path) -> None:
    def change(member: tarfile.TarInfo) -> None:
        if member.name == "pages/site.html.j2":
            member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0

    _rewritten(archive, change)


def _rewritten(archive: Path, change: Callable[[tarfile.TarInfo], None]) -> None:
    whole = archive.with_suffix(".whole")
    archive.rename(whole)
    with tarfile.open(whole) as read, tarfile.open(archive, "w") as written:
        for member in read.getmembers():
            file = read.extractfile(member)
            change(member)
            written.addfile(member, None if member.issym() else file)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "one bit": _flipped,
    "cut off": lambda archive: archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2]),
    "empty": lambda archive: archive.write_bytes(b""),
    "no archive": lambda archive: archive.write_text("a list of things"),
    "a link in a file's place": _as_link,
    "missing": lambda archive: archive.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_nothing_is_restored_from_a_backup_that_is_damaged(
    data: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    assert kept(data)[0] == 0
    damage(tmp_path / "copy.db-files")
    before = everything(tmp_path)
    code, _, complained = put(tmp_path / "copy.db", tmp_path / "new")
    assert code == 1
    assert "take another backup" in complained or "name a backup that" in complained
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    "name", ["../out.yaml", "register/../../out.yaml", "/etc/out.yaml", "out.yaml", "log.db", ".", "away/out.yaml"]
)
def test_an_archive_fills_only_the_folders_of_a_register(tmp_path: Path, name: str) -> None:
    """Whatever it says, and wherever a link in the folder leads."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/pages").symlink_to(tmp_path)
    for tried in (name, name.replace("away", "pages")):
        with pytest.raises(Misused, match="belongs to no register"):
            KeptFile(name=tried, sha256="0" * 64).place(tmp_path / "data")


@pytest.mark.parametrize("linked", ["register/people.yaml", "messages/fire.yaml", "register/calendars", "pages"])
def test_a_link_that_leads_out_is_not_followed_and_the_rest_is_kept(data: Path, tmp_path: Path, linked: str) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("not for a backup")
    place = data / linked
    place.rename(tmp_path / "moved")
    place.symlink_to(secret if (tmp_path / "moved").is_dir() else secret / "key")
    code, _, complained = kept(data)
    assert code == 1
    assert f"NOT in the backup: {place} is a link that leads out of its folder" in complained
    assert b"not for a backup" not in (tmp_path / "copy.db-files").read_bytes()
    with tarfile.open(tmp_path / "copy.db-files") as tar:
        assert "register/trust.yaml" in tar.getnames()


def test_a_list_that_is_not_there_is_told(data: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere/list.txt").unlink()
    code, _, complained = kept(data)
    assert (code, "list.txt cannot be read (there is no such file)" in complained) == (1, True)


@pytest.mark.parametrize("name", ["elsewhere/list.txt", "data/register/people.yaml", "data/pages/site.html.j2"])
@pytest.mark.parametrize("linked", [False, True])
def test_no_backup_replaces_a_file_that_belongs_into_it(data: Path, tmp_path: Path, name: str, *, linked: bool) -> None:
    own = tmp_path / name
    if linked:
        (tmp_path / "copy.db-files").symlink_to(own)
    before = everything(tmp_path)
    target = str(tmp_path / "copy.db") if linked else str(own).removesuffix("-files")
    more = ["--files-only"] if linked else ["--log", f"sqlite:////{tmp_path}/log.db"]
    code, _, complained = run("backup", target, *more, "--register", str(data))
    assert (code, f"cannot replace {own} itself" in complained) == (1, True)
    assert everything(tmp_path) == before


def test_the_files_need_a_folder_that_was_named() -> None:
    """Else they would go among the product's own."""
    code, _, complained = run("restore", "copy.db")
    assert (code, "name one with --register" in complained) == (1, True)


@pytest.mark.parametrize("settings", [SiteSettings, EmailSettings])
def test_each_option_that_names_a_file_is_named_so_that_a_backup_finds_it(settings: type[BaseModel]) -> None:
    paths = [name for name, field in settings.model_fields.items() if "Path" in str(field.annotation)]
    assert [name for name in paths if not name.endswith(OPTION_ENDING)] == []


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Service]:
    with opened(tmp_path, f"sqlite:////{tmp_path}/log.db") as running:
        yield running


def test_a_night_goes_on_from_its_backup_on_another_machine(night: Service, tmp_path: Path) -> None:
    """Logs and files come back, a service that starts on them knows what was said; where a log is, it stays."""
    register = night.folder / "register"
    copy = str(tmp_path / "copy.db")
    kept_too = night.run("backup", copy, "--log", night.log_url, "--register", str(register))
    assert kept_too.returncode == 0, kept_too.stderr
    before = json.loads(night.run("status", "--json", "--log", night.log_url).stdout)
    there = tmp_path / "there"
    there.mkdir()
    url = f"sqlite:////{there}/log.db"
    back = ("restore", copy, "--log", url, "--register", str(there / "data"))
    assert night.run(*back).returncode == 0
    assert {stat.S_IMODE(path.stat().st_mode) for path in there.iterdir() if path.is_file()} == {0o600}
    assert json.loads(night.run("status", "--json", "--log", url).stdout) == before
    again = night.run(*back)
    assert "log.db is there and stays; to restore the log, move it away first" in again.stdout
    night.stop()
    other = night.worker("other.log", log_url=url)
    other.start()
    wait_until(lambda: b'"event": "serving"' in (tmp_path / "other.log").read_bytes(), "it serves")
    shown = night.run("status", INCIDENT, "--log", url)
    assert "public since" in shown.stdout
    other.stop()


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes() + b"x")])
def test_a_copy_of_a_log_that_is_not_as_it_was_restores_nothing(
    night: Service, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    copy = tmp_path / "copy.db"
    assert night.run("backup", str(copy), "--log", night.log_url, "--register", str(data_folder())).returncode == 0
    spoil(copy)
    there = tmp_path / "there"
    there.mkdir()
    back = night.run("restore", str(copy), "--log", f"sqlite:////{there}/log.db", "--register", str(there / "data"))
    assert (back.returncode, "so nothing was restored" in back.stderr) == (1, True)
    assert [*there.iterdir()] == []


def test_an_old_write_ahead_file_is_not_played_into_a_log_that_is_restored(night: Service, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert night.run("backup", str(copy), "--log", night.log_url, "--register", str(data_folder())).returncode == 0
    there = tmp_path / "there"
    there.mkdir()
    (there / "log.db-wal").write_bytes(b"of another log")
    back = night.run("restore", str(copy), "--log", f"sqlite:////{there}/log.db", "--register", str(there / "data"))
    assert "log.db-wal is there and stays" in back.stdout
    assert not (there / "log.db").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_what_root_puts_back_belongs_to_whom_its_folder_belongs(data: Path, tmp_path: Path) -> None:
    """Log and register: else the service of the new machine could open neither, on the night that it is needed.

    So do the files of a backup that root takes by hand, which the service's timer replaces.
    """
    url, kept = f"sqlite:////{tmp_path}/old/log.db", tmp_path / "backups"
    kept.mkdir()
    os.chown(kept, 65534, 65534)
    with opened(tmp_path / "old", url) as running:
        for given in (("backup", str(kept / "copy.db"), "--register", str(data)), ("anchor", "--to", f"file:{kept}/a")):
            back = running.run(*given, "--log", url)
            assert back.returncode == 0, back.stderr
    assert len({*kept.iterdir()}) > 2
    assert {(one.stat().st_uid, one.stat().st_gid) for one in kept.rglob("*")} == {(65534, 65534)}
    state, registers = tmp_path / "state", tmp_path / "etc"
    for folder, user, group, mode in ((state, 65534, 65534, 0o711), (registers, 0, 65534, 0o750)):
        folder.mkdir()
        os.chown(folder, user, group)
        folder.chmod(mode)
    code, _, complained = put(kept / "copy.db", registers / "register", "--log", f"sqlite:////{state}/log.db")
    assert code == 0, complained
    log = (state / "log.db").stat()
    assert (log.st_uid, log.st_gid, stat.S_IMODE(log.st_mode)) == (65534, 65534, 0o600)
    for path in (registers / "register", *(registers / "register").rglob("*")):
        told = path.stat()
        assert (told.st_uid, told.st_gid) == (0, 65534), path
        assert stat.S_IMODE(told.st_mode) == (0o750 if path.is_dir() else 0o640), path
