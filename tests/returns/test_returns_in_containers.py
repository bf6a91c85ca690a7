"""What officers send as they send it: folders, zips, mails, under a password, or not a workbook at all."""

from __future__ import annotations

import base64
import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from office import as_msg, by_sheetjs
from openpyxl import Workbook, load_workbook
from returning import Outcome, outcome
from rewriting import by_libreoffice
from tracking import AS_AT, CHAIR, HEAD_OF_RESEARCH, NOW, copy_of, fill_in

import lscb_workbook as lw
from lscb_workbook.returns import Return

RATED = {"6.3 rating": "Amber"}
CHAIRS = {"6.1 rating": "Green"}
ANN = "Ann Oyelaran <ann@example.org>"
SHEET = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
SENT_ON = datetime(2016, 9, 21, 8, 15)


@pytest.fixture(scope="session")
def amber(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Head of Research's return: 6.3 is amber."""
    to = tmp_path_factory.mktemp("amber") / "research.xlsx"
    return fill_in(copy_of(issued / "copies", HEAD_OF_RESEARCH), to, {("6.3", "RAG rating"): "Amber"})


@pytest.fixture(scope="session")
def green(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Chair's return: 6.1 is green."""
    to = tmp_path_factory.mktemp("green") / "chair.xlsx"
    return fill_in(copy_of(issued / "copies", CHAIR), to, {("6.1", "RAG rating"): "Green"})


def _zip(to: Path, **files: Path | bytes) -> Path:
    return _zip_of(to, {name.replace("__", "/") + ".xlsx": data for name, data in files.items()})


def _zip_of(to: Path, files: Mapping[str, Path | bytes]) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data.read_bytes() if isinstance(data, Path) else data)
    return to


def _mail(
    *files: Path, by: str = ANN, on: datetime = SENT_ON, body: str = "", inner: EmailMessage | None = None
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = by, "manager@example.org", "Return"
    mail["Date"] = format_datetime(on.replace(tzinfo=UTC))
    mail.set_content(body)
    for file in files:
        mail.add_attachment(file.read_bytes(), maintype=SHEET[0], subtype=SHEET[1], filename=file.name)
    if inner:
        mail.add_attachment(inner)
    return mail


def _saved(mail: EmailMessage, to: Path) -> Path:
    to.write_bytes(mail.as_bytes())
    return to


def _outlook(to: Path, *attachments: Mapping[str, object], by: str = "ann@example.org") -> Path:
    spec = {
        "subject": "Return",
        "sender": {"name": "Ann Oyelaran", "email": by},
        "submitted": "2016-09-21T08:15:00Z",
        "attachments": attachments,
    }
    return as_msg(spec, to)


def _attached(file: Path) -> dict[str, object]:
    return {"name": file.name, "base64": base64.b64encode(file.read_bytes()).decode()}


def _the_return(found: Outcome) -> Return:
    assert found.result
    (one,) = found.result.harvest.returns
    return one


def _returns(found: Outcome) -> int:
    assert found.result
    return len(found.result.harvest.returns)


# --- folders and zips ------------------------------------------------------------------------


def test_every_file_of_a_folder_tree_is_read(amber: Path, green: Path, issued: Path, tmp_path: Path) -> None:
    for place, file in (("LBR/research", amber), ("Chairs", green)):
        (tmp_path / place).mkdir(parents=True)
        shutil.copy2(file, tmp_path / place / "return.xlsx")
    found = outcome(issued, tmp_path)
    assert found.taken == RATED | CHAIRS
    assert found.codes == set()


def test_a_zip_in_a_folder_and_a_zip_in_a_zip_are_read(
    amber: Path, green: Path, issued: Path, tmp_path: Path
) -> None:
    inner = _zip(tmp_path / "elsewhere" / "inner.zip", deep=amber)
    _zip_of(tmp_path / "in" / "outer.zip", {"from the Chair/a.xlsx": green, "inner.zip": inner})
    found = outcome(issued, tmp_path / "in")
    assert found.taken == RATED | CHAIRS
    assert found.codes == set()
    assert found.result
    names = [one.file.partition("/in/")[2] for one in found.result.harvest.returns]
    assert names == ["outer.zip/from the Chair/a.xlsx", "outer.zip/inner.zip/deep.xlsx"]


def test_what_programs_leave_behind_is_ignored_and_counted(amber: Path, issued: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy2(amber, folder / "return.xlsx")
    for name in ("~$return.xlsx", ".DS_Store", "Thumbs.db", ".~lock.return.xlsx#"):
        (folder / name).write_bytes(b"\0litter")
    _zip_of(folder / "mac.zip", {"a.xlsx": amber, "__MACOSX/._a.xlsx": b"\0\5\26\7", ".DS_Store": b"x"})
    found = outcome(issued, folder)
    assert found.taken == RATED
    assert found.codes == {"return-duplicate"}
    assert sorted(found.ignored) == [
        ".DS_Store",
        ".DS_Store",
        "._a.xlsx",
        ".~lock.return.xlsx#",
        "Thumbs.db",
        "~$return.xlsx",
    ]


def test_one_bad_file_in_a_zip_leaves_the_others_standing(amber: Path, issued: Path, tmp_path: Path) -> None:
    path = _zip_of(
        tmp_path / "a.zip", {"bad.xlsx": b"PK\3\4 no workbook", "empty.xlsx": b"", "a.xlsx": amber}
    )
    found = outcome(issued, path)
    assert found.taken == RATED
    assert found.aside == {"bad.xlsx": "return-unreadable", "empty.xlsx": "return-unreadable"}


def test_a_zip_without_a_file_is_set_aside(issued: Path, tmp_path: Path) -> None:
    found = outcome(issued, _zip_of(tmp_path / "a.zip", {"folder/": b""}))
    assert found.aside == {"a.zip": "return-unreadable"}


# --- mails -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["eml", "msg"])
def test_an_attachment_is_taken_with_who_sent_it_and_when(
    form: str, amber: Path, issued: Path, tmp_path: Path
) -> None:
    if form == "eml":
        path = _saved(_mail(amber), tmp_path / "a.eml")
    else:
        path = _outlook(tmp_path / "a.msg", _attached(amber))
    found = outcome(issued, path)
    assert found.taken == RATED
    assert found.codes == set()
    sent = _the_return(found).sent
    assert sent
    assert "ann@example.org" in sent.by
    assert sent.on == SENT_ON


@pytest.mark.parametrize("form", ["eml", "msg"])
def test_a_forwarded_mail_counts_as_sent_by_whoever_wrote_it(
    form: str, amber: Path, issued: Path, tmp_path: Path
) -> None:
    later = datetime(2016, 9, 30, 17, 0)
    if form == "eml":
        outer = _mail(by="PA <pa@example.org>", on=later, inner=_mail(amber))
        path = _saved(outer, tmp_path / "a.eml")
    else:
        inner = {
            "sender": {"name": "Ann", "email": "ann@example.org"},
            "submitted": "2016-09-21T08:15:00Z",
            "attachments": [_attached(amber)],
        }
        path = _outlook(tmp_path / "a.msg", {"name": "FW", "message": inner}, by="pa@example.org")
    found = outcome(issued, path)
    assert found.taken == RATED
    sent = _the_return(found).sent
    assert sent
    assert "ann@example.org" in sent.by
    assert sent.on == SENT_ON


def test_a_zip_attached_to_a_mail_keeps_the_mails_sender(amber: Path, issued: Path, tmp_path: Path) -> None:
    packed = _zip(tmp_path / "all.zip", research=amber)
    found = outcome(issued, _saved(_mail(packed), tmp_path / "a.eml"))
    assert found.taken == RATED
    sent = _the_return(found).sent
    assert sent
    assert sent.by == ANN


def test_a_mail_dropped_onto_a_mail_as_a_file_is_opened(amber: Path, issued: Path, tmp_path: Path) -> None:
    (inside := tmp_path / "elsewhere").mkdir()
    msg = _outlook(inside / "original.msg", _attached(amber))
    found = outcome(issued, _saved(_mail(msg, by="PA <pa@example.org>"), tmp_path / "a.eml"))
    assert found.taken == RATED
    sent = _the_return(found).sent
    assert sent
    assert "ann@example.org" in sent.by


def test_provenance_is_seen_in_the_json(amber: Path, issued: Path, tmp_path: Path) -> None:
    path = _saved(_mail(amber), tmp_path / "a.eml")
    for result in (lw.status(issued / "master.xlsx", [path]), outcome(issued, path).result):
        assert result
        said = json.loads(json.dumps(result.as_json()))
        assert [(one["sent_by"], one["sent_on"]) for one in said["returns"]] == [(ANN, SENT_ON.isoformat())]


def test_provenance_is_kept_in_the_tracker(amber: Path, issued: Path, tmp_path: Path) -> None:
    master = Path(shutil.copy2(issued / "master.xlsx", tmp_path / "master.xlsx"))
    path = _saved(_mail(amber), tmp_path / "a.eml")
    lw.merge(master, [path], as_at=AS_AT, now=NOW)
    book = load_workbook(master, read_only=True)
    said = {
        tab: [text for line in book[tab].values for text in map(str, line) if ANN in text]
        for tab in ("Returns", "History")
    }
    book.close()
    assert len(said["Returns"]) == 1
    assert len(said["History"]) == 1
    assert "21 September 2016" in said["History"][0]
    (change,) = (one for one in lw.history(master, "6.3").changes if one.file)
    assert change.sent.startswith(f"sent by {ANN}")
    assert ANN not in change.result


def test_of_two_versions_in_two_mails_the_later_counts(issued: Path, tmp_path: Path) -> None:
    copy = copy_of(issued / "copies", HEAD_OF_RESEARCH)
    early = fill_in(copy, tmp_path / "1" / "a.xlsx", {("6.3", "RAG rating"): "Red"}, hour=9)
    late = fill_in(copy, tmp_path / "2" / "a.xlsx", {("6.3", "RAG rating"): "Amber"}, hour=15)
    (mails := tmp_path / "in").mkdir()
    _saved(_mail(late), mails / "a.eml")
    _saved(_mail(early, on=datetime(2016, 9, 22)), mails / "b.eml")
    found = outcome(issued, mails)
    assert found.taken == RATED
    assert found.result
    decisions = {one.returned: one.decision.value for one in found.result.changes}
    assert decisions == {"Red": "superseded", "Amber": "taken"}
    assert not found.proposed


def test_the_same_attachment_in_two_mails_counts_once(amber: Path, issued: Path, tmp_path: Path) -> None:
    (mails := tmp_path / "in").mkdir()
    _saved(_mail(amber), mails / "a.eml")
    _saved(_mail(amber, body="Did this reach you?"), mails / "b.eml")
    found = outcome(issued, mails)
    assert found.taken == RATED
    assert found.codes == {"return-duplicate", "mail-words"}
    assert _returns(found) == 1


@pytest.mark.parametrize("form", ["eml", "msg"])
def test_a_mail_that_holds_no_file_is_set_aside_to_be_read(form: str, issued: Path, tmp_path: Path) -> None:
    path = (
        _saved(_mail(body="6.3 is amber."), tmp_path / "a.eml")
        if form == "eml"
        else _outlook(tmp_path / "a.msg")
    )
    assert outcome(issued, path).aside == {path.name: "mail-without-attachment"}


def test_a_logo_in_a_signature_is_ignored_and_words_are_told_of(
    amber: Path, issued: Path, tmp_path: Path
) -> None:
    mail = _mail(amber, body="6.1 will follow.")
    mail.add_attachment(
        b"\x89PNG\r\n",
        maintype="image",
        subtype="png",
        filename="image001.png",
        cid="<logo@1>",
        disposition="inline",
    )
    found = outcome(issued, _saved(mail, tmp_path / "a.eml"))
    assert found.taken == RATED
    assert found.codes == {"mail-words"}
    assert found.ignored == ["image001.png"]
    assert found.aside == {}


# --- under a password ------------------------------------------------------------------------


def _protected(file: Path, to: Path, password: str = "Redbridge 2016") -> Path:
    with file.open("rb") as plain, to.open("wb") as locked:
        OOXMLFile(plain).encrypt(password, locked)
    return to


def _password_file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "passwords.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_protected_workbook_is_opened_with_a_password_of_the_file(
    amber: Path, issued: Path, tmp_path: Path
) -> None:
    path = _protected(amber, tmp_path / "a.xlsx")
    file = _password_file(tmp_path, "another", "", "Redbridge 2016", "a third")
    found = outcome(issued, path, password_file=file)
    assert found.taken == RATED
    assert found.codes == set()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((), "no password was given"),
        (("wrong",), "the password given does not open it"),
        (("wrong", "wronger"), "none of the 2 passwords opens it"),
    ],
)
def test_without_its_password_it_is_set_aside_and_said_why(
    lines: tuple[str, ...], reason: str, amber: Path, green: Path, issued: Path, tmp_path: Path
) -> None:
    (folder := tmp_path / "in").mkdir()
    _protected(amber, folder / "a.xlsx")
    shutil.copy2(green, folder / "b.xlsx")
    file = _password_file(tmp_path, *lines) if lines else None
    found = outcome(issued, folder, password_file=file)
    assert found.aside == {"a.xlsx": "return-protected"}
    assert found.taken == CHAIRS
    assert found.result
    assert reason in found.result.harvest.quarantined[0].message


