"""What a command works with: options, plugins, settings, clock, user, store; each made on first use.

There is one `App` for each run of a command line, handed down by click. Must not import a plugin or a store
before it is used.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from cskit import options as global_options
from cskit.errors import CskitError, NotFound, PluginFailed, Refused, Usage
from cskit.isolation import FAILURES, load_target, nearest, told
from cskit.options import Options

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from cskit.actions import Actions
    from cskit.hookspecs import Period, RecordType
    from cskit.plugins import Plugins
    from cskit.records import Record
    from cskit.settings import Settings
    from cskit.store.protocol import Change, Origin, Reading, Store, Transaction

ROUNDS = 10  # how often plugins may add to a transaction that they see again


class App:
    """One run of a command line; `store`, `settings` and `installed` plugins may be given, not found."""

    def __init__(
        self,
        options: Options | None = None,
        *,
        store: Store | None = None,
        settings: Settings | None = None,
        installed: Mapping[str, object] | None = None,
    ) -> None:
        self.options = options or Options()
        self.saved: int | None = None
        """The history entry of the last transaction saved, which no later failure takes back."""
        self.failed_after = False
        """Whether a plugin failed after a transaction was saved."""
        self.command = ""
        """The path of the command that runs, such as "customer add"."""
        self._installed = installed
        self._transaction: Transaction | None = None
        self._reading: Reading | None = None
        if store is not None:
            self.store = store
        if settings is not None:
            self.settings = settings

    def sibling(self) -> App:
        """Return the App of another command line in this process, with the same plugins."""
        other = App(installed=self._installed)
        other.plugins = self.plugins
        return other

    # --- what there is ------------------------------------------------------------------------------------

    @cached_property
    def plugins(self) -> Plugins:
        """The plugins of this run; what is wrong with any is said on stderr as it is found."""
        from cskit.loading import load

        return load(self.warn, installed=self._installed, files=self.options.plugin)

    @cached_property
    def folder(self) -> Path:
        """The data folder, which need not exist yet."""
        from cskit.settings import find_folder

        return find_folder(self.options.data)

    @cached_property
    def settings(self) -> Settings:
        """The department's settings."""
        from cskit.settings import load

        return load(self.folder)

    @cached_property
    def store(self) -> Store:
        """The records."""
        from cskit.store.folder import open_store

        return open_store(self.folder, lock_timeout=self.options.lock_timeout, notice=self.echo)

    @cached_property
    def actions(self) -> Actions:
        """What can be asked of plugins, by name: `app.actions["customer.create"](tx, name=…)`."""
        from cskit.actions import Actions

        return Actions(self)

    def record_type(self, table: str) -> RecordType:
        """Return the record type that a table holds; raises `NotFound`."""
        found = self.plugins.record_types.get(table)
        if found is not None:
            return found
        fight = self.plugins.fight_over(table)
        if fight:
            raise PluginFailed(fight)
        near = nearest(table, self.plugins.record_types)
        missing = self.plugins.missing()
        hint = f"did you mean {near}?" if near else f"not loaded: {missing}" if missing else ""
        raise NotFound(f"no plugin has a table '{table}'", hint)

    def model(self, table: str) -> type[Record]:
        """Import the class of a table's records."""
        from cskit.records import Record

        target = self.record_type(table).model
        try:
            model = load_target(target)
        except FAILURES as error:
            raise self._bad_model(table, f"{target}: {told(error)}") from error
        if not (isinstance(model, type) and issubclass(model, Record)):
            raise self._bad_model(table, f"{target} is not a Record")
        self._refuse_reserved(table, model)
        return model

    def _refuse_reserved(self, table: str, model: type[Record]) -> None:
        taken = sorted(global_options.RESERVED.intersection(model.__struct_fields__))
        if taken:
            raise self._bad_model(table, f"a field cannot be called '{taken[0]}', which is a global option")

    def _bad_model(self, table: str, why: str) -> PluginFailed:
        owner = self.plugins.title(self.plugins.owner(table))
        return PluginFailed(f"plugin {owner} cannot give the records of {table}: {why}")

    # --- who, where and when ------------------------------------------------------------------------------

    @cached_property
    def zone(self) -> ZoneInfo:
        """The department's time zone, whatever the machine's."""
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo(self.settings.zone)
        except ZoneInfoNotFoundError as error:
            raise Usage(
                f"this machine knows no time zone '{self.settings.zone}'", "install the package tzdata"
            ) from error

    @cached_property
    def now(self) -> dt.datetime:
        """The present time in UTC and whole seconds, or what --now says it is."""
        if self.options.now is None:
            return _clock()
        from cskit.records import parse_time

        try:
            return parse_time(self.options.now, self.zone)
        except ValueError as error:
            raise Usage(f"--now {self.options.now}: {error}") from error

    @property
    def today(self) -> dt.date:
        """The day of `now` in the department's zone."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def user(self) -> str:
        """Who acts: --user, else the login."""
        if self.options.user is not None:
            if not self.options.user.strip():
                raise Usage("--user needs a name")
            return self.options.user.strip()
        return _login()

    @property
    def staff(self) -> str | None:
        """The staff id that the settings give the user, None if they give none."""
        return self.settings.staff.get(self.user)

    # --- reading and saving -------------------------------------------------------------------------------

    def reading(self) -> Reading:
        """Return the moment this command reads, always the same; in a transaction, the transaction."""
        if self._transaction is not None:
            return self._transaction
        if self._reading is None:
            self._reading = self.store.reading()
        return self._reading

    @contextlib.contextmanager
    def transaction(self, reason: str | None = None, *, undoes: int | None = None) -> Iterator[Transaction]:
        """Open a transaction that is saved at the end of the block, unless a plugin vetoes it.

        `reason` and `undoes` go into the history. When the block raises, nothing is saved.
        """
        if self._transaction is not None:
            raise PluginFailed(
                "a transaction is open already", "change records through the one that was given"
            )
        tx: Transaction | None = None
        changes: list[Change] = []
        try:
            with self.store.transaction(
                self._origin(reason, undoes), lambda tx: changes.extend(self._check(tx))
            ) as tx:
                self._transaction = tx
                with _whole():
                    yield tx
        finally:
            self._transaction = self._reading = None
            if tx is not None and tx.sequence is not None:
                self.saved = tx.sequence
                self._tell(tx.sequence, changes)

    def _origin(self, reason: str | None, undoes: int | None) -> Origin:
        from cskit.store.protocol import Origin

        ctx = click.get_current_context(silent=True)
        return Origin(
            time=_clock(),
            user=self.user,
            staff=self.staff,
            command=ctx.command_path.partition(" ")[2] if ctx else "",
            options=global_options.given(ctx),
            now=self.now if self.options.now is not None else None,
            reason=reason,
            undoes=undoes,
        )

    def _check(self, tx: Transaction) -> Sequence[Change]:
        """Let plugins veto or add, until none adds anything, so that each veto has seen everything."""
        from cskit.register import refuse_twice

        changes = tx.changes
        for _ in range(ROUNDS):
            before, adding = changes, []
            for plugin, _answer in self.plugins.each("cskit_before_commit", app=self, tx=tx, changes=changes):
                changed = tx.changes
                if changed != changes:
                    adding.append(plugin)
                    changes = changed
            if changes == before:
                refuse_twice(tx, changes)
                return changes
        names = " and ".join(self.plugins.title(name) for name in adding)
        raise PluginFailed(
            f"plugin {names} kept changing the transaction, {ROUNDS} times over; nothing was saved"
        )

    def _tell(self, sequence: int, changes: Sequence[Change]) -> None:
        for plugin in self.plugins.having("cskit_after_commit"):
            try:
                self.plugins.call(plugin, "cskit_after_commit", app=self, sequence=sequence, changes=changes)
            except CskitError as error:
                self.failed_after = True
                self.warn(f"saved as {sequence}, but {_naming(plugin, self.plugins.title(plugin), error)}")

    # --- what plugins know --------------------------------------------------------------------------------

    def facts(
        self,
        kind: str,
        names: Sequence[str],
        ids: Sequence[str],
        *,
        period: Period | None = None,
        scope: Mapping[str, str] | None = None,
    ) -> dict[str, dict[str, Any]]:
        """Return fact name → id → value; what is unknown is absent. See `cskit.facts.ask`."""
        from cskit.facts import ask

        return ask(self, kind, names, ids, period=period, scope=scope)

    # --- speaking to the user -----------------------------------------------------------------------------

    def echo(self, text: str) -> None:
        """Say something on stderr, unless --quiet."""
        if not self.options.quiet:
            say(text)

    def warn(self, text: str) -> None:
        """Say what is wrong on stderr, quiet or not."""
        say(f"cskit: {text}")

    def confirm(self, doing: str) -> None:
        """Ask before `doing` something ("remove 3 customers").

        Raises `Refused` when the answer is no and `Usage` when there is no terminal to ask at.
        """
        if self.options.yes:
            return
        if not _at_terminal():
            raise Usage(f"to {doing} needs a yes, and there is nobody to ask", "say --yes if you mean it")
        if not click.confirm(_cleaned(f"{doing[:1].upper()}{doing[1:]}?"), err=True):
            raise Refused(f"not confirmed: {doing}", "nothing was changed")


pass_app = click.make_pass_decorator(App)


def say(text: str) -> None:
    """Write a line to stderr, harmless for a terminal; a stderr that is gone stops nothing."""
    with contextlib.suppress(OSError):
        click.echo(_cleaned(text), err=True)


def _cleaned(text: str) -> str:
    from cskit.values import clean

    return clean(text)


def _naming(plugin: str, title: str, error: CskitError) -> str:
    """Return what an error says, with the plugin's name if it does not say it."""
    named = error.message.startswith(f"plugin {plugin}")
    return error.message if named else f"plugin {title} failed: {error.message}"


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    """Let nothing that ends a command quietly look like success when its transaction is not saved."""
    try:
        yield
    except (SystemExit, click.exceptions.Exit) as stop:
        raise PluginFailed("the command ended before it was done; nothing was saved") from stop
    except BrokenPipeError as error:
        from cskit.errors import StorageFailed

        raise StorageFailed("the output was closed before the command was done; nothing was saved") from error


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def _login() -> str:
    """Return the login of who runs this, by the system and not by the environment where the system knows."""
    if os.name == "posix":
        import pwd

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:  # a container's user without an entry
            return os.environ.get("USER") or f"uid-{os.getuid()}"
    return os.environ.get("USERNAME") or "unknown"
