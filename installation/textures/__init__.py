"""Generated pictures: the network, its latent walk, the background thread, and what stands in for them."""
