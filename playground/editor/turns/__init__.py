"""The turns of a conversation as a page shows them: branches, versions, what is said beside each."""
