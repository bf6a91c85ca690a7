"""The command line: thin, plain, and the same as the library."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from agreeing import ANYTOWN, as_word
from openpyxl import load_workbook
from tracking import CHAIR, CYCLE, copy_of, fill_in, issued_tracker
from typer.main import get_command

import lscb_workbook as lw
from lscb_workbook import cli


class Ran:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


class Run:
    """Runs the command line as a person would, in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: str | Path, columns: int = 300) -> Ran:
        self._patch.setattr(sys, "argv", ["lscb-workbook", *map(str, arguments)])
        self._patch.setenv("COLUMNS", str(columns))
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = self._capsys.readouterr()
        return Ran(int(end.value.code or 0), said.out, said.err)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(monkeypatch, capsys)


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A master with one return of the chair's beside it, in `returns`."""
    made, copies = issued_tracker(tmp_path)
    answers = {("6.1", "RAG rating"): "amber", ("6.1", "Commentary"): "[bold]On[/bold] target [/]"}
    fill_in(copy_of(copies, CHAIR), tmp_path / "returns" / "a.xlsx", answers)
    return made


def commands() -> dict[str, Any]:
    """Every command by the name of its function: `plan read` is `plan_read`, `plan show` is `plan`."""
    found: dict[str, Any] = dict(get_command(cli.app).commands)  # type: ignore[attr-defined]
    of_plans = found["plan"].commands
    found |= {f"plan_{name}": command for name, command in of_plans.items()}
    found |= {f"excel_{name}": command for name, command in found.pop("excel").commands.items()}
    return found | {"plan": found.pop("plan_show")}


COMMANDS = sorted(commands())


def test_there_is_a_command_for_each_step_and_a_function_of_its_name() -> None:
    assert set(COMMANDS) == set(lw.__all__) - {"Access", "Front", "Limits", "Mailing", "WorkbookError"}
    assert all(callable(getattr(lw, name)) for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name: str) -> None:
    command = commands()[name]
    assert command.help
    assert [p.name for p in command.params if not getattr(p, "help", "")] == []


def test_the_folders_that_bear_a_steps_name_do_not_hide_it() -> None:
    code = (
        "import lscb_workbook.merge, lscb_workbook.review, lscb_workbook.plan.records\n"
        "import lscb_workbook as lw\n"
        "from lscb_workbook.merge import hand_edits\n"
        "assert lw.merge.__module__ == 'lscb_workbook.steps.merging'\n"
        "assert lw.review.__module__ == 'lscb_workbook.steps.reviewing'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_new_says_what_it_wrote_and_what_to_do_next(run: Run, tmp_path: Path) -> None:
    ran = run("new", "-o", tmp_path / "m.xlsx")
    assert ran.code == 0
    assert str(tmp_path / "m.xlsx") in ran.out
    assert "Next:" in ran.out


def test_merge_as_json_is_one_object_of_the_stated_form(run: Run, master: Path) -> None:
    ran = run("merge", master, master.parent / "returns", "--as-at", "2016-10-01", "--json")
    said = json.loads(ran.out)
    assert set(said) == {
        "as_at",
        "returns",
        "changes",
        "conflicts",
        "refusals",
        "quarantined",
        "ignored",
        "findings",
        "written",
        "backup",
    }
    assert set(said["returns"][0]) == {
        "file",
        "officer",
        "cycle",
        "recognised_by",
        "signature",
        "edits",
        "proposed",
        "refused",
        "sent_by",
        "sent_on",
    }
    wanted = {"ref", "milestone", "field", "base", "master", "returned", "decision", "officer", "file"}
    assert wanted <= set(said["changes"][0])
    returned = {change["field"]: change["returned"] for change in said["changes"]}
    assert returned == {"rating": "Amber", "commentary": "[bold]On[/bold] target [/]"}
    keys = {"code", "severity", "file", "sheet", "ref", "cell", "message", "action"}
    assert all(set(finding) == keys for finding in said["findings"])


def test_status_review_and_history_as_json_have_the_stated_form(run: Run, master: Path) -> None:
    status = json.loads(run("status", master, master.parent / "returns", "--json").out)
    assert set(status) == {"returns", "missing", "quarantined", "ignored", "findings"}
    review = json.loads(run("review", master, "--as-at", "2016-10-01", "--json").out)
    assert set(review) == {"as_at", "milestones", "ratings", "summary", "findings"}
    keys = {"id", "ref", "leads", "due", "due_as_written", "state", "days_late"}
    assert all(set(milestone) == keys for milestone in review["milestones"])
    assert review["ratings"]["1.1"] == "White"
    history = json.loads(run("history", master, "6.1", "--json").out)
    assert [change["decision"] for change in history["changes"]] == ["as agreed in the plan"]


def test_strict_exits_with_1_where_a_person_is_needed(run: Run, master: Path) -> None:
    arguments = ("merge", master, master.parent / "returns", "--as-at", "2016-10-01")
    assert run(*arguments, "--strict").code == 1
    assert run(*arguments).code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("review", "none.xlsx"), "There is no file none.xlsx"),
        (("merge", "."), "is a folder"),
        (("new", "none.toml", "-o", "m.xlsx"), "none.toml"),
        (("history", "none.xlsx", "9.9"), "There is no file"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_other_files_changes_nothing_and_each_is_listed(run: Run, master: Path) -> None:
    other = master.parent / "other"
    other.mkdir()
    (other / "minutes.docx").write_bytes(b"PK")
    before = master.read_bytes()
    ran = run("merge", master, other, "--as-at", "2016-10-01")
    assert (ran.code, master.read_bytes()) == (2, before)
    assert "minutes.docx" in ran.out
    assert "Nothing was written" in ran.err


@pytest.mark.parametrize("day", ["2016-13-01", "yesterday", "31.9.2016", ""])
def test_a_bad_day_is_said_to_be_none(run: Run, master: Path, day: str) -> None:
    before = master.read_bytes()
    ran = run("review", master, "--as-at", day)
    assert ran.code == 2
    assert "is not a day" in ran.err
    assert master.read_bytes() == before


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["lscb-workbook", "review", "none.xlsx", "--debug"])
    with pytest.raises(lw.WorkbookError):
        cli.main()


