"""The event stream from live runs to a page: tickets, readers, what each is sent.

It reads the logs of live runs, and starts nothing."""
