"""What guardians say of themselves and their children: proposals that the office decides, and the yearly check."""
