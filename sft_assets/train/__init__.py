"""``sft_dataset`` and a recipe in, a checkpoint and a merged model out.

Enters: the released conversations and one recipe (``recipes/*.yaml``). Leaves: ``base_model``,
``checkpoint`` (an adapter or full weights, always safetensors) and ``merged_model``, which is
published only when its answers are those of the trained model. Refused: settings that cannot work,
before any weights load; rows longer than the recipe's limit are dropped and counted, never cut.
"""
