"""The upgrade plan: why a device needs something, what can be done about it, and what the money of each year buys."""
