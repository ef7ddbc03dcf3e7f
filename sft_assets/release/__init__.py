"""Split pairs in, files for trainers out, with lineage beside them.

Enters: pairs with their split, the facts that they cite, general data.
Leaves: JSONL in the Alpaca, ShareGPT, OpenAI-messages, prompt-completion, preference and reasoning
forms, Parquet with the lineage of each row and the cited facts, LLaMA-Factory's dataset_info, a
folder that `datasets` loads, a task for lm-eval, a data card, a quality report and a manifest.
Refused: a pair whose facts are missing or whose program no longer yields its result. Lineage never
enters a training row.
"""
