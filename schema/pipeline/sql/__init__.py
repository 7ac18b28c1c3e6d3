"""Plan -> one SQL statement. Pure; only this folder assembles statements."""
