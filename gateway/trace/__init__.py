"""OpenTelemetry: what an auditor reads about times and states, never about persons."""
