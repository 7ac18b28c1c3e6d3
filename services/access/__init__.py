"""Accounts 账号, credentials, sessions, and grants 授权 at seats."""
