"""Instruction pairs and what happens to them until the release.

Lineage rides beside the training text and never enters it.
"""

import polars as pl

from sft_assets.schemas.tables import columns

PAIRS = columns(
    {
        "pair_id": pl.String,  # digest of question, context, answer and evidence_ids
        "report_key": pl.String,  # report that it is about; null for a comparison of several
        "company_ids": pl.List(pl.String),  # issuers that the pair names or quotes, sorted
        "kind": pl.String,  # lookup, growth, ratio, comparison, summary, unanswerable ...
        "language": pl.String,  # zh or en
        "question": pl.String,
        "context": pl.String,  # passages that hold the evidence, with distractors
        "answer": pl.String,  # the target; every number in it re-derives
        "reasoning": pl.String,  # executable steps in words (chain of thought); null without
        "program": pl.String,  # e.g. growth(f1, f2); f1 is fact_ids[0]; null for an unanswerable
        "result": pl.String,  # what the program yields, as written in the answer; or null
        "fact_ids": pl.List(pl.String),  # in the order that program names them
        "evidence_ids": pl.List(pl.String),
        "pages": pl.List(pl.Int32),  # PDF pages quoted, 1-based
        "parent_id": pl.String,  # pair that this one augments; null for an original
        "augmentation": pl.String,  # paraphrase, typo, wider_context, negative_<error>; null
        "template_id": pl.String,  # template or model that worded it
        "rejected": pl.String,  # the wrong answer that a critique shows; null otherwise
        "is_target": pl.Boolean,  # False: a labelled wrong answer, used only as critique
        "review_status": pl.String,  # unreviewed, accepted, corrected
    }
)

REVIEW_QUEUE = columns(
    {
        "pair_id": pl.String,
        "rank": pl.Int32,  # 1 is to be looked at first
        "risk": pl.Int32,  # points; see review.risk
        "reasons": pl.List(pl.String),
    }
)

SIGNATURES = columns(
    {
        "pair_id": pl.String,
        "signature": pl.List(pl.UInt32),  # MinHash, one value a permutation
        "shingles": pl.Int32,  # size of the shingle set
    }
)

DROPPED_DUPLICATES = columns(
    {
        "pair_id": pl.String,  # the one dropped
        "twin_id": pl.String,  # the one kept
        "jaccard": pl.Decimal(5, 4),  # exact, over shingles
        "kept_because": pl.String,  # why the twin stayed: reviewed, original, least_id
    }
)

GENERAL_PAIRS = columns(
    {
        "pair_id": pl.String,
        "language": pl.String,
        "question": pl.String,
        "answer": pl.String,
        "source": pl.String,  # where it comes from
        "licence": pl.String,  # SPDX id
    }
)

SPLITS = columns(
    {
        "pair_id": pl.String,
        "split": pl.String,  # train, validation, test
        "group": pl.String,  # company group that decided the split; "general" for general data
        "origin": pl.String,  # report, or general
        "fold": pl.Int32,  # of cross-validation, 0-based; null without, for test and general data
    }
)
