"""What a worker is besides its tasks: its pulse and beat, its queue, and when it must end."""
