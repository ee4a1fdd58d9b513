"""What is drawn: one module a kind of figure, and the style they share. Only notebooks call them."""
