"""A simulated school: devices that speak like real agents through the same broker, marked as simulated everywhere."""
