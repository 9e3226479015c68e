"""The quota page: keys in groups, what runs out first, and all that is known of one key's limits.

It asks quotas, forecasts and rollups, works out what people are told, and draws it as SVG."""
