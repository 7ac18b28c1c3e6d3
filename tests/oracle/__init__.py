"""A second, independent answer to every question: graphql-core executes the schema over rows held in Python.

Nothing here knows an entity by name. What the areas declare is read from the catalogue, and the SQL expressions of
their row functions are interpreted over Python rows: an area either works or `NotImplementedError` says which node of
SQL the interpreter lacks. The planner, its bindings and everything under `sql` are what is being judged, so nothing
here imports them.

    dispatch, expressions, functions   SQL expressions over Python rows
    selects, aggregates                selects over them
    tables                             the rows
    declarations, sight, decisions     what the catalogue declares, interpreted; what a caller sees, by `decide.enforce`
    pages, numbers, execution          connections and cursors; counts; the resolvers
    accesses                           who may do what: every seat of everyone, tried on the row
    worlds, rows                       random units, accounts and grants; random rows of every other table
    pools, values                      what arguments are made of
    operations, writing, walks         random operations and their text; pages one after the other
    sweeps                             operations that leave nothing out
    attempts                           inputs of commands
    arena                              the service in this process, beside the oracle, over one database
"""
