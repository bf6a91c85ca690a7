"""What a manager adds to her master: each put in as the program named writes it.

Every function takes a :class:`~lossless.building.Master` and adds one thing; they can all be added to one.
"""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO

import xlsxwriter
from lossless.building import MAIN, RELATION, Master, drawn

__all__ = ["ADDITIONS", "PNG", "VBA", "with_everything", "with_macros"]

_MS = "http://schemas.microsoft.com/office"
_X14 = f"{_MS}/spreadsheetml/2009/9/main"
_X15 = f"{_MS}/spreadsheetml/2010/11/main"
_XR = f"{_MS}/spreadsheetml/2014/revision"
_SHEET_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
Sheet = xlsxwriter.worksheet.Worksheet
Book = xlsxwriter.Workbook


def _png() -> bytes:
    """A picture of four pixels (PNG, third edition: signature, IHDR, IDAT, IEND)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\0\xff\0\0\0\xff\0" * 2)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


PNG = _png()
VBA = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
"""Bytes that begin as a VBA project does (a compound file); nothing reads further without Excel."""


# --- tabs, columns, cells --------------------------------------------------------------------


def own_tab(master: Master) -> None:
    """A tab of her own with formulas over the tool's tables (XlsxWriter)."""

    def draw(_: Book, sheet: Sheet) -> None:
        sheet.write_string("A1", "My figures")
        sheet.write_formula("A2", "=COUNTA(Plan[Ref])", None, 27)
        sheet.write_formula("A3", "=Plan!A5", None, "1.1")
        sheet.write_array_formula("B2:B3", "{=Plan!A5:A6}", None, "1.1")
        sheet.merge_range("A5:C5", "merged", None)
        sheet.write_url("A7", "https://example.org/", string="a link")
        sheet.write_url("A8", "internal:Plan!A5", string="to the plan")

    master.graft_tab("My figures", drawn(draw))


def own_columns(master: Master) -> None:
    """Columns at the right end of a table: remarks, and a calculated one (Excel widens the table)."""
    master.widen("Plan", "My remark", {5: "remark on 1.1", 9: "remark on 1.5"})
    master.widen("Milestones", "My count", {}, "LEN(Milestones[[#This Row],[Milestone as written]])")
    master.widen("ByOfficer", "My telephone", {6: "extension 2208"})


def beside_and_above(master: Master) -> None:
    """Cells beside and above the tables: texts, numbers, formulas, merged cells."""
    plan = master.tab("Plan")
    master.say(plan, "C2", "agreed at the away day")
    master.say(plan, "T5", "beside 1.1")
    master.write(plan, "U5", '<f>COUNTIF(Plan[RAG rating],"White")</f><v>20</v>')
    master.write(plan, "T7", "<v>42</v>")
    master.insert(plan, '<mergeCells count="1"><mergeCell ref="T9:U10"/></mergeCells>')
    master.say(master.tab("History"), "S6", "note beside history")


def grouped_rows(master: Master) -> None:
    """Rows grouped, hidden and of a height fixed by hand (attributes of ``row``: 18.3.1.73)."""
    plan = master.tab("Plan")
    master.change(plan, r'<row r="6"([^>]*?)>', r'<row r="6"\1 outlineLevel="1">')
    master.change(plan, r'<row r="7"([^>]*?)>', r'<row r="7"\1 outlineLevel="1" hidden="1">')
    master.change(plan, r'<row r="8"[^>]*?>', '<row r="8" ht="200" customHeight="1">')


# --- drawings and notes ----------------------------------------------------------------------


def drawings(master: Master) -> None:
    """A chart over a tool's table, a picture, a text box, a background and a picture in the header, on a tab
    of the tool's that had no drawing (XlsxWriter)."""

    def draw(book: Book, sheet: Sheet) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Milestones!$Q$5:$Q$20", "categories": "=Milestones!$A$5:$A$20"})
        sheet.insert_chart("M30", chart)
        sheet.insert_image("M2", "a.png", {"image_data": BytesIO(PNG)})
        sheet.insert_textbox("M12", "Papers go out on Friday", {"textlink": "=Cover!$A$3"})
        sheet.set_background(BytesIO(PNG))

    master.graft("Milestones", drawn(draw, "Milestones", "Cover"))


