"""What is composed of several domains: home pages, the student directory, settings, search."""
