"""From the bytes of a report to its pages, lines and table cells, each with a box.

Enters: the current version of a report (``raw_reports`` and its PDF).
Leaves: ``extracted_pages``, ``extracted_lines``, ``extracted_cells``.
Refused: nothing is dropped; a page that cannot be read is a row with ``status`` "failed" and a
reason. Text that nobody can see on the page is counted (``hidden_chars``) and left out.
"""
