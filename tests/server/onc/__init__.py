"""The ONC test deck for 170.315(g)(2), played through the server's own actions, pages and API."""
