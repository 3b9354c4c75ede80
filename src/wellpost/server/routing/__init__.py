"""Who of the practice does what about a conversation: pools, tasks, notes, drafts, lists."""
