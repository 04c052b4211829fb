"""One folder per kind of bank; the registry alone knows them all."""
