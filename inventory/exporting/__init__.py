"""The register goes out: as a workbook or a table that comes in again unchanged, for GLPI, and as open data."""
