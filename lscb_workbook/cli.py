"""The command line: one command for each step of the manager's quarter, with no logic of its own."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand, TyperGroup

import lscb_workbook as lw
from lscb_workbook.lazily import later
from lscb_workbook.tracker.kept import KEEP

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from typer._click import Context, HelpFormatter, Parameter

    from lscb_workbook import terminal
    from lscb_workbook.plan.records import Finding
    from lscb_workbook.post.outbox import Posted
else:
    terminal = later("lscb_workbook.terminal")

__all__ = ["app", "main"]

app = typer.Typer(
    name="lscb-workbook",
    help="Build, issue, merge and review a safeguarding board's action tracker in Excel. "
    "The usual quarter: new (once a year), issue, merge, review, board. "
    "With --debug any command shows the full traceback of an error.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help is there in a third of the time
    context_settings={"max_content_width": 100},
)


class _Command(TyperCommand):
    """A command whose help calls its arguments by the names they are given, without a programmer's types."""

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """``[OPTIONS] MASTER.xlsx [RETURNS...]``"""
        names = [f"{one.metavar}" if one.required else f"[{one.metavar}]" for one in self._arguments(ctx)]
        return [f"{self.options_metavar}", *names]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the arguments, then the options."""
        arguments = self._arguments(ctx)
        if arguments:
            with formatter.section("Arguments"):
                formatter.write_dl([(f"{one.metavar}", self._about(one)) for one in arguments])
        options = [one.get_help_record(ctx) for one in self.get_params(ctx) if one not in arguments]
        with formatter.section("Options"):
            formatter.write_dl([(names, _in_words(about)) for names, about in filter(None, options)])

    def _arguments(self, ctx: Context) -> list[Parameter]:
        return [one for one in self.get_params(ctx) if one.param_type_name == "argument"]

    @staticmethod
    def _about(one: Parameter) -> str:
        return f"{getattr(one, 'help', '')}{'  [required]' if one.required else ''}"


def _in_words(about: str) -> str:
    """What an option is for, with the numbers that it takes in words: ``1 to 50``, ``at least 1``."""
    return re.sub(r"\bx>=(\S+?)]", r"at least \1]", re.sub(r"(\S+)<=x<=(\S+?)]", r"\1 to \2]", about))


_command = partial(app.command, cls=_Command)


def main() -> None:
    """Run the command line. Exit code 0: done; 1: done, a person is needed (``--strict``); 2: could not."""
    debug = "--debug" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--debug"]
    try:
        app()
    except lw.WorkbookError as error:
        if debug:
            raise
        terminal.fail(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        terminal.fail("Stopped. Nothing more was written.")
        sys.exit(2)
    except Exception as error:
        if debug:
            raise
        terminal.fail(
            f"This is a fault of the tool ({error!r}). Run the same command with --debug and report what it "
            "prints. If the master was changed before that, the one before it is in the folder 'backups'."
        )
        sys.exit(2)


def _exit(needs_a_person: bool) -> None:
    if needs_a_person:
        raise typer.Exit(1)


def _grave(findings: Sequence[Finding]) -> bool:
    from lscb_workbook.plan.records import Severity

    return any(one.severity is not Severity.INFO for one in findings)


# --- arguments -------------------------------------------------------------------------------


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d/%m/%y", "%d.%m.%y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise typer.BadParameter(f"'{text}' is not a day. Write it as year-month-day, for example 2016-10-01.")


Master = Annotated[Path, typer.Argument(help="The master tracker, an .xlsx workbook.", metavar="MASTER.xlsx")]
Returns = Annotated[
    list[str] | None,
    typer.Argument(
        help="Returned copies: files, folders, zip files and saved mails (.eml, .msg), "
        "addresses of them (s3://..., sftp://...), or folders of a mailbox (imaps://USER@HOST/FOLDER).",
        metavar="RETURNS...",
    ),
]
AsAt = Annotated[
    date | None,
    typer.Option(
        "--as-at", parser=_day, metavar="DAY", help="The day to judge by, e.g. 2016-10-01. Default: today."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the result as one JSON object, and nothing else.")
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        help="Passwords of protected returns, one on each line. Without it you are asked.",
        metavar="FILE",
    ),
]
SizeLimit = Annotated[
    int,
    typer.Option(
        help="The most megabytes that a returned file may have; it may unpack to 6 times that.",
        min=1,
        max=2_000,
        metavar="MEGABYTES",
    ),
]
TimeLimit = Annotated[
    float,
    typer.Option(
        help="The most seconds that reading one file may take.",
        min=0.1,
        metavar="SECONDS",
    ),
]
MemoryLimit = Annotated[
    int,
    typer.Option(
        help="The most megabytes of memory that reading one file may take.",
        min=100,
        metavar="MEGABYTES",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        help="The most processes that read returns. Default: as many as there are cores. "
        "Fewer are started where there are few files.",
        min=1,
        metavar="N",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        help="Let the workers of this Dask scheduler read the returns.",
        metavar="tcp://HOST:PORT",
    ),
]
Drafts = Annotated[
    Path | None,
    typer.Option(
        help="Write each letter into this folder as a draft (.eml) that Outlook opens.", metavar="FOLDER"
    ),
]
Send = Annotated[
    str,
    typer.Option(
        help="Send each letter by this mail server: smtps://HOST, or smtp://HOST:587.", metavar="SERVER"
    ),
]
From = Annotated[
    str,
    typer.Option(
        "--from",
        help="From whom letters come: a name, then the address in angle brackets.",
        metavar="WHO",
    ),
]
User = Annotated[
    str,
    typer.Option(help="Who signs in to the mail server; the password is in the keyring.", metavar="NAME"),
]
CaFile = Annotated[
    Path | None,
    typer.Option(help="A certificate authority of your own to trust, a PEM file.", metavar="FILE.pem"),
]
Insecure = Annotated[
    bool, typer.Option("--insecure", help="Without TLS, to a mail server on this very computer.")
]
ToMe = Annotated[bool, typer.Option("--to-me", help="Send all letters to yourself first.")]
Resend = Annotated[
    bool,
    typer.Option("--resend", help="Send again those of which it is not known whether they arrived."),
]
Letters = Annotated[
    Path | None, typer.Option("--templates", help="Your own words for letters.", metavar="FOLDER")
]
_LIMITS = lw.Limits()
_SIZE, _TIME, _MEMORY = _LIMITS.file_bytes // 1_000_000, _LIMITS.seconds, _LIMITS.memory_bytes // 1_000_000
Keep = Annotated[
    int,
    typer.Option(help="How many backups of the master to keep; older ones are removed.", min=1, metavar="N"),
]
Live = Annotated[
    bool,
    typer.Option("--live", help="Work on the tracker as it is open in Excel (Windows), and save it there."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 where something needs a person.")]


_BEFORE_A_PAPER = (
    "personal-data",
    "plan-cell-typed",
    "plan-amended",
    "master-formula-unread",
    "master-cell-not-recognised",
    "approved-without-approver",
    "edits-not-recorded",
)
"""The findings that are to be seen before a paper is read: of what it shows that it should not, and of what
stands in the tracker and is not in it."""


def _limits(megabytes: int, seconds: float, memory: int) -> lw.Limits:
    most = megabytes * 1_000_000
    return lw.Limits(
        file_bytes=most, unpacked_bytes=6 * most, seconds=seconds, memory_bytes=memory * 1_000_000
    )


def _refuse_unposted(posted: Posted | None) -> None:
    """End the command where letters could not go out, once its other results were shown."""
    if posted and posted.failed:
        terminal.fail(posted.failed)
        raise typer.Exit(2)


def _mailing(
    drafts: Path | None,
    server: str,
    sender: str,
    user: str,
    authorities: Path | None,
    insecure: bool,
    to_me: bool,
    resend: bool,
    templates: Path | None,
    again: Sequence[str] = (),
) -> lw.Mailing | None:
    """How letters are to go out; None where they are not to."""
    if not (drafts or server):
        if sender or user or to_me or resend:
            raise lw.WorkbookError(
                "--from, --user, --to-me and --resend are for letters: say --drafts FOLDER or --send SERVER "
                "as well. Nothing was done."
            )
        return None
    repeated = tuple(again) if resend else ()
    return lw.Mailing(sender, drafts, server, user, authorities, insecure, to_me, resend, repeated, templates)


def _workers(scheduler: str | None, step: terminal.Watch) -> AbstractContextManager[Executor | None]:
    if scheduler is None:
        return nullcontext()
    from lscb_workbook.returns.cluster import cluster

    return cluster(scheduler, tell=step.note)


def _access(authorities: Path | None, insecure: bool, step: terminal.Watch) -> lw.Access:
    """How a mailbox is reached."""
    return lw.Access(authorities, insecure, ask=step.ask_mailbox if step.attended else None)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            terminal.say(f"lscb-workbook {version('lscb-workbook')}")
        except PackageNotFoundError:  # run out of its folder
            terminal.say("lscb-workbook, which is not installed here and so has no version")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say which version this is.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    pass


# --- commands --------------------------------------------------------------------------------


@_command()
def new(
    plan: Annotated[
        Path | None,
        typer.Argument(
            help="The plan, a .toml file. Default: the plan shipped; with --from: none.", metavar="PLAN.toml"
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to write the tracker.", metavar="MASTER.xlsx")
    ] = Path("master.xlsx"),
    previous: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="Last year's tracker: what is unfinished in it goes on in the new one, with its history.",
            metavar="OLD.xlsx",
        ),
    ] = None,
    first_day: Annotated[
        date | None,
        typer.Option(
            parser=_day,
            metavar="DAY",
            help="First of the new plan year, where no plan says it. Default: the day after the old one.",
        ),
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="A restyled workbook_template.xlsx to fill.", metavar="TEMPLATE.xlsx")
    ] = None,
    as_at: Annotated[
        date | None,
        typer.Option(
            "--as-at",
            parser=_day,
            metavar="DAY",
            help="The day it stands at. Default: the plan year's first.",
        ),
    ] = None,
) -> None:
    """Make the master tracker from a plan, or from last year's tracker."""
    made = lw.new(
        plan,
        output,
        as_at=as_at,
        template=template,
        previous=previous,
        first_day=first_day,
        tell=terminal.note,
    )
    actions, milestones = len(made.plan.actions), len(made.plan.milestones)
    terminal.say(f"Wrote {made.written}: {actions} actions, {milestones} milestones.")
    if made.rolled:
        terminal.show_rolled(made.plan, made.rolled)
    terminal.show_findings(made.findings)
    if made.rolled:
        terminal.what_next(
            "Look through what is said above, and the tab 'Earlier years'. Have the board approve new dates "
            "for what is overdue, enter meeting days on Calendar, then: lscb-workbook issue"
        )
    else:
        terminal.what_next("Enter the officers' emails on the Officers tab, then: lscb-workbook issue")


