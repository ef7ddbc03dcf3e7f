"""How much of the personal data in invented sentences redaction finds, and what else it touches.

make bench-redact

Positives come from thirty templates a kind, half of them held out while detectors were written;
look-alikes must leave as they came. Everything is seeded: two runs print the same table.
"""
