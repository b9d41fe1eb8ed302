"""The live page: events as they arrive, read from their topics and shown in a browser. It only reads."""