def chart_tab(master: Master) -> None:
    """Charts on a tab of her own over the tool's cells and tables (XlsxWriter)."""

    def draw(book: Book, sheet: Sheet) -> None:
        for kind in ("line", "pie"):
            chart = book.add_chart({"type": kind})
            chart.add_series({"values": "=Summary!$C$22:$C$27", "categories": "=Summary!$A$22:$A$27"})
            sheet.insert_chart("B2" if kind == "line" else "B20", chart)

    master.graft_tab("My charts", drawn(draw, "Summary"))


def chart_sheet(master: Master) -> None:
    """A chart on a sheet of its own, F11 in Excel, over a list that the tool writes (XlsxWriter)."""

    def draw(book: Book, _: Sheet) -> None:
        chart = book.add_chart({"type": "bar"})
        series = {"values": "='Missed milestones'!$E$5:$E$5", "categories": "='Missed milestones'!$A$5:$A$5"}
        chart.add_series(series)
        book.add_chartsheet("Chart").set_chart(chart)

    master.graft_tab("My chart sheet", drawn(draw, "Missed milestones"), "chartsheet")


def notes(master: Master) -> None:
    """Notes with their shapes, on the Plan and beside History (XlsxWriter: comments and a VML drawing)."""

    def draw(_: Book, sheet: Sheet) -> None:
        sheet.write_comment("H5", "ask the chair", {"author": "Ann"})
        sheet.write_comment("A1", "the approved version")

    def beside(_: Book, sheet: Sheet) -> None:
        sheet.write_comment("B5", "first entry")

    master.graft("Plan", drawn(draw))
    master.graft("History", drawn(beside))


def threaded_comments(master: Master) -> None:
    """A conversation on a cell, with the note that older programs show (MS-XLSX 2.1.18, 2.1.19, as Excel)."""

    def draw(_: Book, sheet: Sheet) -> None:
        sheet.write_comment("C5", "[Threaded comment] Is this agreed?")

    master.graft("Checks", drawn(draw))
    sheet = master.tab("Checks")
    kind = f"{_MS}/spreadsheetml/2018/threadedcomments"
    thread, person = "{00000000-0000-4000-8000-000000000001}", "{00000000-0000-4000-8000-000000000002}"
    said = (
        f'<threadedComment ref="C5" dT="2016-09-20T12:00:00.00" personId="{person}" id="{thread}">'
        "<text>Is this agreed?</text></threadedComment>"
        f'<threadedComment ref="C5" dT="2016-09-20T13:00:00.00" personId="{person}" '
        f'id="{{00000000-0000-4000-8000-000000000003}}" '
        f'parentId="{thread}"><text>Yes</text></threadedComment>'
    )
    people = (
        f'<personList xmlns="{kind}"><person displayName="Ann" id="{person}" userId="ann" '
        f'providerId="None"/></personList>'
    )
    comments = f'<ThreadedComments xmlns="{kind}">{said}</ThreadedComments>'
    for name, text, source, relation in (
        ("threadedComments/threadedComment1", comments, sheet, "threadedComment"),
        ("persons/person", people, master.workbook, "person"),
    ):
        content = "threadedcomments" if "Comment" in name else "person"
        link = f"{_MS}/2017/10/relationships/{relation}"
        master.add(f"xl/{name}.xml", text, f"application/vnd.ms-excel.{content}+xml", source, link)


def sparklines(master: Master) -> None:
    """Sparklines in the extension list of a tab (XlsxWriter, as Excel 2010)."""

    def draw(_: Book, sheet: Sheet) -> None:
        sheet.add_sparkline("AB22", {"range": "Summary!D22:H22", "type": "column"})

    master.graft("Summary", drawn(draw))


