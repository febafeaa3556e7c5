"""Files whole or not at all, and files and JSON that anybody may have made."""
