"""The series store (SQLite or InfluxDB) behind one protocol of named queries, and the relational state."""
