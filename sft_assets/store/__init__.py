"""Versions of tables: staged, audited, published by one atomic rename, read only by their hash."""
