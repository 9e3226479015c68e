"""What a live run has said so far, for any number of readers, and how they wait for more."""
