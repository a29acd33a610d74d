"""What stands before every route: whose host, whose form, how large, how well formed; and the headers."""
