"""Operation, catalogue and scopes become a frozen plan. Nothing here waits or reads."""
