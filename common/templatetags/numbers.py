"""Numbers as people read them: 1,234,567 or 1.2 M."""

from decimal import ROUND_HALF_EVEN, Decimal

from django import template

register = template.Library()

UNITS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k"))
# Of a thousand each, as settings and disks count them.
SIZES = ((10**9, "GB"), (10**6, "MB"), (10**3, "KB"))


@register.filter
def grouped(number: int | None) -> str:
    """`1,234,567`; a dash for none."""
    return "–" if number is None else f"{number:,}"


@register.filter
def compact(number: int | None) -> str:
    """Three digits at most: `1.2 M`, `999 k`, `950`; a dash for none."""
    if number is None:
        return "–"
    for place, (size, unit) in enumerate(UNITS):
        if abs(number) >= size:
            rounded = shortened(number, size)
            if abs(rounded) >= 1000 and place:
                bigger, unit = UNITS[place - 1]
                rounded = shortened(number, bigger)
            return f"{rounded:,f} {unit}"
    return str(number)


def shortened(number: int, size: int) -> Decimal:
    """`number` in units of `size`, with one decimal below 100, none where it is zero."""
    quotient = Decimal(number) / size
    digits = Decimal("0.1") if abs(quotient) < Decimal("99.95") else Decimal(1)
    rounded = quotient.quantize(digits, rounding=ROUND_HALF_EVEN)
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded


@register.filter
def file_size(size: int) -> str:
    """So many bytes: `20 MB`, `1.2 KB`, `950 bytes`. Every size that is said is said by this."""
    for unit, name in SIZES:
        # What rounds to a thousand of the smaller unit is one of this.
        if size >= unit - unit // 20_000:
            return f"{shortened(size, unit):,f} {name}"
    return "1 byte" if size == 1 else f"{size} bytes"


@register.filter
def percent(share: float | None) -> str:
    """`99.2 %`; never 100 % for less or more, nor 0 % for something."""
    if share is None:
        return "–"
    if 0 < abs(share) < 0.1:
        return "< 0.1 %" if share > 0 else "> \N{MINUS SIGN}0.1 %"
    if 99.9 < share < 100:
        return "> 99.9 %"
    if 100 < share < 100.1:
        return "> 100 %"
    return f"{share:,.1f} %".replace(".0 %", " %").replace("-", "\N{MINUS SIGN}")


@register.filter
def of_hundred(share: float | None) -> float:
    """A share of 1 as a percentage; nothing for none."""
    return 0.0 if share is None else 100 * share


@register.filter
def bar_width(share: float | None) -> str:
    """A share of 1 as the width of a bar of 100, at least a sliver where there is something."""
    width = min(max(of_hundred(share), 0.0), 100.0)
    return f"{max(width, 0.5) if share else width:.2f}"
