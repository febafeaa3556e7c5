"""How good a model is: on names it has not seen, beside an n-gram, and by the names it invents."""
