"""Commands that read the record: status, facts, dead letters, evidence, anchors."""
