"""One `.safetensors`: what it holds, written canonically, read without trust."""
