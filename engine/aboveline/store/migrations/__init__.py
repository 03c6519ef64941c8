"""The steps by which tables came to be as they are, for Alembic. A step that was released is never changed."""
