"""Baseline and tuned model in, one report about both out.

Enters: the released test split, the base model and the merged model. Leaves: ``baseline_report``
and ``eval_report`` (numbers as JSON, every answer as JSONL, a page with plots). Both models answer
the same rows of companies that training never saw. A model that is worse than its base is marked
``promoted: false`` with the reason.
"""
