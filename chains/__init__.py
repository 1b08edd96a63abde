"""A question in, a verified reply out."""
