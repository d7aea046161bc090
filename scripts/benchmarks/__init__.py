"""What SonCa costs, measured on real processes over loopback; scripts/bench is the door."""
