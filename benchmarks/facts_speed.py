"""Seconds of processor time a report from its extracted cells to its facts.

    make bench-facts CORPUS=DIR

The best of three runs a report, each without what an earlier one left in the caches of labels and
cells; beside it the seconds per 200 pages.
"""

import statistics
import sys
import time

from benchmarks.report_folder import ExtractedReport, parse_folder, read_folder
from sft_assets.concepts.labels import fold_label
from sft_assets.facts.build import build_facts
from sft_assets.facts.head_words import is_amount

REPEATS = 3


def seconds_of(report: ExtractedReport) -> float:
    """Return the least processor seconds of a run."""
    found = []
    for _ in range(REPEATS):
        fold_label.cache_clear()
        is_amount.cache_clear()
        begun = time.process_time()
        build_facts(*report.tables)
        found.append(time.process_time() - begun)
    return min(found)


def main() -> None:
    """Measure a folder."""
    per_200 = []
    for report in read_folder(parse_folder(__doc__).parse_args()):
        seconds, pages = seconds_of(report), report.pages.height
        per_200.append(seconds * 200 / pages)
        print(f"{seconds:6.2f} s  {pages:4d} pages  {report.cells.height:6d} cells  {report.name}")
    if not per_200:
        sys.exit("no report was found")
    print(f"median of {len(per_200)} reports: {statistics.median(per_200):.2f} s per 200 pages")


if __name__ == "__main__":
    main()
