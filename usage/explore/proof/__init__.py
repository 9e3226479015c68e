"""What a page may claim of its numbers, and why: compared with what the provider last told.

It asks sheets, and the books for closed and open periods."""
