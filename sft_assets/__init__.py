"""Fine-tuning data, models and evaluations from annual reports, as Dagster assets."""

__version__ = "0.1.0"
