"""The comparison that the other tests trust sees what it must."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lossless.building import Master
from lossless.comparing import harm
from lossless.merging import Shop


def picture(master: Master) -> None:
    name = next(name for name in master.package.names if name.endswith(".png"))
    master.package.replace(name, master.package.read(name) + b"\0")


def part_lost(master: Master) -> None:
    master.package.remove("customXml/item1.xml")


def cell_beside(master: Master) -> None:
    master.change(master.tab("Plan"), "beside 1.1", "beside 1.2")


def rule_lost(master: Master) -> None:
    master.change(master.tab("Plan"), r"<extLst>.*</extLst>", "")


def formula_of_hers(master: Master) -> None:
    master.change(master.tab("Milestones"), r"LEN\(", "LENB(", 1)


def style(master: Master) -> None:
    master.change(master.tab("Plan"), r'(<c r="H9") s="\d+"', r"\1")


def row_shown(master: Master) -> None:
    master.change(master.tab("Plan"), ' hidden="1"', "", 1)


def name_of_hers(master: Master) -> None:
    master.change(master.workbook, re.escape("Plan!$G$5:$G$31"), "Plan!$G$5:$G$30")


def filter_button(master: Master) -> None:
    master.change(master.table("Plan"), r"<autoFilter .*?/>", "")


@pytest.mark.parametrize(
    "change",
    [
        picture,
        part_lost,
        cell_beside,
        rule_lost,
        formula_of_hers,
        style,
        row_shown,
        name_of_hers,
        filter_button,
    ],
)
def test_what_a_merge_may_not_do_is_seen(shop: Shop, change: Callable[[Master], None]) -> None:
    one = shop.merged("with everything")
    master = Master(one.after)
    change(master)
    assert harm(one.before, one.after) == []
    assert len(harm(one.before, master.to_bytes())) > 0
