"""What is true, and how it changes: tables, invariants and commands. Knows no GraphQL, no HTTP, no Casbin."""
