"""One person written down twice: found, judged, merged, and taken apart again."""
