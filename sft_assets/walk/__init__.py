"""Steps of the walk, and the one way to materialise them; no dagster, no business rules."""
