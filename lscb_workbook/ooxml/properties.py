"""Document properties: those every program shows, and custom ones of a workbook's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import add_part, parsed, relationships
from lscb_workbook.ooxml.values import escaped_text, read_text

__all__ = ["Core", "core_properties", "custom_properties", "set_core_properties", "set_custom_property"]

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_CUSTOM_PART = "docProps/custom.xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_NAMESPACES = {"dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/"}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes"></Properties>'
)


class Core(NamedTuple):
    """When the workbook was made and last saved, by its own word (UTC); None where it does not say."""

    created: datetime | None
    modified: datetime | None


def _part(package: Package, kind: str) -> str | None:
    part = next((one.target for one in relationships(package, "") if one.kind == kind), None)
    return part if part and part in package else None


# --- custom ----------------------------------------------------------------------------------


def custom_properties(package: Package) -> Mapping[str, str]:
    """The custom properties of a package, as text."""
    part = _part(package, "custom-properties")
    if part is None:
        return {}
    tree = parsed(package.read(part), part)
    return {element.get("name", ""): read_text("".join(element.itertext())) for element in tree}


def set_custom_property(package: Package, name: str, value: str) -> None:
    """Set a custom property to a text; the others stay as they are."""
    part = _part(package, "custom-properties")
    if part is None:
        part = _CUSTOM_PART
        kind = f"{_OFFICE}/relationships/custom-properties"
        add_part(package, part, _EMPTY.encode(), _CUSTOM_TYPE, "", kind)
    data = package.read(part).decode()
    same_name = rf"<property\s[^>]*name={re.escape(quoteattr(name))}.*?</property>"
    data = re.sub(same_name, "", data, flags=re.S)
    number = max((int(n) for n in re.findall(r'pid="(\d+)"', data)), default=1) + 1
    made = (
        f'<property fmtid="{_FORMAT_ID}" pid="{number}" name={quoteattr(name)}>'
        f'<vt:lpwstr xmlns:vt="{_OFFICE}/docPropsVTypes">{escaped_text(value)}</vt:lpwstr></property>'
    )
    data = re.sub(r"<Properties\b([^>]*)/>\s*$", r"<Properties\1></Properties>", data)
    cut = data.rindex("</")
    package.replace(part, (data[:cut] + made + data[cut:]).encode())


# --- core ------------------------------------------------------------------------------------


def core_properties(package: Package) -> Core:
    """When the workbook was made and last saved."""
    part = _part(package, "core-properties")
    text = package.read(part).decode("utf-8", "replace") if part else ""
    return Core(_moment(text, "created"), _moment(text, "modified"))


def set_core_properties(
    package: Package,
    *,
    title: str | None,
    creator: str | None,
    created: datetime | None,
    modified: datetime | None,
) -> None:
    """Set core properties that the package has; moments are UTC. None leaves one as it is."""
    part = _part(package, "core-properties")
    if part is None:
        return
    text = package.read(part).decode()
    for tag, value in (
        ("dc:title", title),
        ("dc:creator", creator),
        ("dcterms:created", f"{created:%Y-%m-%dT%H:%M:%SZ}" if created else None),
        ("dcterms:modified", f"{modified:%Y-%m-%dT%H:%M:%SZ}" if modified else None),
    ):
        if value is not None:
            text = _with_element(text, tag, escaped_text(value))
    package.replace(part, text.encode())


def _with_element(core: str, tag: str, content: str) -> str:
    """A core properties part with this element's content, the element put in where it is missing."""
    pattern = re.compile(rf"<{tag}\b[^>]*?(?:/>|>.*?</{tag}>)", re.S)
    core = pattern.sub("", core)
    prefix = tag.partition(":")[0]
    moment = f' xsi:type="dcterms:W3CDTF" xmlns:xsi="{_XSI}"' if prefix == "dcterms" else ""
    element = f'<{tag} xmlns:{prefix}="{_NAMESPACES[prefix]}"{moment}>{content}</{tag}>'
    cut = core.rindex("</")
    return core[:cut] + element + core[cut:]


def _moment(core: str, name: str) -> datetime | None:
    found = re.search(rf"<dcterms:{name}[^>]*>\s*(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d)", core)
    try:
        return datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
