"""The commands themselves, named as they are typed."""
