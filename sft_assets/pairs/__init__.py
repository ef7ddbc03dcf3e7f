"""Facts and redacted pages in, questions with exact answers out.

Enters: proved or accepted facts of the current version of a report, and its redacted text.
Leaves: pairs whose every number is a printed number of a cited fact, the result of the pair's
program, a year, or a page number; the evidence stands in the context.
Refused: facts of superseded versions or of part of a year; programs that would mislead; answers
with a number that nothing supports; contexts that the redacted text does not hold.
"""
