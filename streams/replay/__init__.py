"""Replay: pages of the past through today's coder. Select, plan, then run.

A source yields the pages that were received; a target takes them: the live pipeline, a shadow of it, or
files. Every run is planned first, can be killed and resumed, and is recorded.
"""
