"""JSON API and the live page of rooms."""
