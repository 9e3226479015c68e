"""What the simulated models say: the same for the same prompt, about its words, in prose or as code."""