@_command(short_help="Write each officer's copy, and the letter to it.")
def issue(
    master: Master,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder for the copies.", metavar="FOLDER")
    ],
    cycle: Annotated[str, typer.Option(help='The cycle\'s name, e.g. "2016-17 Q2".', metavar="CYCLE")],
    return_by: Annotated[
        date, typer.Option("--return-by", parser=_day, metavar="DAY", help="The day copies are due back.")
    ],
    issued: Annotated[
        date | None,
        typer.Option("--issued", parser=_day, metavar="DAY", help="The day of issue. Default: today."),
    ] = None,
    officer: Annotated[
        list[str] | None,
        typer.Option(help="Issue to this officer only; may be given more than once.", metavar="OFFICER"),
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="A restyled copy_template.xlsx to fill.", metavar="TEMPLATE.xlsx")
    ] = None,
    protect: Annotated[
        bool, typer.Option("--protect", help="Encrypt each copy with a password of its officer's own.")
    ] = False,
    drafts: Drafts = None,
    send: Send = "",
    sender: From = "",
    user: User = "",
    ca_file: CaFile = None,
    insecure: Insecure = False,
    to_me: ToMe = False,
    resend: Resend = False,
    letters: Letters = None,
    keep: Keep = KEEP,
    live: Live = False,
    strict: Strict = False,
) -> None:
    """Write each lead officer's own copy for a cycle, and the letter that it goes out with.

    Run again with --drafts or --send, it goes on where it was cut off: nobody gets a letter twice.
    """
    with terminal.progress("Writing copies") as step:
        made = lw.issue(
            master,
            output,
            cycle=cycle,
            issued_on=issued or date.today(),
            return_by=return_by,
            only=officer or (),
            template=template,
            keep=keep,
            live=live,
            progress=step,
            protect=protect,
            mailing=_mailing(
                drafts, send, sender, user, ca_file, insecure, to_me, resend, letters, officer or ()
            ),
            tell=step.note,
        )
    copies = "1 copy" if len(made.issued) == 1 else f"{len(made.issued)} copies"
    if made.backup:
        terminal.say(f"Wrote {copies} to {made.folder}.")
        for copy in made.issued:
            terminal.say(f"  {copy.file}")
        if made.before:
            terminal.say(f"{len(made.before)} had theirs before, and nothing was done about those.")
    else:
        terminal.say(f"{cycle} was issued before: {copies} in {made.folder}.")
    terminal.show_passwords(made)
    terminal.show_posted(made.posted)
    for one in made.unwritten:
        terminal.say(f"  No copy for {one.title}: no action of the plan is theirs.")
    _refuse_unposted(made.posted)
    terminal.what_next(
        f"{terminal.going_out(made.posted)}, to be back by {return_by:%d/%m/%Y}; then: lscb-workbook merge"
    )
    _exit(strict and bool(made.posted and made.posted.needs_a_person))


