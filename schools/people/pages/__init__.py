"""The pages about students, guardians, households and staff."""
