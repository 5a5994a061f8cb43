"""What a command works with: options, plugins, settings, clock, user, store; each made on first use.

There is one `App` for each run of a command line, handed down by click. Must not import a plugin or a store
before it is used.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from cskit import i18n, logins, saving
from cskit.display import console
from cskit.errors import CskitError, NotFound, PluginFailed, Usage
from cskit.i18n import _
from cskit.plugins.isolation import FAILURES, load_target, nearest, told
from cskit.terminal import options as global_options
from cskit.terminal.options import Options

if TYPE_CHECKING:
    import gettext
    from zoneinfo import ZoneInfo

    from cskit.actions import Actions
    from cskit.calendar import Calendars
    from cskit.config.settings import Settings
    from cskit.declarations import Evidence, Period, RecordType
    from cskit.plugins.contributions import Leaf
    from cskit.plugins.installed import Plugins
    from cskit.records import Record
    from cskit.store.protocol import Change, Look, Origin, Reading, Store, Transaction


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
        self.outer: Transaction | None = None
        """What this run's transactions are parts of: a batch's transaction, or that of a dry run."""
        self.checks = True
        """Whether plugins are asked before something is saved; a batch asks for its lines."""
        self.any_form = False
        """Whether records are read whatever form they are in, which only bringing them to another needs."""
        self._installed = installed
        self._silent = False
        self._transaction: Transaction | None = None
        self._telling = False
        self._reading: Reading | None = None
        if store is not None:
            self.store = store
        if settings is not None:
            self.settings = settings

    def sibling(self) -> App:
        """Return the App of another command line in this process, with the same plugins."""
        other = App(Options(lang=i18n.language()), installed=self._installed)
        other.plugins = self.plugins
        other._telling = self._telling
        return other

    # --- what there is ------------------------------------------------------------------------------------

    @cached_property
    def plugins(self) -> Plugins:
        """The plugins of this run; what is wrong with any is said on stderr as it is found."""
        from cskit.plugins.loading import load

        return load(self.warn, installed=self._installed, files=self.options.plugin)

    def catalogues(self) -> Mapping[str, gettext.NullTranslations] | None:
        """Return what the plugins say in the user's language, None as long as no plugin is loaded."""
        return self.plugins.catalogues if "plugins" in vars(self) else None

    @cached_property
    def folder(self) -> str:
        """The data folder, which need not exist yet."""
        from cskit.config.folders import find_folder

        return find_folder(self.options.data)

    @cached_property
    def settings(self) -> Settings:
        """The department's settings."""
        from cskit.config.settings import load

        return load(self.folder)

    @cached_property
    def store(self) -> Store:
        """The records; with --as-of as they were, and only to be read."""
        from cskit import stores

        return stores.opened(self, _clock)

    @cached_property
    def calendars(self) -> Calendars:
        """When work is done, by name."""
        from cskit.calendar import Calendars

        return Calendars(self)

    @cached_property
    def actions(self) -> Actions:
        """What can be asked of plugins, by name: `app.actions["customer.create"](tx, name=…)`."""
        from cskit.actions import Actions

        return Actions(self)

    def record_type(self, table: str) -> RecordType:
        """Return the record type of a table, as this command's noun has it; raises `NotFound`."""
        found = self.plugins.record_types.get(table)
        if found is not None:
            typed = [one for one in found.narrowed if self.command.startswith(f"{one.command} ")]
            return found.narrow(typed[0]) if typed else found
        fight = self.plugins.fight_over(table)
        if fight:
            raise PluginFailed(fight)
        near = nearest(table, self.plugins.record_types)
        hint = near and _("did you mean {name}?").format(name=near)
        if not hint and (missing := self.plugins.missing()):
            hint = _("not loaded: {plugins}").format(plugins=missing)
        raise NotFound(_("no plugin has a table '{table}'").format(table=table), hint)

    def model(self, table: str) -> type[Record]:
        """Import the class of a table's records."""
        from cskit.records import Record

        target = self.record_type(table).model
        try:
            model = load_target(target)
        except FAILURES as error:
            why = _("{place}: {fault}").format(place=target, fault=told(error))
            raise self._bad_model(table, why) from error
        if not (isinstance(model, type) and issubclass(model, Record)):
            raise self._bad_model(table, _("{target} is not a Record").format(target=target))
        self._refuse_reserved(table, model)
        return model

    def _refuse_reserved(self, table: str, model: type[Record]) -> None:
        taken = sorted(global_options.RESERVED.intersection(model.__struct_fields__))
        if taken:
            said = _("a field cannot be called '{name}', which is a global option").format(name=taken[0])
            raise self._bad_model(table, said)

    def _bad_model(self, table: str, why: str) -> PluginFailed:
        owner = self.plugins.title(self.plugins.owner(table))
        said = _("plugin {plugin} cannot give the records of {table}: {why}")
        return PluginFailed(said.format(plugin=owner, table=table, why=why))

    # --- who, where and when ------------------------------------------------------------------------------

    @cached_property
    def zone(self) -> ZoneInfo:
        """The department's time zone, whatever the machine's."""
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo(self.settings.zone)
        except ZoneInfoNotFoundError as error:
            raise Usage(
                _("this machine knows no time zone '{name}'").format(name=self.settings.zone),
                _("install the package tzdata"),
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
            raise Usage(_("--now {time}: {fault}").format(time=self.options.now, fault=error)) from error

    @property
    def today(self) -> dt.date:
        """The day of `now` in the department's zone."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def user(self) -> str:
        """Who acts: --user, else the login."""
        if self.options.user is not None:
            if not self.options.user.strip():
                raise Usage(_("--user needs a name"))
            return self.options.user.strip()
        return logins.name()

    @property
    def staff(self) -> str | None:
        """The staff id that the settings give the user, None if they give none."""
        return self.settings.staff.get(self.user)

    def admit(self, leaf: Leaf) -> None:
        """Refuse a command that cannot run here; outside of a batch each can."""

    def admit_file(self, option: str) -> None:
        """Refuse an option that writes a file of its own here; outside of a batch each can."""

    # --- reading and saving -------------------------------------------------------------------------------

    def reading(self) -> Reading:
        """Return the moment this command reads, always the same; in a transaction, the transaction."""
        if self._transaction is not None:
            return self._transaction
        if self.outer is not None:
            return self.outer
        if self._reading is None:
            from cskit import migrations

            self._reading = self.store.reading()
            migrations.refuse_other(self, self._reading)
        return self._reading

    def read_no_more(self) -> None:
        """Let go of the files of the moment that was read; who reads again reads another."""
        self._reading = None

    @contextlib.contextmanager
    def transaction(self, reason: str | None = None, *, undoes: int | None = None) -> Iterator[Transaction]:
        """Open a transaction that is saved at the end of the block, unless a plugin vetoes it.

        `reason` and `undoes` go into the history. When the block raises, nothing is saved; a dry run never
        saves anything, and a part of a batch is saved with the whole of it.
        """
        from cskit import migrations, past

        if self._telling:
            raise PluginFailed(
                _("it changes records in cskit_after_commit, which is too late to save anything")
            )
        if self._transaction is not None:
            raise PluginFailed(
                _("a transaction is open already"), _("change records through the one that was given")
            )
        if self.options.as_of is not None and self.outer is None:
            past.only_rehearsed(self)
        if self.options.dry_run and self.outer is None:
            self.outer = self.store.rehearsal(self.origin(reason, undoes))
        opened = self._saving(reason, undoes) if self.outer is None else self._part(self.outer)
        with opened as tx:
            migrations.refuse_other(self, tx)
            yield tx

    @contextlib.contextmanager
    def _saving(self, reason: str | None, undoes: int | None) -> Iterator[Transaction]:
        tx: Transaction | None = None
        changes: list[Change] = []
        try:
            with self.store.transaction(
                self.origin(reason, undoes),
                lambda tx: changes.extend(saving.settled(self, tx, tx) if self.checks else tx.changes),
            ) as tx:
                self._transaction = tx
                with saving.whole():
                    yield tx
        finally:
            self._transaction = self._reading = None
            if tx is not None and tx.sequence is not None:
                self.saved = tx.sequence
                self._telling = True
                try:
                    saving.tell(self, tx.sequence, changes)
                finally:
                    self._telling = False

    @contextlib.contextmanager
    def _part(self, outer: Transaction) -> Iterator[Transaction]:
        """Open a part of a transaction that somebody else saves, or nobody."""
        try:
            with outer.savepoint() as part:
                self._transaction = outer
                with saving.whole():
                    yield outer
                if self.checks and part.changes:
                    saving.settled(self, outer, part)
        finally:
            self._transaction = None
        self._silent = True  # what follows would tell of something that is not saved

    @property
    def rehearsed(self) -> bool:
        """Whether this is a dry run that has gone through a transaction; its own result is then not shown."""
        return self.options.dry_run and self._silent

    def finish(self) -> None:
        """Show what a dry run would have changed, in the place of the command's own result."""
        if not self.rehearsed or self.outer is None:
            return
        from cskit.display import preview

        changes, self.outer, self._silent = self.outer.changes, None, False
        preview.show(self, changes)

    def note_look(self, looks: dict[str, Look]) -> None:
        """Note in the history whose personal data is about to be shown, by table, and say so."""
        if self.options.dry_run:
            raise Usage(
                _("--reveal is noted in the history, and a dry run notes nothing"), _("leave out one of them")
            )
        ctx = click.get_current_context(silent=True)
        reason = ctx.params.get("reason") if ctx else None
        sequence = self.store.note(self.origin(reason if isinstance(reason, str) else None, looks=looks))
        self.echo(_("noted as {sequence}: personal data is shown").format(sequence=sequence))

    def origin(
        self, reason: str | None, undoes: int | None = None, looks: dict[str, Look] | None = None
    ) -> Origin:
        """Return who asks, when, with which command and why, as the history notes it."""
        return saving.origin(self, _clock(), reason, undoes, looks or {})

    # --- what plugins know --------------------------------------------------------------------------------

    def facts(
        self,
        kind: str,
        names: Sequence[str],
        ids: Sequence[str],
        *,
        period: Period | None = None,
        scope: Mapping[str, str] | None = None,
        evidence: Evidence | None = None,
    ) -> dict[str, dict[str, Any]]:
        """Return fact name → id → value; what is unknown is absent. See `cskit.facts.ask`."""
        from cskit.facts import ask

        return ask(self, kind, names, ids, period=period, scope=scope, evidence=evidence)

    # --- speaking to the user -----------------------------------------------------------------------------

    def echo(self, text: str) -> None:
        """Say something on stderr, unless --quiet; nothing once changes were made that are not saved."""
        if not (self.options.quiet or self._silent):
            self.say(text)

    def warn(self, text: str) -> None:
        """Say what is wrong on stderr, quiet or not."""
        self.say(f"cskit: {text}")

    def said(self, error: CskitError) -> str:
        """Return what an error that ends the command says."""
        return error.message

    def fail(self, message: str, hint: str) -> None:
        """Say why the command ends here, and what to do about it."""
        self.say(f"cskit: {message}")
        if hint:
            self.say(hint)

    def say(self, text: str) -> None:
        """Write a line to stderr."""
        console.say(text, plain=self.options.no_color)

    def confirm(self, doing: str) -> None:
        """Ask before `doing` something ("remove 3 customers").

        Raises `Refused` when the answer is no and `Usage` when there is no terminal to ask at.
        """
        if not self.sure:
            console.confirm(doing)

    @property
    def sure(self) -> bool:
        """Whether nobody needs to be asked: the user said --yes, or nothing is going to be saved."""
        return self.options.yes or self.options.dry_run


pass_app = click.make_pass_decorator(App)


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
