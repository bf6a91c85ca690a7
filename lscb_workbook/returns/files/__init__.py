"""What a returned file is and holds: opened safely, in a process of its own, and judged by nobody yet.

``reader.py`` hands the bytes of a file to ``reading.py``, which answers with the plain records of
``opened.py``. Nothing in this folder knows of plans, officers or ratings.
"""
