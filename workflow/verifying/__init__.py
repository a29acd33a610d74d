"""The rooms of `workflow.verify`: each checks one thing and says what it found."""