@_command()
def status(
    master: Master,
    returns: Returns = None,
    as_json: AsJson = False,
    strict: Strict = False,
    password_file: PasswordFile = None,
    size_limit: SizeLimit = _SIZE,
    time_limit: TimeLimit = _TIME,
    memory_limit: MemoryLimit = _MEMORY,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    ca_file: CaFile = None,
    insecure: Insecure = False,
) -> None:
    """Say who has returned what, who has not, and what needs a person. Writes nothing."""
    with terminal.progress("Reading returns", quiet=as_json) as step, _workers(scheduler, step) as executor:
        found = lw.status(
            master,
            returns or [],
            progress=step,
            limits=_limits(size_limit, time_limit, memory_limit),
            password_file=password_file,
            ask=step.ask_password if step.attended else None,
            executor=executor,
            jobs=jobs,
            access=_access(ca_file, insecure, step),
        )
    if as_json:
        terminal.print_json(found.as_json())
    else:
        terminal.show_status(found)
    _exit(strict and bool(found.missing or found.harvest.quarantined or _grave(found.harvest.findings)))


@_command(short_help="Merge returned copies into the master.")
def merge(
    master: Master,
    returns: Returns = None,
    as_at: AsAt = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
    as_json: AsJson = False,
    strict: Strict = False,
    password_file: PasswordFile = None,
    size_limit: SizeLimit = _SIZE,
    time_limit: TimeLimit = _TIME,
    memory_limit: MemoryLimit = _MEMORY,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    move: Annotated[
        str,
        typer.Option(
            help="Move messages whose return was merged to this folder of the mailbox.", metavar="FOLDER"
        ),
    ] = "",
    receipts: Annotated[
        Path | None,
        typer.Option(
            help="Write a receipt for each officer who returned, as drafts (.eml), into this folder.",
            metavar="FOLDER",
        ),
    ] = None,
    send: Annotated[
        str,
        typer.Option(
            help="Send the receipts, in place of --receipts: smtps://HOST, or smtp://HOST:587.",
            metavar="SERVER",
        ),
    ] = "",
    sender: From = "",
    user: User = "",
    ca_file: CaFile = None,
    insecure: Insecure = False,
    to_me: ToMe = False,
    resend: Resend = False,
    letters: Letters = None,
    keep: Keep = KEEP,
    live: Live = False,
) -> None:
    """Merge returned copies into the master, and take up what was settled on its Conflicts tab."""
    with terminal.progress("Reading returns", quiet=as_json) as step, _workers(scheduler, step) as executor:
        made = lw.merge(
            master,
            returns or [],
            as_at=as_at,
            dry_run=dry_run,
            progress=step,
            limits=_limits(size_limit, time_limit, memory_limit),
            password_file=password_file,
            ask=step.ask_password if step.attended else None,
            executor=executor,
            jobs=jobs,
            access=_access(ca_file, insecure, step),
            move=move,
            receipts=_mailing(receipts, send, sender, user, ca_file, insecure, to_me, resend, letters),
            keep=keep,
            live=live,
            tell=step.note,
        )
    foreign = bool(returns) and not made.harvest.returns
    if as_json:
        terminal.print_json(made.as_json())
    else:
        plan, conflicts = made.plan, made.conflicts
        terminal.show_changes("Changes", plan, made.changes)
        terminal.show_changes("To settle on the Conflicts tab", plan, [one.change for one in conflicts])
        terminal.show_changes("Refused", plan, made.refusals)
        terminal.show_set_aside(made.harvest)
        terminal.show_findings(made.to_see)
        terminal.show_merged(made)
        if dry_run:
            terminal.say("Nothing was written: this was a dry run.")
        elif made.written:
            terminal.say(f"Wrote {made.written}; the master before is {made.backup}.")
        else:
            terminal.say("Nothing new: the master stands as it was.")
        terminal.show_marked(made.marked)
        terminal.show_posted(made.posted)
        _refuse_unposted(made.posted)
        if dry_run and not foreign:
            terminal.what_next("the same command without --dry-run")
        elif conflicts and not foreign:
            terminal.what_next("Settle each row on the Conflicts tab, then merge again")
        elif not foreign:
            terminal.what_next("Look at the Checks tab; then: lscb-workbook board")
    if foreign:
        terminal.fail("None of these files is a return of this tracker. Nothing was written.")
        raise typer.Exit(2)
    needs = made.conflicts or made.refusals or made.harvest.quarantined or _grave(made.findings)
    _exit(strict and bool(needs))


