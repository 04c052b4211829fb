"""Banks in databases: SQLite, PostgreSQL, MariaDB."""
