"""Ids and edits: what makes two things the same, and how a span leads back to its source."""
