"""Entrypoints: HTTP, pages and the command line."""