def test_a_plan_is_written_out_to_edit_and_reads_back(run: Run, tmp_path: Path) -> None:
    assert run("plan", "-o", tmp_path / "plan.toml").code == 0
    assert run("plan", tmp_path / "plan.toml").code == 0
    assert lw.plan(tmp_path / "plan.toml")[0] == lw.plan()[0]


def test_a_plan_goes_from_its_document_to_a_tracker(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = as_word(ANYTOWN, tmp_path / "board.docx", "Anytown LSCB", "Business Plan 2014/15")
    refused = run("new", source)
    assert refused.code == 2
    assert f'lscb-workbook plan read "{source}" -o plan.toml' in refused.err
    ran = run("plan", "read", source, "-o", "plan.toml")
    assert ran.code == 0
    assert "Found 2 priorities, 4 actions, 5 milestones, 3 lead officers." in ran.out
    assert "plan.report.txt" in ran.out
    assert "then: lscb-workbook plan check" in ran.out
    assert run("plan", "read", source, "--strict", "-o", "other.toml").code == 1
    checked = run("plan", "check", "plan.toml")
    assert checked.code == 0
    assert "A tracker can be made of it." in checked.out
    assert run("plan", "check", "plan.toml", "--strict").code == 1
    assert run("new", "plan.toml").code == 0
    assert "Wrote" not in run("plan", "plan.toml").out


@pytest.mark.parametrize("there", ["plan.toml", "plan.report.txt"])
def test_reading_a_plan_writes_over_nothing_and_leaves_nothing_half_done(
    run: Run, tmp_path: Path, there: str
) -> None:
    source = as_word(ANYTOWN, tmp_path / "board.docx", "Business Plan 2014/15")
    (tmp_path / there).write_text("the manager's own", encoding="utf-8")
    ran = run("plan", "read", source, "-o", tmp_path / "plan.toml")
    assert ran.code == 2
    assert f"{there} is there already" in ran.err
    assert (tmp_path / there).read_text(encoding="utf-8") == "the manager's own"
    assert len(list(tmp_path.iterdir())) == 2


def test_checking_a_plan_says_every_problem_with_its_line_and_cannot_go_on(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    run("plan", "-o", plan)
    text = plan.read_text(encoding="utf-8").replace('ref = "1.2"', 'ref = "1.1"')
    plan.write_text(text.replace("rating = ", "rateing = ", 1), encoding="utf-8")
    ran = run("plan", "check", plan)
    lines = text.split("\n")
    second = [at for at, line in enumerate(lines, 1) if line == 'ref = "1.1"'][1]
    slip = next(at for at, line in enumerate(lines, 1) if line.startswith("rating = "))
    assert ran.code == 2
    assert f"line {second - 1}: action 1.1: is there twice." in ran.out
    assert f"line {slip}: " in ran.out
    assert "Did you mean 'rating'?" in ran.out
    assert "Next:" not in ran.out


def test_a_blank_plan_is_written_once_and_read_only_when_filled_in(run: Run, tmp_path: Path) -> None:
    blank = tmp_path / "plan.xlsx"
    ran = run("plan", "template", "-o", blank)
    assert f'lscb-workbook plan read "{blank}"' in ran.out
    assert run("plan", "template", "-o", blank).code == 2
    refused = run("plan", "read", blank, "-o", tmp_path / "plan.toml", "--first-day", "2026-04-01")
    assert "once it is filled in" in refused.err
    assert not (tmp_path / "plan.toml").exists()


def test_a_plan_with_a_ref_twice_is_refused_and_nothing_written(run: Run, tmp_path: Path) -> None:
    run("plan", "-o", tmp_path / "plan.toml")
    plan = tmp_path / "plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8").replace('ref = "1.2"', 'ref = "1.1"'), encoding="utf-8")
    ran = run("new", plan, "-o", tmp_path / "m.xlsx")
    assert ran.code == 2
    assert "1.1" in ran.err
    assert not (tmp_path / "m.xlsx").exists()


