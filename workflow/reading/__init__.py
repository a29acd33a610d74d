"""From bytes to checked data: `yaml_text` reads YAML into nodes, `explain` checks nodes against a model."""
