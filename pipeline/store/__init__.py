"""The PostgreSQL store: roles, connections and one module per kind of thing that is kept."""
