"""Hashing one password takes a twelfth of a second of a processor, on purpose; the tests' hundreds take next to none.

Imported before anything is hashed, here and where services are forked. What a hash costs the service is held by
tests/signin/test_endings.py.
"""

from argon2 import PasswordHasher

from services.access import passwords

REAL = passwords.HASHER
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
