"""The image, run for real: `make image-test`, against whatever Docker is there.

A copy of this checkout is built and started as docs/deploy.md says, set up through a proxy on this machine,
used, stopped, killed, updated, backed up and restored; then once more as one container. Names, ports and
networks are its own, and nothing of it stays, also where it fails.
"""
