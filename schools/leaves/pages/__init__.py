"""The pages of employment and leave."""
