"""What staff are employed as, and their leave: asked for, decided, counted."""
