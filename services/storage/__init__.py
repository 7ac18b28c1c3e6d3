"""PostgreSQL: connections, transactions, what tables and commands of every area share."""
