"""Every page of the registry, looked at as each role, in both themes, at both widths."""
