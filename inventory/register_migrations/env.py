"""Alembic's entry: runs the migrations on the connection that Database.open() hands over."""

from alembic import context

from inventory.register_tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,  # the collector's state, in the same database, has a history of its own
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
