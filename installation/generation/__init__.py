"""Generated pictures: the networks, their background threads, and what stands in for them."""
