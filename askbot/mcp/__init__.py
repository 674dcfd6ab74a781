"""An MCP server: an assistant can ask the indexed pages and gets checked answers."""
