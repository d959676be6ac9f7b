"""What each tab does, arrays in and arrays out. Nothing here knows a page or a web server."""
