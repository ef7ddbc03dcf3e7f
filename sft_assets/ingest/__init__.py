"""Files in; identified annual reports and typed rejections out.

What enters: any file of the inbox. What leaves: a content-addressed copy of each annual report,
one small intake record a file content, and the tables ``raw_reports`` (versions of a report) and
``rejected_files``. What is refused: every reason of ``schemas.reports.REASONS``. A file is parsed
only in child processes; a bad one never stops the others.
"""
