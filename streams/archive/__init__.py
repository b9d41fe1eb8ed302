"""Archives of topics: every record as it was received, in files by day and site, with a manifest.

An archive is a folder. ``manifest.jsonl`` is a journal that names what counts: a file, or the end of one,
that no checkpoint in it covers was being written when its writer ended, and is taken away by the next.
"""
