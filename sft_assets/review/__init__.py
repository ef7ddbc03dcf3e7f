"""Pairs out to people and back: ``review_queue`` and ``reviewed_pairs``.

Enters: every pair, the facts behind them, and the verdicts in ``<root>/review/verdicts.jsonl``.
Leaves: a risk-ranked sample with a Label Studio import file, and the pairs with verdicts applied.
Refused: what a reviewer rejects, and a correction whose numbers are not the proved ones.
"""
