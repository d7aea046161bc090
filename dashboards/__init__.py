"""Grafana boards (not built yet) and their provisioning."""
