"""Commands that fit the small models the system ships, from sets in the neutral format."""
