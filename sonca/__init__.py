"""The front door: the sonca command, the server's settings file, sonca up and the simulator."""
