"""A file goes in, a verified document in the store comes out."""
