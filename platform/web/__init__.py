"""The look: base templates, components and static files that every page of a school and of the console wears."""
