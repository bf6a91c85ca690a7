"""`python -m lscb_workbook` is the command line."""

from lscb_workbook.cli import main

main()
