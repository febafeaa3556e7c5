"""One module a source, or a kind of source: the lists that an unpacked archive holds."""
