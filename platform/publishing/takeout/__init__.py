"""All that a tenant has: as a zip of Markdown, pictures and JSON; landed elsewhere; erased, with a proof."""
