"""How a question becomes one statement, a room a stage.

http > run > document | sql > plan: each imports only from those to its right.
"""
