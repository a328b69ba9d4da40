"""HTTP and JSON door for integrators."""
