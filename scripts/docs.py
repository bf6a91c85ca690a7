"""Write `docs/commands.md` from the command line's own help; with `--check`, fail where it has drifted.

python scripts/docs.py [--check]
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "commands.md"
os.environ.update(TERM="dumb", NO_COLOR="1", COLUMNS="100", TERMINAL_WIDTH="100", LINES="40")


def page() -> str:
    """The page as it should be."""
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
    for name in ("", *get_command(app).commands):  # type: ignore[attr-defined]
        text = runner.invoke(app, [name, "--help"] if name else ["--help"]).output
        lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
        parts.append(f"## `{f'lscb-workbook {name}'.strip()}`\n\n```\n{lines}\n```\n")
    return "\n".join(parts)


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
    made = page()
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
        print(f"wrote {PAGE}")
        return 0
    faults = [f"broken link in {link}" for link in broken_links()]
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
        faults.append("docs/commands.md is not what --help says: run scripts/docs.py")
    for fault in faults:
        print(fault, file=sys.stderr)
    print("Docs agree with --help." if not faults else f"{len(faults)} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
