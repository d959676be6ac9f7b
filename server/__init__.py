"""HTTP beside the page: REST routes, limits, sign-in and metrics."""
