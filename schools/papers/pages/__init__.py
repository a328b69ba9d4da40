"""The pages of papers: what is printed, letters, and the way a stranger verifies them."""
