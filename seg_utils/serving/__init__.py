"""A model behind a door: one customer or many by HTTP, and a page for people. Only here is FastAPI imported."""