def test_a_password_is_asked_for_and_remembered_for_the_next_file(
    amber: Path, green: Path, issued: Path, tmp_path: Path
) -> None:
    (folder := tmp_path / "in").mkdir()
    _protected(amber, folder / "a.xlsx")
    _protected(green, folder / "b.xlsx")
    asked: list[str] = []

    def ask(file: str) -> str:
        asked.append(Path(file).name)
        return "wrong" if len(asked) == 1 else "Redbridge 2016"

    assert outcome(issued, folder, ask=ask).taken == RATED | CHAIRS
    assert asked == ["a.xlsx", "a.xlsx"]


@pytest.mark.parametrize(("answer", "times"), [("wrong", 3), ("", 1)])
def test_a_password_is_asked_for_three_times_at_most(
    answer: str, times: int, amber: Path, issued: Path, tmp_path: Path
) -> None:
    asked: list[str] = []

    def ask(file: str) -> str:
        asked.append(file)
        return answer

    found = outcome(issued, _protected(amber, tmp_path / "a.xlsx"), ask=ask)
    assert found.aside == {"a.xlsx": "return-protected"}
    assert len(asked) == times


def test_a_protected_workbook_in_a_mail_in_a_zip_is_opened_too(
    amber: Path, issued: Path, tmp_path: Path
) -> None:
    mail = _mail(_protected(amber, tmp_path / "a.xlsx"))
    path = _zip_of(tmp_path / "a.zip", {"a.eml": mail.as_bytes()})
    found = outcome(issued, path, password_file=_password_file(tmp_path, "Redbridge 2016"))
    assert found.taken == RATED


