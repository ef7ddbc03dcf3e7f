"""Child processes that read what nobody trusts, under limits, and answer in a checked form.

What enters: the name of a task (``sft_assets.<room>.child:<function>``) and a JSON payload.
What leaves: an ``Answer`` whose values fit a pydantic model and whose tables fit their schemas.
What is refused: everything else, as ``RejectedDocumentError`` with a typed reason.

How to use it from a stage::

    # sft_assets/extract/child.py: runs only inside a child, may import parsers at the top
    def extract_chunk(payload: Mapping[str, object]) -> dict[str, object]:
        first, last = payload["first_page"], payload["last_page"]  # 1-based, inclusive
        ...
        return {"extracted_pages": pages_frame, "extracted_lines": lines_frame}

    # sft_assets/extract/steps.py
    from sft_assets.worker.answers import NoValues
    from sft_assets.worker.chunks import ReadPlan, run_in_chunks
    from sft_assets.worker.limits import ocr_limits

    for chunk in run_in_chunks(
        "sft_assets.extract.child:extract_chunk", path, range(1, page_count + 1),
        values=NoValues,  # or a pydantic model of the answer's JSON part
        tables={"extracted_pages": EXTRACTED_PAGES, "extracted_lines": LINES},
        payload={"engine": "rapidocr"},
        plan=ReadPlan(limits=ocr_limits, workers=2),
    ):
        if chunk.answer is None:  # always one page then, with chunk.reason from REASONS
            ...
        else:
            chunk.answer.tables["extracted_pages"]

A task returns one dict: data frames in it travel as Arrow, the rest as JSON. It may raise
``RejectedDocumentError``, whose reason then reaches the caller; any other exception is a
``crash`` that names only the exception's class.
"""
