"""The last pass to the screen: projectors, warp, displays, the operator's keyboard."""
