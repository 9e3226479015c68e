"""What a member types is kept until it is sent, with what it was before."""
