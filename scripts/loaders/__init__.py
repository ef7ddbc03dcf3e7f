"""A released folder read by the programs that its users run, each in an environment of its own.

``python -m scripts.loaders DATA_ROOT`` makes the environments once, runs every reader, and ends
with 1 when one of them cannot read a format or reads another number of rows than was written.
"""
