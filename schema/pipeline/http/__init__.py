"""Requests in and responses out, by HTTP and by WebSocket; who asks; what is served beside GraphQL."""
