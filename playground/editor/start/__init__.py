"""From a form to a run: what is wished, composed, looked at before, written and begun."""
