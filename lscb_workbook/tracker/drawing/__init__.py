"""Drawing the empty workbooks that the tool fills in, out of their layout and a board's RAG scheme.

It is done with openpyxl, so it is asked for only where no workbook that is drawn already fits the scheme.
"""
