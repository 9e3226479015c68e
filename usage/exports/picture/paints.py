"""How what a figure draws is painted on paper, by its look or its name: in the colours of a light page."""

from usage.explore.sheet.palette import colour

INK, INK_2, INK_3, LINE = "#171b21", "#57606c", "#656e7a", "#e3e6ea"
SURFACE, ACCENT, BAD, BAD_INK = "#ffffff", "#0f6cbd", "#d13b3b", "#9b1c1c"

type Paint = dict[str, str | float]

# What lies behind the bars, and what stands before them.
SHAPES: dict[str, Paint] = {
    "weekend": {"fill": INK_2, "fill_opacity": 0.06},
    "today": {"fill": ACCENT, "fill_opacity": 0.06},
    "stem": {"fill": "none", "stroke": INK_2},
    "stretch": {"fill": INK_3, "fill_opacity": 0.08, "stroke": INK_3},
    "limit": {"fill": "none", "stroke": BAD},
    "crossing": {"fill": "none", "stroke": INK_2},
}
LINES: dict[str, Paint] = {
    "compared": {"fill": "none", "stroke": INK, "stroke_opacity": 0.55},
    "halo": {"fill": "none", "stroke": SURFACE, "stroke_opacity": 0.7},
    "past": {"fill": "none", "stroke": INK_2},
    "middle": {"fill": "none", "stroke": ACCENT},
    "veil-lighter": {"fill": SURFACE, "fill_opacity": 0.5},
    "veil-slashed": {"fill": "url(#slashes)"},
    "range": {"fill": ACCENT, "fill_opacity": 0.16},
}
DASHES = {"dash": "9 5", "dot": "2 3"}
# Slashes of the ground over a bar, and of ink where nobody saw anything.
PATTERNS = "".join(
    f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{ground}" fill-opacity="{strength}"/>'
    f'<rect width="{width}" height="6" fill="{ink}"/></pattern>'
    for name, ground, strength, ink, width in (
        ("slashes", SURFACE, 0, SURFACE, 2.4),
        ("hatches", INK_3, 0.08, INK_3, 1.1),
    )
)
# Dots of the ground over what was told for whole days.
PATTERNS += (
    '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<circle cx="3" cy="3" r="1.3" fill="{SURFACE}" fill-opacity="0.7"/></pattern>'
)


def worn(look: str, number: int | str) -> list[Paint]:
    """The coats that a bar of a series wears, one over the other, by how its bucket was seen."""
    own = colour(number).light
    match look:
        case "lighter":
            return [{"fill": own, "fill_opacity": 0.5}]
        case "outlined":
            return [{"fill": own, "fill_opacity": 0.12, "stroke": own, "stroke_width": 1.5}]
        case "slashed":
            return [{"fill": own}, {"fill": "url(#slashes)"}]
        case "dotted":
            return [{"fill": own}, {"fill": "url(#dots)"}]
        case "hatched":
            return [{"fill": "url(#hatches)"}]
    return [{"fill": own}]
