"""Do these numbers make sense as customers? One module a kind of damage."""
