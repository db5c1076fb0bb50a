"""The open directory of services."""
