"""What pages and JSON show, worked out from stored rows: pure, without a clock, a database or a language."""
