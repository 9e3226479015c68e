"""The models page: when each was on offer, what changed, who sees and uses it, when it retires.

It asks the catalogue and the numbers of the usage page; an admin may type when a model retires."""
