"""Starting is quick because what is seldom needed is imported when it is: seen in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

_HEAVY = {
    "dateutil",
    "deflate",
    "distributed",
    "docx",
    "docxtpl",
    "email.parser",
    "jinja2",
    "lxml",
    "matplotlib",
    "msoffcrypto",
    "olefile",
    "openpyxl",
    "oxmsg",
    "pandas",
    "phonenumbers",
    "psutil",
    "python_calamine",
    "rich",
    "stdnum",
    "xlrd",
    "lscb_workbook.ooxml",
    "lscb_workbook.plan.records",
    "lscb_workbook.steps",
    "lscb_workbook.terminal",
}
_WORK = "from lscb_workbook.returns.files.reading import main"


def _imported(code: str) -> set[str]:
    """The modules, as many names of each as there are, that are loaded once this code has run."""
    told = f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(ran.stderr.split())


@pytest.mark.parametrize(
    "code",
    ["import lscb_workbook", "from lscb_workbook.cli import app; app(['--help'])"],
    ids=["the package", "--help"],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    assert _imported(code) & _HEAVY == set()


def test_the_reading_process_loads_what_reads_seldom_kinds_when_the_first_of_them_comes() -> None:
    seldom = {"msoffcrypto", "olefile", "openpyxl", "oxmsg", "pandas", "xlrd"}
    assert _imported(_WORK) & seldom == set()


def test_what_is_imported_late_is_all_there() -> None:
    code = (
        "import sys, lscb_workbook.plan, lscb_workbook.returns.harvest, lscb_workbook.tracker\n"
        "for name in ('', '.plan', '.returns', '.tracker'):\n"
        "    face = sys.modules[f'lscb_workbook{name}']\n"
        "    assert all(getattr(face, name) for name in face.__all__), face\n"
        "returns = sys.modules['lscb_workbook.returns']\n"
        "assert callable(returns.harvest)\n"
        "try:\n"
        "    returns.nothing\n"
        "except AttributeError as error:\n"
        "    assert 'nothing' in str(error)\n"
        "else:\n"
        "    raise AssertionError\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
