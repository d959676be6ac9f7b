"""Long work: queued, done beside the page, and gone on with after a restart."""
