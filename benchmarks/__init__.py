"""Every figure that the README claims, beside a peer where there is one, each with its command."""
