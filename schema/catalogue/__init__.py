"""The areas linked, checked once at start-up, and made into Strawberry's types."""