def new_rules(master: Master) -> None:
    """Conditional formats and a drop-down of Excel 2010's kind, over a tool's column and beside it."""
    rules = (
        f'<ext xmlns:x14="{_X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings>'
        '<x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        '<x14:cfRule type="expression" priority="21" id="{00000000-000E-0000-0000-000000000001}">'
        "<xm:f>Cover!$B$9&gt;0</xm:f><x14:dxf/></x14:cfRule><xm:sqref>B5:B31</xm:sqref>"
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext>"
    )
    lists = (
        f'<ext xmlns:x14="{_X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations '
        f'count="1" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list" '
        'allowBlank="1"><x14:formula1><xm:f>\'RAG '
        "key'!$A$5:$A$9</xm:f></x14:formula1><xm:sqref>T20:T25</xm:sqref>"
        "</x14:dataValidation></x14:dataValidations></ext>"
    )
    master.insert(master.tab("Plan"), f"<extLst>{rules}{lists}</extLst>")


def form_controls(master: Master) -> None:
    """A tick box linked to a cell of hers: control properties, its VML shape, and its anchor in the sheet
    (18.3.1.20 and MS-OE376 ctrlProps, as Excel 2010 writes it)."""
    sheet = master.tab("Officers")
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
        'data="9"/></o:shapelayout><v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" '
        'path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s9217" type="#_x0000_t201" '
        'style="position:absolute;'
        'width:80pt;height:18pt" filled="f" stroked="f"><v:textbox><div>Done</div></v:textbox>'
        '<x:ClientData ObjectType="Checkbox"><x:Anchor>7, 0, 3, 0, 8, 0, 4, 0</x:Anchor>'
        "<x:FmlaLink>$H$4</x:FmlaLink><x:NoThreeD/></x:ClientData></v:shape></xml>"
    )
    vml_id = master.add(
        "xl/drawings/vmlDrawing90.vml",
        vml,
        "application/vnd.openxmlformats-officedocument.vmlDrawing",
        sheet,
        "vmlDrawing",
    )
    prop = (
        f'<formControlPr xmlns="{_X14}" objectType="CheckBox" checked="Checked" fmlaLink="$H$4" '
        f'noThreeD="1"/>'
    )
    control = master.add(
        "xl/ctrlProps/ctrlProp1.xml",
        prop,
        "application/vnd.ms-excel.controlproperties+xml",
        sheet,
        "ctrlProp",
    )
    master.insert(sheet, f'<legacyDrawing xmlns:r="{RELATION}" r:id="{vml_id}"/>')
    anchor = "".join(
        f"<{end}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></{end}>"
        for end, column, row in (("from", 7, 3), ("to", 8, 4))
    )
    master.insert(
        sheet,
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice xmlns:x14="{_X14}" Requires="x14"><controls><mc:AlternateContent><mc:Choice '
        f'Requires="x14">'
        f'<control xmlns:r="{RELATION}" shapeId="9217" r:id="{control}" name="Check Box 1"><controlPr '
        f'defaultSize="0" '
        f'autoFill="0" autoLine="0" autoPict="0"><anchor moveWithCells="1" '
        f'xmlns:xdr="{_SHEET_DRAWING}">{anchor}</anchor>'
        "</controlPr></control></mc:Choice></mc:AlternateContent></controls></mc:Choice>"
        "</mc:AlternateContent>",
        as_="controls",
    )


# --- data ------------------------------------------------------------------------------------


