"""A department saved as one file, put back, or copied to another folder; each is whole, or nothing is done.

Must not import click.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cskit import past
from cskit.errors import Conflict, NotFound, StorageFailed
from cskit.i18n import _
from cskit.store import backup, restoring, swapping
from cskit.store.disk import LOCK, FolderDisk, failed, make_folder
from cskit.store.folder import FolderStore
from cskit.store.protocol import Report
from cskit.store.snapshot import Snapshot
from cskit.store.verify import TORN, verify

if TYPE_CHECKING:
    from cskit.app import App


class Saved(NamedTuple):
    """A department that was saved or put back: where, the kept old folder if any, and what is in it."""

    place: str
    report: Report
    kept: str = ""


def write(app: App, path: str | None) -> Saved:
    """Save the department in one file and return its path; without one it is named after the last entry.

    Raises `Conflict` where the file exists and `StorageFailed` where the records are not whole.
    """
    store = _store(app)
    snapshot = _moment(app, store)
    items = _items(app, snapshot)
    name = path or f"cskit-{backup.day(items):%Y%m%d}-{snapshot.head.commit:06d}.tar"
    place = os.path.abspath(name)
    if os.path.isdir(place):
        said = _("{file} is a folder").format(file=name)
        raise Conflict(said, _("name the file that is to be made in it"))
    reports: list[Report] = []

    def check(part: str) -> None:
        with _archive(part) as found:
            reports.append(_whole(found, name))

    backup.save(items, place, check)
    return Saved(name, reports[0])


def copy(app: App, folder: str) -> Saved:
    """Put a copy of the department into a folder that is new or empty.

    Raises as `write` does.
    """
    target = os.path.abspath(folder)
    if os.path.lexists(target) and not _empty(target):
        raise Conflict(
            _("{folder} is there already, and not empty").format(folder=folder),
            _("name a folder that is still to be made"),
        )
    items = _items(app, _moment(app, _store(app)))
    part = _unpacked(items, target)
    report = _into_place(part, target)
    return Saved(folder, report)


class Restoring:
    """A backup about to be put back; `held` is how many entries the folder has that will be set aside."""

    def __init__(self, app: App, path: str) -> None:
        self.app, self.path = app, path
        self.target = os.path.realpath(app.folder)
        with _archive(path) as found:
            self.report = _whole(found, path)
            self.when = backup.day(found.items())
        self.there = os.path.lexists(self.target) and not _empty(self.target)

    def carry_out(self) -> Saved:
        """Put the backup into the place of the data folder, which is kept under another name.

        Raises `StorageFailed` where that cannot be done; the folder is then as it was.
        """
        with _archive(self.path) as found:
            part = _unpacked(found.items(), self.target)
        if not self.there:
            return Saved(self.app.folder, _into_place(part, self.target))
        disk = FolderDisk(self.target, lock_timeout=self.app.options.lock_timeout, notice=self.app.echo)
        with disk.lock(True, self.app.command):
            report = _verified(part, self.target)
            kept = _swapped(part, self.target)
        return Saved(self.app.folder, report, kept)


def restore_table(app: App, path: str) -> restoring.Forward:
    """Put an old copy of one table's file into the data folder, and bring it up to the history.

    Raises `StorageFailed` where it is of another department, or was changed by another program.
    """
    return restoring.table(_store(app), path, app.command, rehearsing=app.options.dry_run)


# --- parts -------------------------------------------------------------------------------------------------


def _store(app: App) -> FolderStore:
    store = app.store
    if not isinstance(store, FolderStore):
        raise past.saves(app.command)
    return store


def _moment(app: App, store: FolderStore) -> Snapshot:
    """Return the moment to save: table files brought up to the history, as far as that may be done here."""
    with contextlib.suppress(StorageFailed):  # a medium that is only read
        store.settle(app.origin(None))
    snapshot = store.reading()
    _whole_of(verify(lambda: snapshot), store)
    return snapshot


def _whole_of(report: Report, store: FolderStore) -> None:
    if any(finding.what != TORN for finding in report.findings):
        folder = store.disk.folder if isinstance(store.disk, FolderDisk) else ""
        raise StorageFailed(
            _("{folder} is not whole, so nothing was saved").format(folder=folder),
            _("`cskit data verify` shows what is wrong"),
        )


def _items(app: App, snapshot: Snapshot) -> list[backup.Item]:
    found = backup.contents(app.folder, snapshot)
    for item in found:
        if not backup.allowed(item.name):
            app.echo(_("left out: {file}, whose name is not one for every system").format(file=item.name))
    return [item for item in found if backup.allowed(item.name)]


@contextlib.contextmanager
def _archive(path: str) -> Iterator[backup.Archive]:
    try:
        found = backup.Archive(path)
    except FileNotFoundError:
        raise NotFound(_("there is no file {file}").format(file=path), _("check the path")) from None
    except OSError as error:
        raise failed("read", path, error) from error
    try:
        yield found
    finally:
        found.close()


def _whole(found: backup.Archive, name: str) -> Report:
    report = verify(lambda: Snapshot(found))
    wrong = next((finding for finding in report.findings), None)
    if wrong is not None:
        said = _("{file} is not whole: {what}").format(
            file=name, what=" ".join(filter(None, (wrong.file, wrong.place, _(wrong.what))))
        )
        raise StorageFailed(said, _("nothing was changed; take another backup"))
    return report


def _empty(folder: str) -> bool:
    try:
        return os.path.isdir(folder) and not set(os.listdir(folder)) - {LOCK}
    except OSError as error:
        raise failed("read", folder, error) from error


def _unpacked(items: list[backup.Item], target: str) -> str:
    """Write files beside the target folder and return where."""
    part = _free(f"{target}.part")
    try:
        make_folder(os.path.dirname(target))
        backup.unpack(items, part)
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, OSError):
            raise failed("save", target, error) from error
        raise
    return part


def _verified(part: str, target: str) -> Report:
    """Return what is in a folder that was written; raises `StorageFailed` where it is not whole."""
    try:
        report = verify(lambda: Snapshot(FolderDisk(part)))
        if report.findings:
            said = _("what was written to {folder} is not whole").format(folder=target)
            raise StorageFailed(said, _("check the medium, then run the command again"))
        FolderDisk(part).sync_folder()
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return report


def _swapped(part: str, target: str) -> str:
    """Let a whole folder take the target's name, and return the one under which the target is kept.

    At one stroke where the system can; else, a crash between two renames leaves no folder of that name, which
    the next command says (`stores.refuse_half_restored`).
    """
    kept = _free(f"{target}.before")
    if swapping.exchanged(part, target):
        try:
            os.rename(part, kept)
        except OSError:
            kept = part
    else:
        _rename(target, kept)
        try:
            _rename(part, target)
        except BaseException:
            os.rename(kept, target)
            shutil.rmtree(part, ignore_errors=True)
            raise
    FolderDisk(target).sync_folder()
    FolderDisk(os.path.dirname(target)).sync_folder()
    return kept


def _into_place(part: str, target: str) -> Report:
    """Let a folder that is found whole take the target's name, which is free or an empty folder."""
    report = _verified(part, target)
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(target, LOCK))
        with contextlib.suppress(FileNotFoundError):
            os.rmdir(target)
        _rename(part, target)
        FolderDisk(target).sync_folder()
    except OSError as error:
        raise failed("save", target, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return report


def _rename(old: str, new: str) -> None:
    try:
        os.rename(old, new)
    except OSError as error:
        raise failed("replace", old, error) from error


def _free(name: str) -> str:
    """Return a name like this one that nothing has."""
    found, number = name, 1
    while os.path.lexists(found):
        number += 1
        found = f"{name}-{number}"
    return found
