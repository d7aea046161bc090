"""The history of the register's tables, run by Register.open()."""
