"""Requests for a person: accepted, routed, delivered, answered."""
