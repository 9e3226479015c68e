"""Our own mutants: small lies told in the central code, each with the tests that must find it out."""
