"""Where providers call back: no session, no key, a token in the address; stored before it is believed."""
