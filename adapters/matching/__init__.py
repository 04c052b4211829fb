"""Match names, dates and documents across scripts, calendars and spellings; pure functions."""
