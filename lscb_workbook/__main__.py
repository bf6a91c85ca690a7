"""`python -m lscb_workbook` is the command line."""

import sys


def _run() -> None:
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder: a file of a folder of returns is no module
    from lscb_workbook.cli import main

    main()


_run()
