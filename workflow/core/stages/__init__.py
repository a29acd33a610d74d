"""The kinds of stage, a room each: a kind brings the actions, the form fields, the checks and the outcomes."""
