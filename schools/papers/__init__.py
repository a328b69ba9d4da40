"""What the school prints and signs: ID cards, letters and certificates, labels; and how a stranger verifies them."""
