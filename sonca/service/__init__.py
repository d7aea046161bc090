"""SonCa as a service: what the machine starts by itself when it has power again."""
