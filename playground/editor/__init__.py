"""The page on which prompts are written and run: its form, its turns, how a run starts.

It hands runs to `live` and shows what `streams` sends."""
