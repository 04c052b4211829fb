import os
from pathlib import Path

import pytest

from gateway.ledger.verify.stored import Stored
from gateway.ledger.verify.strangers import Strangers
from tests.kit.logs import copy_log, write_log


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    directory = tmp_path_factory.mktemp("log")
    write_log(directory, [270, 300, 600])
    return directory


def run(directory, size=600):
    strangers = Strangers(Stored(directory, size))
    return list(strangers.check()), [path.name for path in strangers.beyond]


def test_a_log_has_no_strangers(log):
    assert run(log) == ([], [])


def test_old_partial_files_are_beginnings(log, tmp_path):
    directory = copy_log(log, tmp_path / "log")
    for name, unit in (("0", 32), ("1", 32)):
        whole = directory / "tile" / name / ("002.p/88" if name == "0" else "000.p/2")
        (whole.parent / "1").write_bytes(whole.read_bytes()[:unit])
    assert run(directory) == ([], [])
    (directory / "tile/0/002.p/1").write_bytes(bytes(32))
    (directory / "tile/entries/002.p/3").parent.mkdir(exist_ok=True)
    (directory / "tile/entries/002.p/3").write_bytes(b"\0\1a" * 3)
    (directory / "tile/entries/002.p/4").write_bytes(b"\0")
    found, _ = run(directory)
    assert [told.rpartition("tile/")[2] for told in found] == [
        "0/002.p/1: is not the beginning of what it became",
        "entries/002.p/3: is not the beginning of what it became",
        "entries/002.p/4: is not the beginning of what it became",
    ]


@pytest.mark.parametrize(
    "name",
    ["x", "0/3", "00/000", "0/x000/000", "0/002.p/088", "0/002.p/256", "0/002.p/0", "data/000"],
)
def test_what_does_not_belong_to_a_log_is_named(log, tmp_path, name):
    directory = copy_log(log, tmp_path / "log")
    path = directory / "tile" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(32))
    found, beyond = run(directory)
    assert [told.endswith("does not belong to the log") for told in found] == [True]
    assert beyond == []


def test_a_link_does_not_belong_to_a_log(log, tmp_path):
    directory = copy_log(log, tmp_path / "log")
    tile = directory / "tile/0/000"
    tile.rename(tmp_path / "elsewhere")
    tile.symlink_to(tmp_path / "elsewhere")
    assert len(run(directory)[0]) == 1


def test_what_goes_beyond_the_checkpoint_is_listed(log):
    found, beyond = run(log, 300)
    assert found == []
    assert sorted(set(beyond)) == ["001", "2", "88"]


def test_an_old_partial_file_may_go_while_it_is_looked_for(log, tmp_path):
    directory = copy_log(log, tmp_path / "log")
    old = directory / "tile/entries/002.p/3"
    old.write_bytes(b"not its beginning")
    (directory / "tile/!").touch()
    looking = Strangers(Stored(directory, 600)).check()
    assert next(looking).endswith("!: does not belong to the log")
    old.unlink()
    assert list(looking) == []


def test_an_old_partial_file_may_go_in_the_moment_before_it_is_read(log, tmp_path, monkeypatch):
    directory = copy_log(log, tmp_path / "log")
    old = directory / "tile/entries/002.p/3"
    old.write_bytes(b"not its beginning")
    read = Path.read_bytes

    def read_late(path):
        path.unlink()  # what the writer does when the full one is there
        return read(path)

    strangers = Strangers(Stored(directory, 600))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", read_late)
        assert list(strangers.check()) == []
    assert not old.exists()


def refuse_to_list(monkeypatch, name, error):
    real = os.scandir

    def scandir(path):
        if str(path).endswith(name):
            raise error
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


def test_a_whole_folder_may_go_while_it_is_looked_for(log, tmp_path, monkeypatch):
    directory = copy_log(log, tmp_path / "log")
    (directory / "tile/!").touch()
    refuse_to_list(monkeypatch, "002.p", FileNotFoundError())
    found, beyond = run(directory)
    assert [told.endswith("!: does not belong to the log") for told in found] == [True]
    assert beyond == []


def test_what_cannot_be_listed_is_not_called_sound(log, monkeypatch):
    refuse_to_list(monkeypatch, "entries", PermissionError())
    with pytest.raises(PermissionError):
        run(log)
