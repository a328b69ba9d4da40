"""Users, roles, sessions: who somebody is inside one school."""
