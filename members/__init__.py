"""People, workplaces and posts; later membership, learning, communities and listings."""
