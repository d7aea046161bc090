"""The documents that a principal signs: the report on equipment and connectivity, and the proposal of purchases."""
