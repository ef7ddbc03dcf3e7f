"""Pairs in, pairs without near-duplicates out; each dropped pair names the kept one.

Enters: reviewed pairs and the signatures of each report's pairs.
Leaves: pairs of which no two are alike, and a row for every one that was dropped.
Refused: nothing. Pairs that differ in a number, a company, a year or a metric are different,
however alike their words are.
"""