@_command(short_help="Judge milestones and ratings as at a day.")
def review(
    master: Master,
    as_at: AsAt = None,
    as_json: AsJson = False,
    strict: Strict = False,
    keep: Keep = KEEP,
    live: Live = False,
) -> None:
    """Judge milestones and ratings as at a day, and write the summary tabs and Checks."""
    made = lw.review(master, as_at=as_at, keep=keep, live=live, tell=terminal.note)
    if as_json:
        terminal.print_json(made.as_json())
    else:
        terminal.show_review(made)
        kept = f"; the master before is {made.backup}" if made.backup else ""
        terminal.show_recorded(made.recorded, made.review.as_at)
        if made.past:
            terminal.say(
                "So it stood then, out of History; the master was not changed. If it was brought to a later "
                "day by mistake: lscb-workbook undo."
            )
        else:
            terminal.say(f"Wrote {master}{kept}." if made.written else "Nothing new: it stands as it was.")
        if made.review.open_conflicts:
            terminal.what_next("Settle each row on the Conflicts tab, then merge")
        else:
            terminal.what_next("lscb-workbook board, for the paper")
    _exit(strict and _grave(made.findings))


@_command(short_help="Write the board's paper: Word, PDF or web page.")
def board(
    master: Master,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="The paper, as Word, PDF or web page, by its ending.",
            metavar="PAPER.docx",
        ),
    ],
    as_at: AsAt = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="A PDF of it as well (needs LibreOffice; with --tabs, or Excel).")
    ] = False,
    html: Annotated[bool, typer.Option("--html", help="A web page of it as well.")] = False,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="The version to publish: no officer below head of service, no text that may be personal.",
        ),
    ] = False,
    tabs: Annotated[
        bool, typer.Option("--tabs", help="Print the board tabs of the workbook instead, to a PDF.")
    ] = False,
    meeting: Annotated[str, typer.Option(help="The meeting. Default: the board.", metavar="TEXT")] = "",
    meets_on: Annotated[
        str,
        typer.Option("--date", help="Its date. Default: the next in the Calendar.", metavar="TEXT"),
    ] = "",
    agenda_item: Annotated[str, typer.Option(help="The agenda item.", metavar="TEXT")] = "",
    author: Annotated[str, typer.Option(help="Who wrote the paper.", metavar="TEXT")] = "",
    purpose: Annotated[str, typer.Option(help="What it is for. Default: a sentence.", metavar="TEXT")] = "",
    recommendation: Annotated[
        str,
        typer.Option(help="What the board is asked to do. Default: drawn from the figures.", metavar="TEXT"),
    ] = "",
    template: Annotated[
        Path | None, typer.Option(help="Your own Word template (see docs/paper.md).", metavar="TEMPLATE.docx")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over papers of this name that are there.")
    ] = False,
    keep: Keep = KEEP,
    live: Live = False,
) -> None:
    """Review the master and write the board's paper as Word, PDF or web page.

    As at a day that the tracker has moved on from, the paper is made again as it stood then, out of History.
    """
    made = lw.board(
        master,
        output,
        as_at=as_at,
        front=lw.Front(meeting, meets_on, agenda_item, author, purpose, recommendation),
        public=public,
        pdf=pdf,
        html=html,
        tabs=tabs,
        template=template,
        replace_files=replace,
        keep=keep,
        live=live,
        tell=terminal.note,
    )
    personal = [one for one in made.findings if one.code == "personal-data"] if not public else []
    before = [one for one in made.findings if one.code in _BEFORE_A_PAPER]
    terminal.show_findings([one for one in before if personal or one.code != "personal-data"])
    terminal.show_conflicts_waiting(made.waiting)
    terminal.show_recorded(made.recorded, as_at or date.today())
    for line in made.left_out:
        terminal.say(f"Left out: {line}")
    for path in made.written:
        terminal.say(f"Wrote {path}.")
    if made.past:
        terminal.say("It is as it stood then, out of History; the master was not changed.")
    if personal:
        terminal.what_next(
            "Take out of the tracker what may be personal, and run board again; or use --public"
        )
    else:
        terminal.what_next("Read it as the board will, and take out names of children; then send it out")


