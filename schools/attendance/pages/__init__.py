"""Registers, the state of a day, the office's codes and the school's rules, as pages."""
