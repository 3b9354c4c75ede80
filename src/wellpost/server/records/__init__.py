"""What happened in care: visits, uses of the portal, data from home, access granted."""
