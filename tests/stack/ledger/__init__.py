"""An app of the tests alone, whose handlers write down that they were called."""
