"""What a worker is besides its tasks: its pulse and beat, its queue, its settings, and when it must end."""
