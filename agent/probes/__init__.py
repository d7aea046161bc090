"""One file per probe; PROBES in agent/probes/registry.py lists them all."""
