"""The base model that ships; see README.md beside this file."""
