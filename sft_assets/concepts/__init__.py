"""The term dictionary: which printed label names which concept, and which never may be merged.

``terms.yaml`` is the data, ``labels`` folds a printed label, ``dictionary`` decides.
"""

from sft_assets.concepts.dictionary import Concept, Concepts, Match, load_concepts

__all__ = ["Concept", "Concepts", "Match", "load_concepts"]
