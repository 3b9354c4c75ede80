"""How the server is put together: settings, addresses, the way in for the web server."""
