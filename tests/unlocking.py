"""Opening a protected workbook in LibreOffice, which asks nobody for a password when it is told one.

Run by the system's own Python, which has LibreOffice's bridge (``uno``), with JSON on standard input:
``pipe`` (the name at which LibreOffice listens), ``source``, ``target`` (URLs) and ``password``.
"""

import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

asked = json.load(sys.stdin)
resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
until = time.monotonic() + 60
while True:
    try:
        context = resolver.resolve(f"uno:pipe,name={asked['pipe']};urp;StarOffice.ComponentContext")
        break
    except NoConnectException:
        if time.monotonic() > until:
            raise
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
opening = (PropertyValue("Hidden", 0, True, 0), PropertyValue("Password", 0, asked["password"], 0))
try:
    book = desktop.loadComponentFromURL(asked["source"], "_blank", 0, opening)
    if book is not None:
        book.storeToURL(asked["target"], (PropertyValue("FilterName", 0, "Calc MS Excel 2007 XML", 0),))
        book.close(True)
finally:
    desktop.terminate()
