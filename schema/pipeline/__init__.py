"""How a question becomes one statement, a room a stage: http, run, document, plan, sql. Each imports only downwards."""
