"""The steps of the manager's quarter, one function each; the command line adds nothing to them.

Every step reads what it needs, works on records, and writes at the end, once, or not at all.
"""
