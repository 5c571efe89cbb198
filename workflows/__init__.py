"""The law of the field as definitions and guards: which steps a case may take, and why not."""
