"""Several cameras, each on a machine of its own: what they tell, and how one show sees with them."""
