"""The weekly ML news digest: collect, group, rank, summarize, verify, compose, render, deliver."""

__version__ = "0.1.0"
