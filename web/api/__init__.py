"""The JSON API: what programs send and get, and the way from a body to `advance` and back."""
