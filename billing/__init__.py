"""Money that moves: what schools owe the platform and what families owe schools."""
