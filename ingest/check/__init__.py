"""Lints the knowledge base: from its files alone, without an index, a model or a server."""
