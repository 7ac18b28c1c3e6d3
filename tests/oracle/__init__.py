"""A second, independent answer to every question: graphql-core executes the schema over rows held in Python.

Nothing here knows an entity by name. What the areas declare is read from the catalogue, and the SQL expressions of
their row functions are interpreted over Python rows: an area either works or `NotImplementedError` says which node of
SQL the interpreter lacks. The planner, its bindings and everything under `sql` are what is being judged, so nothing
here imports them.

    expressions, functions   SQL expressions over Python rows
    tables                   the rows
    declarations, sight      what the catalogue declares, interpreted; which rows a caller sees, by `decide.enforce`
    pages, execution         connections and cursors; the resolvers
    worlds                   random rows and grants
    operations, writing      random operations, and their text
    arena                    the service in this process, beside the oracle, over one database
"""
