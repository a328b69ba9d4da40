"""The import engine: upload, map, dry run, import, undo. Domains register what can be imported."""
