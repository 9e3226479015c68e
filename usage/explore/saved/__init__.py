"""Views of the usage page that people keep: their menu, their pages and deeds, and where one starts.

It asks what a question is and the models; the page shows the menu."""
