"""Headers of what is answered beside Django: what its middleware sets elsewhere, as ASGI wants it."""

# Opened by itself it runs nothing and is framed by nobody, whatever is in it.
GUARDS = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]

EVENT_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # Compressing or buffering on the way would hold pieces back.
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    *GUARDS,
]
