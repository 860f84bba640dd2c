"""What the artist runs offline. The only importer of torch; nothing at run time imports this package."""
