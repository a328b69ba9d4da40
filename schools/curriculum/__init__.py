"""What is taught when: curricula in versions, options that students choose, and courses with credits."""
