"""Alembic's entry: runs the migrations on the connection `services.database.migrate` hands over."""

from alembic import context

from services import access, appointments, audit, captains, catalog  # noqa: F401 (their tables register in METADATA)
from services.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