def slicers(master: Master) -> None:
    """A slicer on the Plan's ratings (MS-XLSX 2.1.10, 2.1.11, 2.6.90: as Excel 2013)."""
    column = 7
    id_ = master.text(master.table("Plan")).split(' id="')[1].split('"')[0]
    cache = (
        f'<slicerCacheDefinition xmlns="{_X14}" name="Slicer_RAG_rating" sourceName="RAG rating"><extLst>'
        f'<x:ext xmlns:x="{MAIN}" uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}" xmlns:x15="{_X15}">'
        f'<x15:tableSlicerCache tableId="{id_}" column="{column}"/></x:ext></extLst></slicerCacheDefinition>'
    )
    cache_id = master.add(
        "xl/slicerCaches/slicerCache1.xml",
        cache,
        "application/vnd.ms-excel.slicerCache+xml",
        master.workbook,
        f"{_MS}/2007/relationships/slicerCache",
    )
    master.insert(
        master.workbook,
        f'<extLst><ext uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}" xmlns:x15="{_X15}"><x15:slicerCaches '
        f'xmlns:x14="{_X14}"><x14:slicerCache r:id="{cache_id}"/></x15:slicerCaches></ext></extLst>',
    )
    sheet = master.tab("Plan")
    slicer = (
        f'<slicers xmlns="{_X14}"><slicer name="RAG rating" cache="Slicer_RAG_rating" caption="RAG rating" '
        'rowHeight="241300"/></slicers>'
    )
    slicer_id = master.add(
        "xl/slicers/slicer1.xml",
        slicer,
        "application/vnd.ms-excel.slicer+xml",
        sheet,
        f"{_MS}/2007/relationships/slicer",
    )
    master.insert(
        sheet,
        f'<extLst><ext uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}" xmlns:x15="{_X15}"><x14:slicerList '
        f'xmlns:x14="{_X14}"><x14:slicer xmlns:r="{RELATION}" '
        f'r:id="{slicer_id}"/></x14:slicerList></ext></extLst>',
    )
    frame = (
        f'<xdr:wsDr xmlns:xdr="{_SHEET_DRAWING}" xmlns:a="{_DRAWING}"><xdr:twoCellAnchor editAs="oneCell">'
        "<xdr:from><xdr:col>21</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:from>"
        "<xdr:to><xdr:col>24</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>8</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:to>"
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice xmlns:sle15="{_MS}/drawing/2012/slicer" Requires="sle15"><xdr:graphicFrame macro="">'
        '<xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="RAG '
        'rating"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{_MS}/drawing/2010/slicer"><sle:slicer xmlns:sle="{_MS}/drawing/2010/slicer" '
        'name="RAG rating"/></a:graphicData></a:graphic></xdr:graphicFrame></mc:Choice><mc:Fallback>'
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" '
        'name=""/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>'
        '<a:xfrm><a:off x="1" y="1"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom '
        'prst="rect"><a:avLst/>'
        "</a:prstGeom></xdr:spPr></xdr:sp></mc:Fallback></mc:AlternateContent><xdr:clientData/>"
        "</xdr:twoCellAnchor></xdr:wsDr>"
    )
    content = "application/vnd.openxmlformats-officedocument.drawing+xml"
    drawing = master.add("xl/drawings/drawing91.xml", frame, content, sheet, "drawing")
    master.insert(sheet, f'<drawing xmlns:r="{RELATION}" r:id="{drawing}"/>')


def pivot_table(master: Master) -> None:
    """A pivot table over the Plan, with its cache and the records it holds (18.10, as Excel)."""
    part = master.add_tab(
        "My pivot",
        f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATION}"><sheetData><row r="3"><c r="A3" t="inlineStr"><is>'
        '<t>Count of Ref</t></is></c></row><row r="4"><c r="A4"><v>27</v></c></row></sheetData></worksheet>',
    )
    fields = ("Ref", "RAG rating")
    cache = (
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{RELATION}" r:id="{{}}" refreshedBy="Ann" '
        'refreshedDate="42644" createdVersion="6" refreshedVersion="6" minRefreshableVersion="3" '
        'recordCount="1">'
        '<cacheSource type="worksheet"><worksheetSource name="Plan"/></cacheSource><cacheFields count="2">'
        + "".join(f'<cacheField name="{name}" numFmtId="0"><sharedItems/></cacheField>' for name in fields)
        + "</cacheFields></pivotCacheDefinition>"
    )
    name = "xl/pivotCache/pivotCacheDefinition1.xml"
    cache_id = master.add(
        name, cache, f"{_SML}.pivotCacheDefinition+xml", master.workbook, "pivotCacheDefinition"
    )
    records = (
        f'<pivotCacheRecords xmlns="{MAIN}" count="1"><r><s v="1.1"/><s v="White"/></r></pivotCacheRecords>'
    )
    records_id = master.add(
        "xl/pivotCache/pivotCacheRecords1.xml",
        records,
        f"{_SML}.pivotCacheRecords+xml",
        name,
        "pivotCacheRecords",
    )
    master.put(name, master.text(name).format(records_id))
    master.insert(master.workbook, f'<pivotCaches><pivotCache cacheId="7" r:id="{cache_id}"/></pivotCaches>')
    pivot = (
        f'<pivotTableDefinition xmlns="{MAIN}" name="PivotTable1" cacheId="7" dataCaption="Values" '
        'createdVersion="6" updatedVersion="6" minRefreshableVersion="3"><location ref="A3:A4" '
        'firstHeaderRow="1" '
        'firstDataRow="1" firstDataCol="0"/><pivotFields count="2"><pivotField dataField="1" showAll="0"/>'
        '<pivotField showAll="0"/></pivotFields><rowItems count="1"><i/></rowItems><colItems '
        'count="1"><i/></colItems>'
        '<dataFields count="1"><dataField name="Count of Ref" fld="0" subtotal="count" baseField="0" '
        'baseItem="0"/>'
        "</dataFields></pivotTableDefinition>"
    )
    table = "xl/pivotTables/pivotTable1.xml"
    master.add(table, pivot, f"{_SML}.pivotTable+xml", part, "pivotTable")
    back = (
        f'<Relationship Id="rId1" Type="{RELATION}/pivotCacheDefinition" '
        f'Target="../pivotCache/pivotCacheDefinition1.xml"/>'
    )
    master.put(
        "xl/pivotTables/_rels/pivotTable1.xml.rels",
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{back}</Relationships>',
    )


