"""Write what the docs take from elsewhere: `docs/commands.md` from the command line's own help, in
`docs/returns.md` the limits and the catalogue of findings, in `README.md` the figures that were last measured
(`benchmarks/results.json`). With `--check`, fail where they have drifted.

python scripts/docs.py [--check]
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS, RETURNS, README = ROOT / "docs" / "commands.md", ROOT / "docs" / "returns.md", ROOT / "README.md"
MEASURED = ROOT / "benchmarks" / "results.json"
os.environ.update(TERM="dumb", NO_COLOR="1", COLUMNS="100", TERMINAL_WIDTH="100", LINES="40")


def commands_page() -> str:
    """The page of commands as it should be."""
    from typer.main import get_command
    from typer.testing import CliRunner

    from lscb_workbook.cli import app

    runner = CliRunner()
    parts = [
        "# Commands\n",
        "Written from `--help` by `scripts/docs.py`.\n",
        "A command exits with 0 when it is done, with 1 (only with `--strict`) when something needs a",
        "person, and with 2 when it could not do it; then one sentence says why and what to do.\n",
    ]
    for name in _commands("", get_command(app)):
        text = runner.invoke(app, [*name.split(), "--help"]).output
        lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
        parts.append(f"## `{f'lscb-workbook {name}'.strip()}`\n\n```\n{lines}\n```\n")
    return "\n".join(parts)


def _commands(name: str, command: object) -> Iterator[str]:
    """A command's name, then those of the commands in it: ``plan``, ``plan read``."""
    yield name
    for inner, one in getattr(command, "commands", {}).items():
        yield from _commands(f"{name} {inner}".strip(), one)


def returns_page() -> str:
    """The page on returns as it should be: its own words, and what is taken from the code between marks."""
    page = RETURNS.read_text(encoding="utf-8")
    return between_marks(between_marks(page, "limits", limits_table()), "findings", findings_tables())


def readme_page() -> str:
    """The README as it should be: its own words, and the figures that were last measured."""
    return between_marks(README.read_text(encoding="utf-8"), "benchmarks", measured_table())


def between_marks(page: str, name: str, made: str) -> str:
    """A page with what stands between the marks of this name replaced."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.S)
    return pattern.sub(lambda match: f"{match[1]}\n{made}\n{match[2]}", page)


def measured_table() -> str:
    """The benchmarks' figures, with the day and the command."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    lines = ["| work | takes | others | at the least | goal |", "|---|--:|---|---|---|"]
    for row in found["rows"]:
        others = ", ".join(
            f"{name} {_time(one['ms'])} (**{one['times_as_fast']:.1f}×**)"
            for name, one in row["rivals"].items()
        )
        floor = row["floor"]
        least = f"{floor['name']} {_time(floor['ms'])} ({floor['times_the_floor']:.1f}×)" if floor else ""
        goal = f"{row['goal']}: {'met' if row['met'] else 'not met'}"
        lines.append(f"| {row['work']} | {_time(row['ours_ms'])} | {others} | {least} | {goal} |")
    day, command = found["date"][:10], found["command"]
    where = f"Python {found['python']} on one core of {found['processor']}"
    return "\n".join([*lines, f"\nMeasured on {day} by `{command}`: {where}, medians of runs in turn."])


def _time(ms: float) -> str:
    return f"{ms:.2f} ms" if ms < 100 else f"{ms:,.0f} ms" if ms < 10_000 else f"{ms / 1000:.0f} s"


def limits_table() -> str:
    from lscb_workbook.returns.files.limits import RATIO_FROM, SHEETS, TOGETHER, Limits

    most, mega = Limits(), 1_000_000
    rows = (
        ("a file", f"{most.file_bytes // mega:,} MB", "`--size-limit`"),
        (
            "what it unpacks to, all that is in it together",
            f"{most.unpacked_bytes // mega:,} MB",
            "6 times `--size-limit`",
        ),
        (f"the same, if more than {RATIO_FROM >> 20} MB", f"{most.ratio} times the file", "in Python"),
        ("files in a container", f"{most.entries:,}", "in Python"),
        ("containers one inside the other", f"{most.depth}", "in Python"),
        ("sheets of a workbook", f"{SHEETS}", "fixed"),
        ("cells that its sheets spread over, together", f"{most.cells:,}", "in Python"),
        ("time to read one file", f"{most.seconds:g} seconds", "`--time-limit`"),
        (
            "time to read all that came in one file",
            f"{TOGETHER * most.seconds:g} seconds",
            f"{TOGETHER} times `--time-limit`",
        ),
        ("memory to read one file", f"{most.memory_bytes // mega:,} MB", "`--memory-limit`"),
    )
    lines = ["| what | at most | set by |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def findings_tables() -> str:
    from lscb_workbook.plan.catalogue import (
        OF_CELLS,
        OF_FILES,
        OF_MASTER,
        OF_PLAN,
        OF_REVIEW,
        OF_ROLLING,
        Entry,
    )

    def table(title: str, entries: Mapping[str, Entry]) -> str:
        lines = [f"### {title}\n", "| code | | what it says | what to do |", "|---|---|---|---|"]
        for code, one in sorted(entries.items()):
            lines.append(
                f"| `{code}` | {one.severity.value} | {_words(one.message)} | {_words(one.action)} |"
            )
        return "\n".join(lines)

    return "\n\n".join(
        table(title, entries)
        for title, entries in (
            ("About a returned file", OF_FILES),
            ("About what stands in it", OF_CELLS),
            ("About the plan", OF_PLAN),
            ("About the master", OF_MASTER),
            ("From the review", OF_REVIEW),
            ("When the next plan year begins", OF_ROLLING),
        )
    )


def _words(text: str) -> str:
    """A message with what is filled in as words in italics."""
    return re.sub(r"\{(\w+)\}", lambda match: f"*{match[1].replace('_', ' ')}*", text).replace("|", "\\|")


def broken_links() -> list[str]:
    """Links between the project's pages that lead nowhere."""
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [
        f"{source.name}: {target}"
        for source in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", source.read_text(encoding="utf-8"))
        if not (source.parent / target).exists()
    ]


def main() -> int:
    pages = {COMMANDS: commands_page(), RETURNS: returns_page(), README: readme_page()}
    if "--check" not in sys.argv:
        for path, made in pages.items():
            path.write_text(made, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
        return 0
    faults = [f"broken link in {link}" for link in broken_links()]
    for path, made in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != made:
            faults.append(f"{path.relative_to(ROOT)} is not what the code says: run scripts/docs.py")
    for fault in faults:
        print(fault, file=sys.stderr)
    print("Docs agree with the code." if not faults else f"{len(faults)} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
