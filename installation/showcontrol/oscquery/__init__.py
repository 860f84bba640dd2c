"""OSCQuery: what can be heard and changed, for programs that ask."""