def dynamic_arrays(master: Master) -> None:
    """A spilling formula: cell metadata says it is dynamic (MS-XLSX 2.6.187; as Excel)."""
    metadata = (
        f'<metadata xmlns="{MAIN}" xmlns:xda="{_MS}/spreadsheetml/2017/dynamicarray"><metadataTypes '
        f'count="1">'
        '<metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" '
        'merge="1" '
        'splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" '
        'cellMeta="1"/>'
        '</metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst><ext '
        'uri="{bdbb8cdc-fa1e-496e-a857-'
        '3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" '
        'fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
        '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
    )
    master.add("xl/metadata.xml", metadata, f"{_SML}.sheetMetadata+xml", master.workbook, "sheetMetadata")
    plan = master.tab("Plan")
    master.write(plan, "Q5", '<f t="array" ref="Q5:Q6">_xlfn._xlws.SORT(T7:T8)</f><v>0</v>', ' cm="1"')
    master.write(plan, "Q6", "<v>42</v>")


def custom_xml(master: Master) -> None:
    """A data store of a form or of SharePoint's (part 1, 15.2.5 and 22.5)."""
    name = "customXml/item1.xml"
    master.add(name, "<mine xmlns='urn:example'>kept</mine>", "application/xml", master.workbook, "customXml")
    properties = (
        '<ds:datastoreItem ds:itemID="{00000000-0000-4000-8000-00000000000A}" xmlns:ds='
        '"http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/>'
        "</ds:datastoreItem>"
    )
    content = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    master.add("customXml/itemProps1.xml", properties, content, name, "customXmlProps")