# --- not a workbook of values ----------------------------------------------------------------


@pytest.fixture(scope="session")
def documents(amber: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A return as LibreOffice prints it, and what it says as texts of Word and of LibreOffice."""
    folder = tmp_path_factory.mktemp("documents")
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    word = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Override PartName="/word/document.xml" '
        f'ContentType="{kind}"/></Types>',
        "word/document.xml": f'<w:document xmlns:w="{words}"><w:body><w:p><w:r><w:t>6.3 is amber now.</w:t>'
        "</w:r></w:p></w:body></w:document>",
    }
    text = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x>6.3 is amber now.</x>"}
    return {
        "pdf": by_libreoffice([amber], "pdf", folder)[0],
        "docx": _zip_of(folder / "words.docx", {name: part.encode() for name, part in word.items()}),
        "odt": _zip_of(folder / "words.odt", {name: part.encode() for name, part in text.items()}),
    }


@pytest.mark.parametrize(
    ("form", "words"),
    [("pdf", "a PDF"), ("docx", "a Word document"), ("odt", "an OpenDocument text")],
)
def test_a_document_sent_instead_is_set_aside_and_listed(
    form: str, words: str, documents: Mapping[str, Path], amber: Path, issued: Path, tmp_path: Path
) -> None:
    mail = _saved(_mail(amber, documents[form]), tmp_path / "a.eml")
    found = outcome(issued, mail)
    assert found.aside == {documents[form].name: "return-document"}
    assert found.taken == RATED
    assert found.result
    assert words in found.result.harvest.quarantined[0].message


def test_a_document_that_says_it_is_a_workbook_is_told_for_what_it_is(
    documents: Mapping[str, Path], issued: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy2(documents["docx"], tmp_path / "return.xlsx"))
    assert outcome(issued, path).aside == {"return.xlsx": "return-document"}


def test_macros_are_never_carried_into_the_tracker(amber: Path, issued: Path, tmp_path: Path) -> None:
    path = tmp_path / "return.xlsm"
    with zipfile.ZipFile(amber) as plain, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in plain.namelist():
            data = plain.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"sheet.main+xml", b"x").replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.x",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
                macros = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
                data = data.replace(b"</Types>", macros + b"</Types>")
            made.writestr(name, data)
        made.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 AutoOpen Shell")
    master = Path(shutil.copy2(issued / "master.xlsx", tmp_path / "master.xlsx"))
    done = lw.merge(master, [path], as_at=AS_AT, now=NOW)
    assert [one.result for one in done.changes] == ["Amber"]
    with zipfile.ZipFile(master) as package:
        assert not [name for name in package.namelist() if "vba" in name.casefold()]
        assert all(b"AutoOpen" not in package.read(name) for name in package.namelist())
        assert b"macroEnabled" not in package.read("[Content_Types].xml")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("return.numbers", b"", "return-document"),
        ("winmail.dat", b"\x78\x9f\x3e\x22 rest", "return-document"),
        ("scan.jpg", b"\xff\xd8\xff\xe0 rest", "return-document"),
        ("return.7z", b"7z\xbc\xaf\x27\x1c rest", "return-document"),
        ("return.rtf", b"{\\rtf1 6.3 is amber}", "return-document"),
        ("return.xls", b"<html><table><tr><td>6.3</td></tr></table></html>", "return-document"),
        ("note.txt", b"6.3 is amber now, sorry I cannot open the sheet.", "return-not-a-copy"),
        ("return.bin", b"\0\1\2\3" * 50, "return-unreadable"),
    ],
)
def test_nothing_is_skipped_in_silence(
    name: str, data: bytes, code: str, amber: Path, issued: Path, tmp_path: Path
) -> None:
    (folder := tmp_path / "in").mkdir()
    shutil.copy2(amber, folder / "return.xlsx")
    if data:
        (folder / name).write_bytes(data)
    else:
        by_sheetjs(amber, folder / name)
    found = outcome(issued, folder)
    assert found.aside == {name: code}
    assert found.taken == RATED


def test_two_files_of_one_name_in_two_folders_are_two_returns(
    amber: Path, green: Path, issued: Path, tmp_path: Path
) -> None:
    paths = _zip_of(tmp_path / "a.zip", {"x/return.xlsx": amber, "y/return.xlsx": green})
    found = outcome(issued, paths)
    assert found.taken == RATED | CHAIRS
    assert _returns(found) == 2


def test_a_workbook_without_a_sheet_of_the_copy_is_set_aside(issued: Path, tmp_path: Path) -> None:
    book, file = Workbook(), io.BytesIO()
    book.save(file)
    (tmp_path / "Book1.xlsx").write_bytes(file.getvalue())
    assert outcome(issued, tmp_path / "Book1.xlsx").aside == {"Book1.xlsx": "return-not-a-copy"}
