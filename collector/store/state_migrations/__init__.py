"""The history of the relational state's tables, run by State.open()."""
