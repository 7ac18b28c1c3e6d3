"""Plans and commands are run: reading, writing, and reading again what changed."""
