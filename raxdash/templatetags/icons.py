"""Inline SVG icons and the menu's links. The drawings are ours: 24 × 24, two-pixel strokes."""

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.dots import Dot

register = template.Library()

DRAWINGS = {
    "logo": '<path d="M4 19V9m5 10V5m5 14v-7m5 7V8"/>',
    "playground": '<path d="M4 5h16v10H9l-5 4z"/><path d="M8 9h8M8 12h5"/>',
    "history": '<circle cx="12" cy="12" r="8"/><path d="M12 8v4l3 2"/>',
    "chart": '<path d="M4 20h16M6 16v-5m4 5V6m4 10v-8m4 8v-3"/>',
    "gauge": '<path d="M5 17a8 8 0 1 1 14 0"/><path d="m12 13 4-4"/>',
    "cube": '<path d="m12 3 8 4.5v9L12 21l-8-4.5v-9z"/><path d="m4 7.500 8 4.500 8-4.500M12 12v9"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8m-3 3 3 3"/>',
    "theme": '<circle cx="12" cy="12" r="8"/><path d="M12 4v16a8 8 0 0 0 0-16" fill="currentColor"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M5 20c1-4 4-5 7-5s6 1 7 5"/>',
    "people": '<circle cx="9" cy="8" r="3.500"/><path d="M3 19c.5-3.500 3-4.500 6-4.500s5.500 1 6 4.500"/>'
    '<path d="M15.500 5a3.500 3.500 0 0 1 0 6.500M17.500 15c2 .5 3 2 3.500 4"/>',
    "team": '<path d="M4 20V8l8-4 8 4v12M9 20v-6h6v6"/>',
    "settings": '<path d="M4 7h8m4 0h4M4 17h4m4 0h8"/>'
    '<circle cx="14" cy="7" r="2"/><circle cx="10" cy="17" r="2"/>',
    "leave": '<path d="M10 4H5v16h5M14 8l4 4-4 4m4-4H9"/>',
    "copy": '<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M16 8V4H4v12h4"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="1" fill="currentColor"/>',
    "play": '<path d="M7 5v14l12-7z" fill="currentColor"/>',
    "code": '<path d="m8 7-5 5 5 5m8-10 5 5-5 5M14 4l-4 16"/>',
    "more": '<path d="M5 12v.01M12 12v.01M19 12v.01" stroke-width="3"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "unfold": '<path d="m8 9 4-4 4 4M8 15l4 4 4-4"/>',
    "chevron": '<path d="m6 9 6 6 6-6"/>',
    "back": '<path d="m15 6-6 6 6 6"/>',
    "on": '<path d="m9 6 6 6-6 6"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "check": '<path d="m5 12.500 4.500 4.500L19 7.500"/>',
    "calendar": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4m8-4v4"/>',
    "thumb": '<path d="M4 11h4v9H4zM8 11l4-7c2 0 2.500 1.500 2 3l-.6 3H19l-2 10H8"/>',
    "star": '<path d="m12 4 2.400 5.200 5.600.6-4.200 3.800 1.200 5.600-5-2.900-5 2.900"/>'
    '<path d="m7 19.200 1.200-5.600L4 9.800l5.600-.6L12 4"/>',
    "bulb": '<path d="M9.500 16.500a5.500 5.500 0 1 1 5 0V18h-5zM10 21h4"/>',
    "info": '<circle cx="12" cy="12" r="8"/><path d="M12 11v5m0-8v.01"/>',
    "edit": '<path d="M5 19h3L19 8l-3-3L5 16zM14 7l3 3"/>',
    "up": '<path d="M12 19V5m-6 6 6-6 6 6"/>',
    "down": '<path d="M12 5v14m-6-6 6 6 6-6"/>',
    "download": '<path d="M12 4v11m-5-5 5 5 5-5M5 20h14"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "warning": '<path d="M12 4 3 20h18zM12 10v4m0 3v.01"/>',
    "refresh": '<path d="M19 8a8 8 0 1 0 1 6M20 4v5h-5"/>',
    "trash": '<path d="M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13"/>',
    "link": '<path d="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1"/>'
    '<path d="M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"/>',
}


@register.simple_tag
def icon(name: str, also: str = "") -> SafeString:
    """Return the drawing called `name`; it is decoration, hidden from screen readers.

    `also` names further classes, such as `chev`.
    """
    return mark_safe(  # noqa: S308  our own constants
        f'<svg class="icon{" " if also else ""}{also}" width="16" height="16" viewBox="0 0 24 24" '
        'fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
        f"{DRAWINGS[name]}</svg>"
    )


@register.simple_tag(takes_context=True)
def menu_link(
    context: Context, route: str, label: str, symbol: str, alone: bool = False, but: str = ""
) -> SafeString:
    """Return the menu's entry for a page of the team, with its dot where there is one.

    It is marked on that page and, unless `alone`, on pages under it, `but` those of an entry of their own.
    """
    address = reverse(route, args=[context["team"].slug])
    path = context["request"].path
    current = path == address if alone else path.startswith(address)
    if but and path.startswith(reverse(but, args=[context["team"].slug])):
        current = False
    return format_html(
        '<li><a class="side-link" href="{}"{}>{}<span>{}</span>{}</a></li>',
        address,
        mark_safe(' aria-current="page"') if current else "",
        icon(symbol),
        label,
        menu_dot(context["dots"].get(route)),
    )


def menu_dot(dot: Dot | None) -> SafeString:
    """Return a dot for eyes, and its words for everybody else."""
    if dot is None:
        return SafeString("")
    mark = '<span class="dot dot-bad"' if dot.is_wrong else '<span class="dot dot-warn"'
    rest = ' title="{}" aria-hidden="true"></span><span class="visually-hidden">: {}</span>'
    return format_html(mark + rest, f"{dot.words[0].upper()}{dot.words[1:]}", dot.words)
