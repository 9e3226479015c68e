"""The playground's pages: one view per page or deed."""