def power_query(master: Master) -> None:
    """A query that fills a table of her own: its connection, query table and mash-up (MS-QDEFF 2.2)."""
    mashup = base64.b64encode(b"\0" * 24).decode()
    name = "customXml/item2.xml"
    text = f'<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">{mashup}</DataMashup>'
    master.add(name, text, "application/xml", master.workbook, "customXml")
    connections = (
        f'<connections xmlns="{MAIN}"><connection id="1" name="Query - Cases" description="Connection to '
        f'the query." '
        'type="5" refreshedVersion="8" background="1" saveData="1"><dbPr '
        'connection="Provider=Microsoft.Mashup.OleDb.1;'
        'Data Source=$Workbook$;Location=Cases" command="SELECT * FROM [Cases]"/></connection></connections>'
    )
    master.add("xl/connections.xml", connections, f"{_SML}.connections+xml", master.workbook, "connections")
    part = master.add_tab(
        "Cases",
        f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATION}"><sheetData><row r="1"><c r="A1" '
        f't="inlineStr"><is><t>Case'
        '</t></is></c></row><row r="2"><c r="A2" '
        't="inlineStr"><is><t>first</t></is></c></row></sheetData></worksheet>',
    )
    table = (
        f'<table xmlns="{MAIN}" id="77" name="Cases" displayName="Cases" ref="A1:A2" tableType="queryTable" '
        'totalsRowShown="0"><autoFilter ref="A1:A2"/><tableColumns count="1"><tableColumn id="1" '
        'uniqueName="1" '
        'name="Case" queryTableFieldId="1"/></tableColumns></table>'
    )
    table_id = master.add("xl/tables/table77.xml", table, f"{_SML}.table+xml", part, "table")
    query = (
        f'<queryTable xmlns="{MAIN}" name="ExternalData_1" connectionId="1" autoFormatId="16" '
        f'applyNumberFormats="0" '
        'applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" '
        'applyWidthHeightFormats="0"><queryTableRefresh nextId="2"><queryTableFields '
        'count="1"><queryTableField id="1" '
        'name="Case" tableColumnId="1"/></queryTableFields></queryTableRefresh></queryTable>'
    )
    master.add(
        "xl/queryTables/queryTable1.xml",
        query,
        f"{_SML}.queryTable+xml",
        "xl/tables/table77.xml",
        "queryTable",
    )
    master.insert(part, f'<tableParts count="1"><tablePart r:id="{table_id}"/></tableParts>')


def external_links(master: Master) -> None:
    """A formula that looks into another workbook, and the link that holds its last values (18.14)."""
    name = "xl/externalLinks/externalLink1.xml"
    link = (
        f'<externalLink xmlns="{MAIN}" xmlns:r="{RELATION}"><externalBook '
        f'r:id="rIdE1"><sheetNames><sheetName '
        'val="Sheet1"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1"><cell '
        'r="A1"><v>5</v></cell></row>'
        "</sheetData></sheetDataSet></externalBook></externalLink>"
    )
    id_ = master.add(name, link, f"{_SML}.externalLink+xml", master.workbook, "externalLink")
    master.link(name, "externalLinkPath", "budget.xlsx")
    master.insert(
        master.workbook, f'<externalReferences><externalReference r:id="{id_}"/></externalReferences>'
    )
    master.write(master.tab("Plan"), "U8", "<f>[1]Sheet1!$A$1</f><v>5</v>")


# --- the workbook ----------------------------------------------------------------------------


def own_names(master: Master) -> None:
    """Names of her own: over tables, a constant, a formula, one that a tab keeps to itself, one in error."""
    names = (
        '<definedName name="MyRatings">Plan!$G$5:$G$31</definedName><definedName '
        'name="MyRate">0.2</definedName>'
        '<definedName name="MyList">OFFSET(Plan!$A$5,0,0,COUNTA(Plan!$A:$A),1)</definedName>'
        '<definedName name="Chair" localSheetId="2">Milestones!$Z$1</definedName>'
        "<definedName name=\"MyTwo\">'RAG key'!$A$5:$A$9,Plan!$A$5:$A$31</definedName>"
        '<definedName name="MyGone" hidden="1">#REF!</definedName>'
    )
    master.change(master.workbook, "</definedNames>", f"{names}</definedNames>")


