"""The words of the command line, and what they say of tokens."""
