"""ModelScope: fetching files through its client, in the background, checked and resumable."""
