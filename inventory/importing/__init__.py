"""Lists of assets come in: XLSX, CSV or YAML, with Vietnamese or English headers, all rows or none."""
