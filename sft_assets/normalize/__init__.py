"""``clean_pages`` in, ``normalized_pages`` out: one written form for one thing, digits untouched.

Rewritten: full-width digits and letters, years and dates in Chinese numerals, and terms that the
dictionary calls spellings of one concept. Left alone: Chinese punctuation, the script
(traditional stays traditional), near synonyms, and every digit of a printed number. Every change
is an edit, so each span leads back to the printed form.
"""
