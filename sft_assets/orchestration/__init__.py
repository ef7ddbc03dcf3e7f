"""Dagster plumbing shared by all stages: assets from steps, sensor, jobs; no business rules."""
