"""Attributes are read and set in whichever quotes they are written."""

from __future__ import annotations

import pytest

from lscb_workbook.ooxml.tags import TAG, attribute, with_attribute


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (b'<sheet name="a &amp; b" id="1"/>', "a & b"),
        (b"<sheet name='it&apos;s \"so\"' id='1'/>", 'it\'s "so"'),
        (b'<sheet id="1" name = "spaced"/>', "spaced"),
        (b'<sheet r:name="other"/>', None),
        (b'<sheet codename="other"/>', None),
    ],
)
def test_an_attribute_is_read(tag: bytes, value: str | None) -> None:
    assert attribute(tag, "name") == value


def test_an_attribute_is_set_added_and_taken_out_and_the_others_stay() -> None:
    tag = b"<sheet name='a' r:id=\"x\" />"
    assert with_attribute(tag, "name", 'b "&" c') == b'<sheet name="b &quot;&amp;&quot; c" r:id="x" />'
    assert with_attribute(tag, "state", "hidden") == b'<sheet name=\'a\' r:id="x" state="hidden"/>'
    assert with_attribute(tag, "name", None) == b'<sheet r:id="x" />'
    assert with_attribute(b"<calcPr>", "calcId", "1") == b'<calcPr calcId="1">'


def test_a_tag_ends_where_it_ends_and_not_within_quotes() -> None:
    assert [one[0] for one in TAG.finditer(b"<a b=\"1 > 0\" c='x>'>text</a>")] == [
        b"<a b=\"1 > 0\" c='x>'>",
        b"</a>",
    ]
