"""Dateline: raw news pages in, classified and structured events out."""

__version__ = "0.1.0"
