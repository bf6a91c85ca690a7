"""Plan documents: a plan as a TOML file that a person reads and edits, in and out.

The shipped plan, ``redbridge-2016-17.toml``, shows every part of such a file.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path

from lscb_workbook.plan.assembly import plan_from
from lscb_workbook.plan.checks import plan_findings
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Finding, Plan, RagScheme
from lscb_workbook.plan.schemes import read_scheme
from lscb_workbook.plan.tables import Problems, Table
from lscb_workbook.plan.writing import write_plan

__all__ = ["bytes_of", "default_plan", "default_scheme", "read_plan", "values_of", "write_plan"]

_DEFAULT = "redbridge-2016-17.toml"


def read_plan(path: Path) -> tuple[Plan, tuple[Finding, ...]]:
    """The plan in a file, and what a person must know of it.

    Raises WorkbookError where there is no such file, it is not TOML, or what it says is no plan; all
    that is wrong with the plan is in one message.
    """
    plan = _plan(bytes_of(path), str(path))
    return plan, plan_findings(plan, path.name)


def bytes_of(path: Path) -> bytes:
    """What a plan document holds. Raises WorkbookError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"There is no file {path}. Check the name of the plan and its folder.") from None
    except OSError as error:
        if path.is_dir():
            raise WorkbookError(f"{path} is a folder. Give the plan's .toml file itself.") from None
        raise WorkbookError(
            f"{path} cannot be read: {error.strerror or error}. Close it elsewhere, or ask for access to it."
        ) from error


def default_plan() -> Plan:
    """The plan that ships with the toolkit: the LSCB Business Plan 2016 - 2017 of Redbridge."""
    return _plan(_shipped(), _DEFAULT)


def default_scheme() -> RagScheme:
    """The ratings of that plan alone, which stand before its priorities and take no time to read."""
    head, _, _ = _shipped().partition(b"[[priority]]")
    return read_scheme(Table(values_of(head, _DEFAULT), "the file", Problems()))


def _shipped() -> bytes:
    return resources.files(__package__).joinpath(_DEFAULT).read_bytes()


def _plan(data: bytes, name: str) -> Plan:
    problems = Problems()
    plan = plan_from(Table(values_of(data, name), "the file", problems))
    if plan is not None and not problems:
        return plan
    count = "one thing is" if len(problems) == 1 else f"{len(problems)} things are"
    raise WorkbookError(f"{name} is not a plan yet: {count} to be put right.\n" + "\n".join(problems))


def values_of(data: bytes, name: str) -> dict[str, object]:
    """The tables of a plan document. Raises WorkbookError, with the line, where it is not TOML in UTF-8."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        from lscb_workbook.plan.reading.files import is_document  # here, for plans are mostly what they seem

        if is_document(Path(name)):
            raise WorkbookError(
                f"{name} is a document, and a plan is to be read out of it first: "
                f'lscb-workbook plan read "{name}" -o plan.toml. Then give plan.toml.'
            ) from None
        if isinstance(error, UnicodeDecodeError):
            line = data[: error.start].count(b"\n") + 1
            raise WorkbookError(
                f"{name}, line {line}: the text is not UTF-8. Save the file as UTF-8 and try again."
            ) from None
        place = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        line = int(place[1]) if place and place[1] else data.count(b"\n") + 1
        what = str(error).partition(" (at ")[0]
        raise WorkbookError(
            f"{name}, line {line}: not TOML ({what}). Check the quotes, brackets and commas there, "
            "and just before; the shipped plan shows how each part is written."
        ) from None
