"""Renders broker configuration from contract.topics.ACCESS, makes users, starts the embedded broker."""
