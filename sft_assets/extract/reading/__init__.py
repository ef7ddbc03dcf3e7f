"""Characters, words and lines of a page, from its text layer or from its picture."""
