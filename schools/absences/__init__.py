"""Absences known beforehand: guardians ask, the school decides, registers start from the answer."""
