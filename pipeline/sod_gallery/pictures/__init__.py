"""Pictures: masks, cut-outs, composites and web sizes, and the bytes of their files."""