@_command(short_help="Show the changes that were ever merged.")
def history(
    master: Master,
    ref: Annotated[
        str | None, typer.Argument(help="An action or milestone, e.g. 1.4 or 1.4.2.", metavar="REF")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show every change ever merged, or those of one action or milestone."""
    found = lw.history(master, ref)
    if as_json:
        terminal.print_json(found.as_json())
        return
    title = f"History of {ref}" if ref else "History"
    terminal.show_changes(title, found.plan, found.changes, dated=True)
    if not found.changes:
        terminal.say("Nothing is recorded yet.")


@_command(short_help="Remind the officers who have not returned, or not enough.")
def chase(
    master: Master,
    returns: Returns = None,
    as_at: AsAt = None,
    nation: Annotated[
        str,
        typer.Option(
            help="Whose holidays count: England, Wales, Scotland or Northern Ireland.", metavar="NATION"
        ),
    ] = "England",
    reminders: Annotated[
        str,
        typer.Option(
            help="When reminders go: working days from the day to return by, before it with a minus.",
            metavar="DAYS",
        ),
    ] = "-3,1,4",
    escalation: Annotated[
        int, typer.Option(help="When the officer's manager is written to, likewise.", metavar="DAYS")
    ] = 8,
    copies: Annotated[
        Path | None,
        typer.Option(
            help="Attach the copy again, out of the folder that it was issued to.", metavar="FOLDER"
        ),
    ] = None,
    drafts: Drafts = None,
    send: Send = "",
    sender: From = "",
    user: User = "",
    ca_file: CaFile = None,
    insecure: Insecure = False,
    to_me: ToMe = False,
    resend: Resend = False,
    letters: Letters = None,
    strict: Strict = False,
) -> None:
    """Say who is to be reminded of the latest cycle's copy, and of what; --drafts or --send reminds them.

    Asked are those who have not returned, and those whose return says too little: merge what has come back
    first, or name it, so that nobody is asked for what is here. The last letter goes to the officer's
    manager. Nobody gets two a day.
    """
    found = lw.chase(
        master,
        returns or [],
        as_at=as_at,
        nation=nation,
        reminders=_days(reminders),
        escalation=escalation,
        mailing=_mailing(drafts, send, sender, user, ca_file, insecure, to_me, resend, letters),
        copies=copies,
        tell=terminal.note,
    )
    terminal.show_chase(found)
    terminal.show_posted(found.posted)
    _exit(strict and bool(found.posted and found.posted.needs_a_person))


def _days(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"'{text}' are no numbers of days. Write them like -3,1,4.") from None


@_command(short_help="Write calendars of meetings, return-by days and milestones.")
def calendar(
    master: Master,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder for the calendars.", metavar="FOLDER")
    ],
    as_at: AsAt = None,
) -> None:
    """Write calendars (.ics) to import: the manager's, and each officer's, with alarms.

    Imported once more, a later one moves and closes the entries of the one before.
    """
    made = lw.calendar(master, output, as_at=as_at)
    for path in made.files:
        terminal.say(f"Wrote {path}.")
    terminal.what_next("Import yours (the first) into your calendar, and send the officers theirs")


@_command(short_help="Put the master back as it was, change by change.")
def undo(
    master: Master,
    to: Annotated[
        Path | None,
        typer.Option(help="Go to this backup instead, older or newer.", metavar="BACKUP.xlsx"),
    ] = None,
) -> None:
    """Put the master back as it was before the last change; once more, and it goes one further back.

    The master as it is now is kept as a backup, and no backup is removed.
    """
    made = lw.undo(master, to=to, tell=terminal.note)
    until = f"as it was until {made.until:%d/%m/%Y at %H:%M:%S}" if made.until else "as it was"
    for path, why in made.passed_over.items():
        terminal.say(f"Passed over {path.name}: {why}.", style="yellow")
    terminal.say(f"{made.written} is again {until}: {made.restored}.")
    terminal.say(f"What it was just now is kept: {made.kept}.")
    terminal.what_next(f'To have that back: lscb-workbook undo "{master}" --to "{made.kept.name}"')


@_command(short_help="List what undo can go back to.")
def backups(master: Master) -> None:
    """List the masters kept before each change, newest first, and the one that undo goes back to."""
    found = lw.backups(master)
    terminal.show_backups(found)
    if not found.backups:
        terminal.say(
            f"None is in the folder where they would be, {found.folder}. If that was moved, renamed or "
            "deleted, put it back; the recycle bin may have it. Where OneDrive or SharePoint keeps the "
            "master, Excel's Version History may have it as it was."
        )


class _PlanCommands(TyperGroup):
    """The commands on plans. ``plan`` alone, or with a file, is ``plan show``."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """The words behind ``plan``, with ``show`` before them where they name no command."""
        named = bool(args) and args[0] in (*self.commands, *ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["show", *args])


_plans = typer.Typer(
    cls=_PlanCommands,
    help="Read a plan out of the board's own document, check it, or write a blank one to fill in. "
    "Without a command, or with just a file, it is 'plan show'.",
    rich_markup_mode=None,
    context_settings={"max_content_width": 100},
)
app.add_typer(_plans, name="plan", short_help="Read a board's plan out of its document; check it.")
PlanFile = Annotated[Path, typer.Argument(help="The plan, a .toml file.", metavar="PLAN.toml")]


@_plans.command("show", cls=_Command)
def plan(
    source: Annotated[
        Path | None,
        typer.Argument(help="The plan, a .toml file. Default: the plan shipped.", metavar="PLAN.toml"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the plan here, to edit it.", metavar="PLAN.toml"),
    ] = None,
) -> None:
    """Say what a plan holds and what is uncertain in it. With -o, write it out to edit."""
    agreed, findings = lw.plan(source, output)
    terminal.say(f"{agreed.title}: {terminal.contents(agreed)}.")
    terminal.show_findings(findings)
    if output:
        terminal.say(f"Wrote {output}.")
    named = output or source
    terminal.what_next(f'lscb-workbook new "{named}" -o master.xlsx' if named else "lscb-workbook new")


@_plans.command("read", cls=_Command, short_help="Read a plan out of the document it was agreed in.")
def plan_read(
    source: Annotated[
        Path,
        typer.Argument(
            help="The document with the plan's tables: .docx, .pdf, .xlsx, .ods, .csv or .txt.",
            metavar="FILE",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to write the plan.", metavar="PLAN.toml")
    ] = Path("plan.toml"),
    columns: Annotated[
        str,
        typer.Option(
            help="Which column holds what, by number from the left or by heading, where the headings do not "
            "say it: ref=1,action=2,lead=Owner,when=4,measures=5.",
            metavar="COLUMNS",
        ),
    ] = "",
    first_day: Annotated[
        date | None,
        typer.Option(
            "--first-day",
            parser=_day,
            metavar="DAY",
            help="The plan year's first day, where the document does not say it, e.g. 2016-04-01.",
        ),
    ] = None,
    strict: Strict = False,
) -> None:
    """Read a plan out of the document it was agreed in, and write it as a .toml file to check and correct.

    A report goes beside it: every doubt, and every word of the document that is not in the plan. Neither file
    is written over one that is there.
    """
    made = lw.plan_read(source, output, columns=columns, first_day=first_day)
    terminal.show_plan_read(made)
    terminal.what_next(
        "Go through both beside the document, correct the plan, then: "
        f'lscb-workbook plan check "{made.written}"'
    )
    _exit(strict and made.reading.in_doubt)


@_plans.command("check", cls=_Command, short_help="Say all that is wrong or doubtful in a plan, by line.")
def plan_check(source: PlanFile, strict: Strict = False) -> None:
    """Say all that keeps a plan from becoming a tracker, and all that is doubtful in it, each with its line.

    It exits with 2 where no tracker can be made of the plan yet.
    """
    found = lw.plan_check(source)
    terminal.show_plan_check(found, source)
    if found.plan is None:
        raise typer.Exit(2)
    terminal.what_next(f'lscb-workbook new "{source}" -o master.xlsx')
    _exit(strict and found.in_doubt)


@_plans.command("template", cls=_Command, short_help="Write a blank plan, a workbook to fill in.")
def plan_template(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to write it.", metavar="PLAN.xlsx")
    ] = Path("plan.xlsx"),
) -> None:
    """Write a blank plan to fill in with Excel, for a board whose plan is in no document yet."""
    written = lw.plan_template(output)
    terminal.say(f"Wrote {written}. How to fill it in is on its last sheet.")
    terminal.what_next(f'Fill it in, then: lscb-workbook plan read "{written}" -o plan.toml')


_excel = typer.Typer(
    help="Work with the tracker inside Excel (Windows): the button on its ribbon, and what that needs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(_excel, name="excel", short_help="The button on Excel's ribbon, and what it needs.")


@_excel.command("install", cls=_Command, short_help="Put the tab 'Tracker' on Excel's ribbon.")
def excel_install(
    remove: Annotated[bool, typer.Option("--remove", help="Take it away again.")] = False,
) -> None:
    """Put the tab 'Tracker' on Excel's ribbon, made out of what xlwings brings."""
    place = lw.excel_install(remove=remove)
    if remove:
        terminal.say(f"Removed {place}." if place else "It was not installed.")
        return
    terminal.say(f"Wrote {place}.")
    terminal.what_next("Close Excel and start it again; open the tracker, and choose the tab 'Tracker'")


@_excel.command("doctor", cls=_Command, short_help="Say what working in Excel needs and is missing.")
def excel_doctor(strict: Strict = False) -> None:
    """Say what working in Excel needs, what of it is missing here, and how to mend that."""
    from lscb_workbook.live import State

    lines = lw.excel_doctor()
    rows = [(one.what, one.state.value, one.said, one.mend) for one in lines]
    terminal.show_table("Working in Excel", ("What", "How it stands", "Found", "What to do"), rows)
    missing = [one for one in lines if one.state is State.MISSING]
    terminal.what_next(missing[0].mend if missing else "Nothing: all is there")
    _exit(strict and bool(missing))


@_command(short_help="Play two quarters on the shipped plan.")
def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="A new folder for it. Default: lscb-demo, or lscb-demo-2 and so on.", metavar="FOLDER"
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="What the made-up officers do depends on it alone.", metavar="NUMBER")
    ] = 2016,
) -> None:
    """Play two quarters on the shipped plan, with returns as officers would fill them in."""
    played = lw.demo(folder, seed=seed, say=terminal.say)
    terminal.show_table("What happened", ("Quarter", "What", "How many"), played.happened)
    terminal.show_table(
        "Where it is", ("What", "File or folder"), [(what, str(path)) for what, path in played.places]
    )
    terminal.what_next(f"Open {played.places[0][1]} in Excel or LibreOffice and look at the tabs")
