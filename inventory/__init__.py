"""The register: site, rooms and devices, and what they should reach."""