def print_settings(master: Master) -> None:
    """The printer's own settings, breaks, a print area, and views of the Plan as two people saw it
    (18.3.1.63, 18.3.1.74, 18.2.4: as Excel on Windows)."""
    sheet = master.tab("Plan")
    content = f"{_SML}.printerSettings"
    id_ = master.add(
        "xl/printerSettings/printerSettings1.bin", b"\x01\0P\0r\0" * 30, content, sheet, "printerSettings"
    )
    master.change(sheet, r"<pageSetup ([^>]*?)\s*/>", rf'<pageSetup \1 xmlns:r="{RELATION}" r:id="{id_}"/>')
    master.insert(
        sheet, '<rowBreaks count="1" manualBreakCount="1"><brk id="17" max="16383" man="1"/></rowBreaks>'
    )
    guid = "{00000000-0000-4000-8000-0000000000A1}"
    master.insert(
        master.workbook,
        f'<customWorkbookViews><customWorkbookView name="Chair" guid="{guid}" maximized="1" '
        f'windowWidth="1000" '
        'windowHeight="600" activeSheetId="2"/></customWorkbookViews>',
    )
    master.insert(
        sheet,
        f'<customSheetViews><customSheetView guid="{guid}" scale="80"><selection activeCell="A5" sqref="A5"/>'
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        "</customSheetView></customSheetViews>",
    )
    area = '<definedName name="_xlnm.Print_Area" localSheetId="1">\'Plan\'!$A$1:$J$31</definedName>'
    master.change(master.workbook, "</definedNames>", f"{area}</definedNames>")


def revisions(master: Master) -> None:
    """The marks of shared editing: extension namespaces that older programs may pass over, and the ids that
    Excel gives every sheet, table and column (part 3; MS-XLSX 2.4.104)."""
    namespaces = {"xr": _XR, "xr2": f"{_MS}/spreadsheetml/2015/revision2", "x14ac": f"{_X14[:-4]}ac"}
    for number, tab in enumerate(("Plan", "Milestones", "Checks"), start=1):
        part = master.tab(tab)
        master.declare(part, namespaces, ["x14ac", "xr", "xr2"])
        uid = f"{{00000000-0001-0000-0{number}00-000000000000}}"
        master.change(part, "<worksheet ", f'<worksheet xr:uid="{uid}" ')
        master.change(part, r"<sheetFormatPr ", '<sheetFormatPr x14ac:dyDescent="0.25" ')
        master.change(part, r'<row r="5"', '<row r="5" x14ac:dyDescent="0.25"')
    table = master.table("Plan")
    master.declare(table, {"xr": _XR, "xr3": f"{_MS}/spreadsheetml/2016/revision3"}, ["xr", "xr3"])
    master.change(
        table, "<tableColumn id", '<tableColumn xr3:uid="{00000000-0010-0000-0200-000001000000}" id', 1
    )
    master.change(table, "<autoFilter ", '<autoFilter xr:uid="{00000000-0009-0000-0200-000000000000}" ')


def protected(master: Master) -> None:
    """The structure of the workbook protected, and the Plan with a range that some may edit (18.2.29,
    18.3.1.85, 18.3.1.68)."""
    master.change(master.workbook, r"<workbookProtection\s*/>", '<workbookProtection lockStructure="1"/>')
    sheet = master.tab("Plan")
    master.insert(sheet, '<sheetProtection sheet="1" objects="1" scenarios="1"/>')
    master.insert(sheet, '<protectedRanges><protectedRange sqref="G5:I31" name="Leads"/></protectedRanges>')


ADDITIONS = (
    own_tab,
    own_columns,
    beside_and_above,
    grouped_rows,
    drawings,
    chart_tab,
    chart_sheet,
    notes,
    threaded_comments,
    sparklines,
    new_rules,
    form_controls,
    slicers,
    pivot_table,
    dynamic_arrays,
    custom_xml,
    power_query,
    external_links,
    own_names,
    print_settings,
    revisions,
    protected,
)


def with_everything(data: bytes) -> bytes:
    """A master with all of the additions."""
    master = Master(data)
    for add in ADDITIONS:
        add(master)
    return master.to_bytes()


def with_macros(data: bytes) -> bytes:
    """As Excel saves a workbook with macros, ``.xlsm``: the workbook's content type, and a VBA project."""
    master = Master(data)
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    master.change(
        "[Content_Types].xml",
        main.replace("+", r"\+"),
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    master.add("xl/vbaProject.bin", VBA, "application/vnd.ms-office.vbaProject", master.workbook, kind)
    signature = f"{_MS}/2006/relationships/vbaProjectSignature"
    master.add(
        "xl/vbaProjectSignature.bin",
        b"\0" * 16,
        "application/vnd.ms-office.vbaProjectSignature",
        "xl/vbaProject.bin",
        signature,
    )
    return master.to_bytes()
