"""Drop what is not the report's text: running heads, page numbers, contents, watermarks, wraps.

Enters: ``extracted_pages``, ``extracted_lines`` and ``extracted_cells`` of a report.
Leaves: ``clean_pages``, page for page, each with the edits that make it from the extracted text;
``joined_tables``, which tells of each table whether it goes on from the page before, and where its
heads and its unit line stand.
Refused: nothing; a page without text passes as it is. Table rows are never joined.
"""
