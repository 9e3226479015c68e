"""The logs of live runs over Redis, where several web processes serve them.

With Redis gone a run goes on in the memory of its process."""
