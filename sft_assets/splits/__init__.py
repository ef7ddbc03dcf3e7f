"""Pairs in, one split a pair out: train, validation and test by company.

Enters: deduplicated pairs and general instruction data.
Leaves: each pair in exactly one split; general data in training only.
Refused: an issuer or a fact in two splits. Pairs that name companies of different splits, and
training pairs that resemble an evaluation pair, are dropped with their reason.
"""
