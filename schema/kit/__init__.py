"""The words an area describes itself with. They import nothing else of schema."""
