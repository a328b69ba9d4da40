"""Students who go to another school, and those who come from one: both heads agree, and a sealed package goes along."""
