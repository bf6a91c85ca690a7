"""Document properties: those every program shows, and custom ones of a workbook's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from lscb_workbook.ooxml.escaping import quoteattr
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import add_part, parsed
from lscb_workbook.ooxml.values import escaped_text, read_text

__all__ = ["Core", "core_properties", "custom_properties", "set_core_properties", "set_custom_properties"]

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_CUSTOM_PART = "docProps/custom.xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_NAMESPACES = {"dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/"}
_CORE = {
    "title": "dc:title",
    "creator": "dc:creator",
    "created": "dcterms:created",
    "modified": "dcterms:modified",
}
_PROPERTY = re.compile(r"<property\s[^>]*name=(\"[^\"]*\"|'[^']*').*?</property>", re.S)
_NUMBER = re.compile(r'pid="(\d+)"')
_NO_PROPERTIES = re.compile(r"<Properties\b([^>]*)/>\s*$")
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes"></Properties>'
)


class Core(NamedTuple):
    """When the workbook was made and last saved, by its own word (UTC); None where it does not say."""

    created: datetime | None
    modified: datetime | None


# --- custom ----------------------------------------------------------------------------------


def custom_properties(package: Package, part: str | None) -> Mapping[str, str]:
    """The custom properties in this part of a package, as text."""
    if part is None or part not in package:
        return {}
    tree = parsed(package.read(part), part)
    return {element.get("name", ""): read_text("".join(element.itertext())) for element in tree}


def set_custom_properties(package: Package, part: str | None, values: Mapping[str, str]) -> str:
    """Set custom properties to texts, in a part that is added where there is none yet; others stay.

    Returns the part's name.
    """
    if part is None or part not in package:
        part = _CUSTOM_PART
        kind = f"{_OFFICE}/relationships/custom-properties"
        add_part(package, part, _EMPTY.encode(), _CUSTOM_TYPE, "", kind)
    said = {quoteattr(name) for name in values}
    data = _PROPERTY.sub(lambda one: "" if one[1] in said else one[0], package.read(part).decode())
    first = max((int(n) for n in _NUMBER.findall(data)), default=1) + 1
    made = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{number}" name={quoteattr(name)}>'
        f'<vt:lpwstr xmlns:vt="{_OFFICE}/docPropsVTypes">{escaped_text(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(values.items(), first)
    )
    data = _NO_PROPERTIES.sub(r"<Properties\1></Properties>", data)
    cut = data.rindex("</")
    package.replace(part, (data[:cut] + made + data[cut:]).encode())
    return part


# --- core ------------------------------------------------------------------------------------


def core_properties(package: Package, part: str | None) -> Core:
    """When the workbook was made and last saved, by this part of it."""
    text = package.read(part).decode("utf-8", "replace") if part and part in package else ""
    return Core(_moment(text, "created"), _moment(text, "modified"))


def set_core_properties(package: Package, part: str | None, values: Mapping[str, str | datetime]) -> None:
    """Set core properties, by :data:`_CORE` names, in the part that the package has for them; moments are
    UTC. A package without one stays without."""
    if part is None or part not in package:
        return
    text = package.read(part).decode()
    for name, value in values.items():
        said = f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else escaped_text(value)
        text = _with_element(text, _CORE[name], said)
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
