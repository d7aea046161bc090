"""Alembic's entry: runs the migrations on the connection that State.open() hands over."""

from alembic import context

from collector.store.state_tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
