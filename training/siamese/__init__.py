"""How the weights of Sightline's Siamese follower are made."""
