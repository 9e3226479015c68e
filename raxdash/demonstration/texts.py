"""The longer texts of the demonstration: what was typed, and what was answered."""

SUPPORT = "You answer customers of an online shop: friendly, in short sentences, never inventing an order."
# How an order is to be answered, by an example.
ORDERS = (
    {"role": "user", "content": "Turn this into JSON: order 1040, one cap, not paid."},
    {
        "role": "assistant",
        "content": '{"order": 1040, "items": {"cap": 1}, "paid": false}',
    },
)
RELEASE = """## What is new in 4.2

| Area | Change | Who notices |
| --- | --- | --- |
| Checkout | Addresses are completed while typing | Customers |
| Search | Results in **40 ms** instead of 110 ms | Everybody |
| Invoices | One PDF for a month | Accounting |

Before the release:

1. Take a copy of the database.
2. Run `shop migrate --dry-run` and read what it says.
3. Tell support which answers change.

```python
def vat(net: Decimal, rate: Decimal = Decimal("0.19")) -> Decimal:
    \"\"\"What is added to a net price, to the cent.\"\"\"
    return (net * rate).quantize(Decimal("0.01"))
```

> Nothing has to be done by hand afterwards. If a page stays empty, reload it once.

- [x] Translated
- [x] Read by legal
- [ ] Sent to customers"""

SHOP = "You answer customers of {{shop}}: friendly, in short sentences, never inventing an order."
# What is asked of three models beside each other, with values filled in.
LETTER = """Answer {{customer}}, who writes:

> {{letter}}

In at most {{sentences}} sentences. Say what happens next, and when."""
LATE = {
    "customer": "Amira Haddad",
    "letter": "My parcel should have come on Tuesday, and the tracking page has said the same for four days.",
    "sentences": "four",
    "shop": "Northwind Tea",
}
