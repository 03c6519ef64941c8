"""Runs migrations in the transaction that ``Database.migrate`` has begun. Nothing is run without a database."""

from alembic import context

from aboveline.store.schema import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
