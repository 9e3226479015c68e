"""What every request passes beside Django: bounds, believed proxies, refusals, what browsers may keep."""
