"""What the product costs, as ratios against a bare counterpart measured in turns with it."""
