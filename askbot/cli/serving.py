"""`askbot mcp`."""

from __future__ import annotations

from askbot.cli.context import Options, open_bot


def mcp_command(options: Options) -> None:
    """Serve over stdio until the client leaves.

    Raises:
        UsageError: the mcp extra is not installed; StoreError, EncoderError and their kind.
    """
    from askbot.mcp.server import serve

    serve(open_bot(options.settings()))
