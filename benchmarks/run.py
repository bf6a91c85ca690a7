"""Measure what the toolkit's works cost, print it as a table, and write it as JSON.

    python3 benchmarks/run.py [NAMES...] [--json FILE] [--quick]

Without names all are measured. ``--quick`` only proves that each runs: its figures mean little.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from measuring import report, table

WORKS = ("harvest", "issuing", "merging", "growth", "start")
"""The modules beside this one that have a ``measure``."""


def main() -> None:
    """Measure, and print and write what came out."""
    parser = argparse.ArgumentParser(description="Measure what the toolkit's works cost.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(WORKS)}; default: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    parser.add_argument("--quick", action="store_true", help="few and small runs, just to see that all run")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(WORKS):
        parser.error(f"There is no benchmark {', '.join(sorted(unknown))}. Choose of {', '.join(WORKS)}.")
    rows = []
    for name in asked.names or WORKS:
        print(f"Measuring {name} ...", file=sys.stderr)
        rows += importlib.import_module(name).measure(quick=asked.quick)
    print(table(rows))
    if asked.json:
        said = report(rows, ["python3", "benchmarks/run.py", *sys.argv[1:]])
        asked.json.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
