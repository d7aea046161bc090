"""Takes what agents send, checks it, stores it, and knows who is present."""
