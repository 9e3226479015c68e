"""What any app needs, and that knows none of them."""
