"""Grading scales, assessments, marks."""
