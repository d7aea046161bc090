"""What agents and the server agree on: messages, topics, metrics and how a settings file is read."""

VERSION = "0.1.0"
