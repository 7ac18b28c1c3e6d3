"""Alembic's entry: runs the migrations on the connection `services.storage.database.migrate` hands over."""

from alembic import context

from services.storage import roles  # noqa: F401 (every table registers in METADATA with what it imports)
from services.storage.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
