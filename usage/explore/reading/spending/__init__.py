"""What was used, priced: exactly key by key and model by model, then in whole coins that add up."""
