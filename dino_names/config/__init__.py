"""Every choice once: the options with their bounds and help, the presets, the shapes they imply."""
