"""From one school year into the next, in one sweep: planned, looked at, carried out, and undone if need be."""