def test_issue_names_each_file(run: Run, master: Path) -> None:
    ran = run(
        "issue", master, "-o", master.parent / "q3", "--cycle", "2016-17 Q3", "--return-by", "2016-12-20",
        "--issued", "2016-12-01",
    )  # fmt: skip
    assert ran.code == 0
    assert f"2016-17 Q3 - {CHAIR}.xlsx" in ran.out
    assert CYCLE not in ran.out


# --- what is printed, and how wide -----------------------------------------------------------


def narrow(run: Run, *arguments: str | Path) -> list[str]:
    """The lines that a command prints where 80 letters fit in one."""
    return run(*arguments, columns=80).out.splitlines()


def test_no_word_is_broken_where_80_letters_fit_in_a_line(run: Run, master: Path) -> None:
    run("merge", master, master.parent / "returns", "--as-at", "2016-10-01")
    wide = run("history", master).out
    lines = narrow(run, "history", master)
    assert max(map(len, lines)) <= 80
    words = {word for line in lines for word in line.split()}
    assert set(wide.split()) == words
    assert "01/10/2016: LSCB Chair, in a.xlsx" in lines


def test_a_merge_says_below_each_officer_what_became_of_what(run: Run, master: Path) -> None:
    lines = narrow(run, "merge", master, master.parent / "returns", "--as-at", "2016-10-01", "--dry-run")
    whose = lines.index("LSCB Chair, in a.xlsx")
    assert lines[0].startswith("Changes (")
    assert " -> " in lines[whose + 1]
    assert max(map(len, lines[: whose + 3])) <= 80
    status = narrow(run, "status", master, master.parent / "returns")
    assert any(line.startswith("returned      LSCB Chair: ") and "to take" in line for line in status)


def test_status_after_a_merge_sends_nobody_to_merge_again(run: Run, master: Path) -> None:
    assert "Next: lscb-workbook merge" in run("status", master, master.parent / "returns").out
    run("merge", master, master.parent / "returns", "--as-at", "2016-10-01")
    told = run("status", master, master.parent / "returns").out
    assert "merged before LSCB Chair: 2 recorded in the tracker" in told
    assert "to take" not in told
    assert "Next: lscb-workbook chase" in told
    said = json.loads(run("status", master, master.parent / "returns", "--json").out)["returns"]
    assert [(one["edits"], one["recorded"], one["waiting"]) for one in said] == [(2, 2, 0)]


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").out == f"lscb-workbook {version('lscb-workbook')}\n"


def test_a_table_that_fits_stays_a_table_and_folds_between_words(run: Run, master: Path) -> None:
    run("review", master, "--as-at", "2016-10-01")
    lines = narrow(run, "backups", master)
    assert any("Then came" in line and "To know" in line for line in lines)
    assert max(len(line) for line in lines if "lscb-workbook undo" not in line) <= 80
    assert any(".xlsx" in line for line in lines)


def test_review_prints_the_worst_first_and_no_wall_of_text(run: Run, master: Path) -> None:
    run("merge", master, master.parent / "returns", "--as-at", "2017-04-01")
    lines = narrow(run, "review", master, "--as-at", "2017-04-01")
    assert len(lines) < 50
    missed = next(number for number, line in enumerate(lines) if line.endswith(" missed milestones"))
    checks = next(number for number, line in enumerate(lines) if line.startswith("Checks: "))
    assert missed < checks
    late = [int(line.split(", ")[1].split()[0]) for line in lines[missed:checks] if " days late" in line]
    assert late == sorted(late, reverse=True)
    assert late
    grave = [line.split()[0] for line in lines[checks:] if line.startswith(("error ", "warning "))]
    assert grave == sorted(grave)
    rest = [line for line in lines if line.startswith("... and ")]
    assert len(rest) == 2
    assert all("--json" in line and " tab" in line for line in rest)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_help_names_no_types_and_no_formulas(run: Run, name: str) -> None:
    out = run(*filter(None, [name, "--help"])).out
    assert not set("<>{=") & set(out)


def test_backups_marks_what_is_only_named_like_one_and_undo_says_that_it_passed_over_it(
    run: Run, master: Path
) -> None:
    (master.parent / "backups" / "master 2030-01-01 120000.xlsx").write_bytes(b"hello")
    assert "cannot be read" in run("backups", master).out
    ran = run("undo", master)
    assert ran.code == 0
    assert "Passed over master 2030-01-01 120000.xlsx: cannot be read." in ran.out


def test_a_typed_due_date_is_said_to_be_put_back_by_the_merge_that_does_it(run: Run, master: Path) -> None:
    book = load_workbook(master)
    sheet = book["Milestones"]
    sheet.cell(5, next(cell.column for cell in sheet[4] if cell.value == "Due")).value = date(2017, 1, 5)
    book.save(master)
    ran = run("merge", master, "--as-at", "2016-10-01")
    assert "changed by hand to '05/01/2017'" in ran.out
    assert "enter the approved date" in ran.out
