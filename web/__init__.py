"""The pages and the JSON API. Nothing else in the project imports this package."""
