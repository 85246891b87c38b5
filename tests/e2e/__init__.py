"""Real admission: an API server with Gatekeeper or OPA behind it. `make e2e` runs these."""
