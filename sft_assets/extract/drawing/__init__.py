"""Pictures of pages with boxes around what was read, for people who check a reading."""
