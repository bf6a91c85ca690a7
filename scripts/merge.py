"""Merge returned copies into the master: double-click it, or `python3 scripts/merge.py MASTER FOLDER`.

Asks for the master and the folder where they are not given, shows first what would change, and
merges when you say so.
"""

from __future__ import annotations

import sys

from environment import run


def ask(question: str) -> str:
    """What a person types or drags into the window, without the quotation marks that dragging adds."""
    try:
        return input(f"{question}\n> ").strip().strip("\"'")
    except (EOFError, KeyboardInterrupt):
        sys.exit("\nNothing was changed.")


def main(arguments: list[str]) -> int:
    asked = len(arguments) < 2
    options = [word for word in arguments if word.startswith("-")]
    places = [word for word in arguments if not word.startswith("-")]
    master = places[0] if places else ask("The master tracker (drag the file into this window, then Enter):")
    returns = places[1:] or [ask("The folder with the returned copies (drag it here, then Enter):")]
    # -P: no file of the folder this is started in, a folder of returns perhaps, is taken for a module.
    command = ["-P", "-m", "lscb_workbook", "merge", master, *returns, *options]
    if not asked:
        return run(*command)
    code = run(*command, "--dry-run")
    if code == 0 and ask("Merge now? Type yes to go on:").casefold() in ("y", "yes"):
        code = run(*command)
    ask("Finished. Press Enter to close.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
