"""The server that comes with the service: made, started, watched and stopped with it."""
