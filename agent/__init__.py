"""Runs in the classroom: probes, keeps what it measured until the collector has it, and stays light.

Imports the standard library, paho-mqtt, psutil, pyyaml and contract/ only.
"""
