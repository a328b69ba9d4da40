"""What few may know of a student, who looked at it, what the guardians consent to, and the papers in the file."""
