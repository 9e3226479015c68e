"""What every page has, whichever app's it is: frame, messages, troubles, errors, the way to the sign-in."""
