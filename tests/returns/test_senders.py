"""Who sent a return by mail, held against the officer's address."""

from __future__ import annotations

from dataclasses import replace

import pytest
from board_year import back

from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.records import Officer, Plan
from lscb_workbook.returns import Harvest
from lscb_workbook.returns.files.opened import Sent
from lscb_workbook.returns.senders import addresses_in, doubt_of_sender, doubt_strangers

ANN = Officer("head", "Head of Research and Data", "LBR", "Ann.Smith@lbr.example; ann@home.example")
MANAGER = "manager@board.example"


@pytest.mark.parametrize(
    "sender",
    [
        "ann.smith@lbr.example",
        "ann@home.example <ann@home.example>",
        '"Smith, Ann" <ANN.SMITH@LBR.EXAMPLE>',
        "Ann <ann@home.example>",
    ],
)
def test_the_officer_is_known_by_any_of_their_addresses(sender: str) -> None:
    assert doubt_of_sender(ANN, [sender]) == ""


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        ("Ann Smith <ann.smith@lbr.examp1e>", "sent by ann.smith@lbr.examp1e, not from"),
        ("ann.smith@lbr.example <mallory@evil.example>", "and mallory@evil.example, not from"),
        ("ann.smith@lbr.example, mallory@evil.example", "ann.smith@lbr.example and mallory@evil.example"),
        ("ann@home.example (<mallory@evil.example>", "and mallory@evil.example, not from"),
        ("ann@home.example, Mallory <mallory@evil.example", "mallory@evil.example, not from"),
        ("Ann Smith", "sent by nobody who is named"),
        ("", "sent by nobody who is named"),
    ],
)
def test_a_stranger_is_named_beside_the_officers_own_address(sender: str, said: str) -> None:
    doubt = doubt_of_sender(ANN, [sender])
    assert said in doubt
    assert "Head of Research and Data, LBR's address (ann.smith@lbr.example, ann@home.example)" in doubt


def test_an_officer_without_an_address_is_told_of() -> None:
    doubt = doubt_of_sender(replace(ANN, email=""), ["ann.smith@lbr.example"])
    assert doubt.endswith("the Officers tab has no address for Head of Research and Data, LBR")


def test_the_manager_passes_on_what_the_officer_sent() -> None:
    assert doubt_of_sender(ANN, [MANAGER, "ann@home.example"], [MANAGER.upper()]) == ""
    assert doubt_of_sender(ANN, [MANAGER], [MANAGER]) == ""
    assert "mallory" in doubt_of_sender(ANN, [MANAGER, "mallory@evil.example"], [MANAGER])


def test_a_stranger_is_none_the_less_one_for_passing_on_the_officers_mail() -> None:
    assert "mallory" in doubt_of_sender(ANN, ["mallory@evil.example", "ann@home.example"])


def test_every_mail_that_a_return_came_through_is_judged() -> None:
    plan, key = plan_with("ann@home.example")
    inner = Sent("ann@home.example").within(Sent("mallory@evil.example").within(Sent(MANAGER)))
    assert inner.through == (MANAGER, "mallory@evil.example")
    one = replace(back(key, {"1.1 rating": "Green"}), file="m/a.eml/x.eml/copy.xlsx", sent=inner)
    (after,) = doubt_strangers(Harvest((one,), (), ()), plan, {"m/a.eml": MANAGER}, [MANAGER]).returns
    assert "mallory@evil.example" in after.doubt


def test_a_leavers_return_may_come_from_the_successor() -> None:
    plan, key = plan_with("ann@home.example")
    first, second, *others = plan.officers
    handed = (replace(first, successor=second.title), replace(second, email="bob@home.example"), *others)
    one = replace(back(key, {"1.1 rating": "Green"}), file="m/a.eml/copy.xlsx")
    harvest, senders = Harvest((one,), (), ()), {"m/a.eml": "Bob <bob@home.example>"}
    assert "bob@home.example" in doubt_strangers(harvest, plan, senders).returns[0].doubt
    assert not doubt_strangers(harvest, replace(plan, officers=handed), senders).returns[0].doubt


def test_addresses_are_read_as_mails_write_them() -> None:
    assert addresses_in('"Müller, Zoë" <Zoe@X.example>') == ("zoe@x.example",)
    assert addresses_in("nobody") == ()


def plan_with(email: str) -> tuple[Plan, str]:
    plan = default_plan()
    first, *others = plan.officers
    return replace(plan, officers=(replace(first, email=email), *others)), first.key


def test_a_strangers_return_is_only_proposed() -> None:
    plan, key = plan_with("ann@home.example")
    message = "imaps://m@board.example/Returns/a.eml"
    edits = {"1.1 rating": "Green"}
    known = replace(back(key, edits), file=f"{message}/copy.xlsx", sent=Sent("ann@home.example"))
    strange = replace(known, file="imaps://m@board.example/Returns/b.eml/copy.xlsx")
    on_disk = replace(known, file="folder/a.eml/copy.xlsx", sent=Sent("mallory@evil.example"))
    before = Harvest((known, strange, on_disk), (), ())
    senders = {message: "ann@home.example", message.replace("a.eml", "b.eml"): "mallory@evil.example"}
    after = doubt_strangers(before, plan, senders).returns
    assert after[0] == known
    assert "mallory@evil.example" in after[1].doubt
    assert (after[1].sure, len(after[1].proposed)) == ((), 1)
    assert after[2] == on_disk


def test_a_return_in_doubt_keeps_its_own_reason() -> None:
    plan, key = plan_with("")
    one = replace(back(key, {"1.1 rating": "Green"}, doubt="no signature"), file="m/a.eml/copy.xlsx")
    after = doubt_strangers(Harvest((one,), (), ()), plan, {"m/a.eml": "mallory@evil.example"})
    assert after.returns == (one,)
