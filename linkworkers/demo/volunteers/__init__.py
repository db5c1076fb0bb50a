"""The made-up volunteers of the demo, their clinics and what came of them."""
