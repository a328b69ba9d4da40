"""Acts on many records at once, kept so that each can be taken back as a whole."""
