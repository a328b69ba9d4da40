"""Load on a running demo: journeys of real users, each answer checked for whose it is."""
