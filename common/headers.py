"""Headers of what is answered beside Django: what its middleware sets elsewhere, as ASGI wants it."""

# What no page of ours ever asks a browser for.
REFUSED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES)

# Marks what raxdash itself answered. A page takes nothing else for an answer (static/common/answers.js):
# proxies and networks on the way answer too, with pages of their own.
ANSWERED_BY = ("X-Answered-By", "raxdash")

# Opened by itself it runs nothing and is framed by nobody, whatever is in it; no other site embeds it.
GUARDS = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS_POLICY.encode()),
    (ANSWERED_BY[0].lower().encode(), ANSWERED_BY[1].encode()),
]

EVENT_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # Compressing or buffering on the way would hold pieces back.
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    *GUARDS,
]
